import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isDenied } from '../errno.ts';
import type { Pace } from '../../base/pace.ts';
import { readProcessIds } from './read-processes.ts';

/** A network namespace that a process lives in. */
export interface NetworkNamespace {
  /** The text of the link, namespaces(7): "net:[4026531833]". */
  readonly name: string;
  /** Names in /proc to look through, best first: "self" or a process id. The others serve when a process ends. */
  readonly processes: readonly string[];
}

const maxProcessesPerNamespace = 16;

/**
 * The network namespaces of all processes, the reader's own first. `hidden` counts processes whose namespace the kernel does not tell
 * (ptrace access, proc(5)). Throws what reading the folder throws (errno).
 */
export async function readNetworkNamespaces(options: {
  readonly procFolder: string;
  readonly pace: Pace;
}): Promise<{ readonly namespaces: readonly NetworkNamespace[]; readonly hidden: number }> {
  const { procFolder, pace } = options;
  const namespaces = new Map<string, string[]>();
  let hidden = 0;
  for (const process of ['self', ...readProcessIds(procFolder).map(String)]) {
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) break;
    try {
      const name = readlinkSync(join(procFolder, process, 'ns/net'));
      const known = namespaces.get(name);
      if (!known) namespaces.set(name, [process]);
      else if (known.length < maxProcessesPerNamespace) known.push(process);
    } catch (error) {
      // Any other failure means that the process ended meanwhile, or is a zombie, which has no namespace.
      if (isDenied(error)) hidden++;
    }
  }
  return { namespaces: [...namespaces].map(([name, processes]) => ({ name, processes })), hidden };
}
