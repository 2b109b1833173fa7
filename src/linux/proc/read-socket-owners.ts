import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDenied } from '../errno.ts';
import type { Pace } from '../../base/pace.ts';
import { parseStatus } from './parse-status.ts';
import { readProcessIds } from './read-processes.ts';
import type { ReadSocketLinks } from './read-socket-links.ts';

/** A process that holds a socket open. */
export interface SocketOwner {
  readonly pid: number;
  readonly name: string;
  /** The effective user. */
  readonly uid: number;
}

/**
 * Who holds these sockets (by inode), lowest process id first; several processes can share one. Looks through the descriptors of every process, a few
 * microseconds each. `hidden` counts processes whose descriptors the kernel does not show (ptrace access, proc(5)).
 * Throws what reading the folder throws (errno).
 */
export async function readSocketOwners(
  inodes: ReadonlySet<number>,
  options: { readonly procFolder: string; readonly readLinks: ReadSocketLinks; readonly pace: Pace },
): Promise<{ readonly owners: ReadonlyMap<number, readonly SocketOwner[]>; readonly hidden: number }> {
  const { procFolder, readLinks, pace } = options;
  const owners = new Map<number, SocketOwner[]>();
  let hidden = 0;
  for (const pid of readProcessIds(procFolder)) {
    if (pace.signal.aborted) break;
    const folder = join(procFolder, String(pid));
    const held = new Set<number>();
    const onInode = (inode: number): void => {
      if (inodes.has(inode)) held.add(inode);
    };
    try {
      await readLinks(join(folder, 'fd'), onInode, pace);
      if (held.size > 0) addOwner(owners, held, readOwner(pid, folder));
    } catch (error) {
      // Any other failure means that the process ended meanwhile.
      if (isDenied(error)) hidden++;
    }
  }
  return { owners, hidden };
}

function readOwner(pid: number, folder: string): SocketOwner | undefined {
  const status = parseStatus(readFileSync(join(folder, 'status'), 'utf8'));
  return status && { pid, ...status };
}

function addOwner(owners: Map<number, SocketOwner[]>, held: ReadonlySet<number>, owner: SocketOwner | undefined): void {
  if (!owner) return;
  for (const inode of held) {
    const known = owners.get(inode);
    if (known) known.push(owner);
    else owners.set(inode, [owner]);
  }
}
