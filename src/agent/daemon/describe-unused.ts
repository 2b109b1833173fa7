import { dirname } from 'node:path';
import { readLockHolder } from './lock-holder.ts';
import { lockPathOf } from './run-folder.ts';

/** What came of the attempt to be served by the daemon of a socket: it did not answer, or what it or the system said. */
export type Refusal = { readonly kind: 'silent' | 'said'; readonly text: string };

/** Why a console is not served by the daemon of a socket, as the agent that serves in its stead tells it. Undefined where no daemon is there. */
export function describeUnused(socketPath: string, { kind, text }: Refusal): string | undefined {
  const folder = dirname(socketPath);
  if (text === 'EACCES' || text === 'EPERM')
    return `whatever agent runs in ${folder} may not be used by uid ${process.geteuid?.() ?? 'unknown'}`;
  const holder = readLockHolder(lockPathOf(folder));
  if (!holder) return undefined;
  const pid = holder.pid === 0 ? '' : ` (pid ${holder.pid})`;
  return `an agent holds ${folder}${pid}${kind === 'silent' ? ' and does not answer' : `: ${text}`}`;
}
