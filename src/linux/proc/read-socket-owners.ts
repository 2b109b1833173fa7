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
 * Who holds these sockets (by inode), lowest process id first; several processes can share one, and of one that nobody holds the list is empty. Looks through the descriptors of every process, a few
 * microseconds each. `hidden` counts processes whose descriptors the kernel does not show (ptrace access, proc(5)).
 * Throws what reading the folder throws (errno).
 */
export async function readSocketOwners(
  inodes: Iterable<number>,
  options: { readonly procFolder: string; readonly readLinks: ReadSocketLinks; readonly pace: Pace },
): Promise<{ readonly owners: ReadonlyMap<number, readonly SocketOwner[]>; readonly hidden: number }> {
  const { procFolder, readLinks, pace } = options;
  const nobody: SocketOwner[] = [];
  // One table of what is wanted and of what was found: every descriptor of the host is looked up in it.
  const owners = new Map<number, SocketOwner[]>();
  for (const inode of inodes) owners.set(inode, nobody);
  let hidden = 0;
  for (const pid of readProcessIds(procFolder)) {
    if (pace.signal.aborted) break;
    const folder = join(procFolder, String(pid));
    // Read only for a process that holds one of them, and one list for all that it holds alone.
    let alone: SocketOwner[] | undefined;
    const onInode = (inode: number): void => {
      const known = owners.get(inode);
      if (!known) return;
      alone ??= readOwner(pid, folder);
      const [owner] = alone;
      if (!owner || known.at(-1) === owner) return;
      if (known.length === 0) owners.set(inode, alone);
      else if (known.length === 1) owners.set(inode, [...known, owner]);
      else known.push(owner);
    };
    try {
      await readLinks(join(folder, 'fd'), onInode, pace);
    } catch (error) {
      // Any other failure means that the process ended meanwhile.
      if (isDenied(error)) hidden++;
    }
  }
  return { owners, hidden };
}

/** Empty for a process whose status says nothing. Throws what reading it throws (errno). */
function readOwner(pid: number, folder: string): SocketOwner[] {
  const status = parseStatus(readFileSync(join(folder, 'status'), 'utf8'));
  return status ? [{ pid, ...status }] : [];
}
