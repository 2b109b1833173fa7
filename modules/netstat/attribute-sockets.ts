import { messageOf } from '../../src/base/app-error.ts';
import { readSocketOwners, type SocketOwner } from '../../src/linux/proc/read-socket-owners.ts';
import { readUsers } from '../../src/linux/read-users.ts';
import type { Item, Owner } from './elements.ts';
import { hasAddress, type FoundSocket } from './find-sockets.ts';
import type { Search } from './host.ts';

/** The item of a socket, without its processes. */
export function itemOf({ socket, namespace }: FoundSocket, formatAddress: (hex: string) => string): Item {
  const { protocol, state, localPort: localport } = socket;
  const localaddr = formatAddress(socket.localAddress);
  const item: Item = hasAddress(socket.remoteAddress)
    ? {
        localaddr,
        localport,
        remoteaddr: formatAddress(socket.remoteAddress),
        remoteport: socket.remotePort,
        namespace,
        protocol,
      }
    : { localaddr, localport, namespace, protocol };
  // An unconnected UDP socket is in CLOSE for the kernel, which would mislead.
  return protocol === 'tcp' || state === 'ESTABLISHED' ? { ...item, state } : item;
}

/** Adds the found sockets to the findings with the processes that hold them; the descriptors of all processes are read once for all of them. */
export async function addWithOwners(search: Search, found: readonly FoundSocket[]): Promise<void> {
  if (found.length === 0) return;
  const { host, findings, problems, formatAddress } = search;
  const { owners, hidden } = await readOwners(search, found);
  const users = readUsers(host.passwdFile);
  const nameOf = (uid: number): string => users.get(uid) ?? String(uid);
  const unknown = new Set<string>();
  for (const one of found) {
    const { inode, uid } = one.socket;
    const [first, ...others] = (owners.get(Number(inode)) ?? []).map((owner) => toOwner(owner, nameOf));
    if (!first && inode !== '0') unknown.add(inode);
    // A socket that no process holds any more says user 0, whoever it was.
    const owner = first ?? (inode === '0' ? {} : { user: nameOf(uid) });
    findings.add(one.kind, one.query, {
      ...itemOf(one, formatAddress),
      ...owner,
      ...(others.length === 0 ? {} : { sharedwith: others }),
    });
  }
  if (hidden > 0 && unknown.size > 0) {
    problems.add(
      `the processes behind ${unknown.size} ${unknown.size === 1 ? 'socket' : 'sockets'} could not be seen, which needs root with CAP_SYS_PTRACE`,
    );
  }
}

async function readOwners(search: Search, found: readonly FoundSocket[]): ReturnType<typeof readSocketOwners> {
  const inodes = new Set(found.map(({ socket }) => Number(socket.inode)));
  inodes.delete(0);
  try {
    if (inodes.size > 0) {
      const { procFolder, readLinks } = search.host;
      return await readSocketOwners(inodes, { procFolder, readLinks, pace: search.pace });
    }
  } catch (error) {
    search.problems.add(`the processes behind sockets could not be read: ${messageOf(error)}`);
  }
  return { owners: new Map(), hidden: 0 };
}

function toOwner({ pid, name, uid }: SocketOwner, nameOf: (uid: number) => string): Owner {
  return { pid, process: name, user: nameOf(uid) };
}
