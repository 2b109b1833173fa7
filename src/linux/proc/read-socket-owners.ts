import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isDenied } from '../errno.ts';
import type { Pace } from '../../base/pace.ts';
import { parseStatus } from './parse-status.ts';
import { readProcessIds } from './read-processes.ts';

/** A process that holds a socket open. */
export interface SocketOwner {
  readonly pid: number;
  readonly name: string;
  /** The effective user. */
  readonly uid: number;
}

/**
 * Who holds these sockets (by inode), lowest process id first; several processes can share one. Looks through the descriptors of every process, about
 * 15 microseconds each. `hidden` counts processes whose descriptors the kernel does not show (ptrace access, proc(5)).
 * Throws what reading the folder throws (errno).
 */
export async function readSocketOwners(
  inodes: ReadonlySet<string>,
  options: { readonly procFolder: string; readonly pace: Pace },
): Promise<{ readonly owners: ReadonlyMap<string, readonly SocketOwner[]>; readonly hidden: number }> {
  const { procFolder, pace } = options;
  const owners = new Map<string, SocketOwner[]>();
  let hidden = 0;
  for (const pid of readProcessIds(procFolder)) {
    if (pace.signal.aborted) break;
    const folder = join(procFolder, String(pid));
    try {
      const held = await readHeldSockets(join(folder, 'fd'), inodes, pace);
      if (held.size === 0) continue;
      const status = parseStatus(readFileSync(join(folder, 'status'), 'utf8'));
      if (!status) continue;
      for (const inode of held) owners.set(inode, [...(owners.get(inode) ?? []), { pid, ...status }]);
    } catch (error) {
      // Any other failure means that the process ended meanwhile.
      if (isDenied(error)) hidden++;
    }
  }
  return { owners, hidden };
}

async function readHeldSockets(folder: string, inodes: ReadonlySet<string>, pace: Pace): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  for (const descriptor of readdirSync(folder)) {
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) break;
    const inode = readSocketInode(join(folder, descriptor));
    if (inode !== undefined && inodes.has(inode)) held.add(inode);
  }
  return held;
}

function readSocketInode(link: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1];
  } catch (error) {
    if (isDenied(error)) throw error;
    // The descriptor was closed after the folder was listed.
    return undefined;
  }
}
