import { messageOf } from '../../src/base/app-error.ts';
import { readSocketOwners, type SocketOwner } from '../../src/linux/proc/read-socket-owners.ts';
import { readUsers } from '../../src/linux/read-users.ts';
import type { Item, Owner } from './elements.ts';
import { hasAddress, type FoundSocket } from './find-sockets.ts';
import type { Search } from './host.ts';

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** The item of a socket, without its processes. Busy hosts have tens of thousands of them: it is written key by key, not put together from pieces. */
export function itemOf({ socket, namespace }: FoundSocket, formatAddress: (hex: string) => string): Writable<Item> {
  const { protocol, state } = socket;
  const item: Writable<Item> = { localaddr: formatAddress(socket.localAddress), localport: socket.localPort };
  if (hasAddress(socket.remoteAddress)) {
    item.remoteaddr = formatAddress(socket.remoteAddress);
    item.remoteport = socket.remotePort;
  }
  item.namespace = namespace;
  item.protocol = protocol;
  // An unconnected UDP socket is in CLOSE for the kernel, which would mislead.
  if (protocol === 'tcp' || state === 'ESTABLISHED') item.state = state;
  return item;
}

/** Adds the found sockets to the findings with the processes that hold them; the descriptors of all processes are read once for all of them. */
export async function addWithOwners(search: Search, found: readonly FoundSocket[]): Promise<void> {
  if (found.length === 0) return;
  const { host, findings, problems, formatAddress } = search;
  const { owners, hidden } = await readOwners(search, found);
  const users = readUsers(host.passwdFile);
  const nameOf = (uid: number): string => users.get(uid) ?? String(uid);
  const unknown = new Set<number>();
  for (const one of found) {
    const { inode, uid } = one.socket;
    const item = itemOf(one, formatAddress);
    const holders = owners.get(inode);
    if (holders && holders.length > 0) addHolders(item, holders, nameOf);
    else if (inode !== 0) {
      unknown.add(inode);
      // A socket that no process holds any more says user 0, whoever it was.
      item.user = nameOf(uid);
    }
    findings.add(one.kind, one.query, item);
  }
  if (hidden > 0 && unknown.size > 0) {
    problems.add(
      `the processes behind ${unknown.size} ${unknown.size === 1 ? 'socket' : 'sockets'} could not be seen, which needs root with CAP_SYS_PTRACE`,
    );
  }
}

function addHolders(item: Writable<Item>, [first, ...others]: readonly SocketOwner[], nameOf: NameOf): void {
  if (!first) return;
  item.pid = first.pid;
  item.process = first.name;
  item.user = nameOf(first.uid);
  if (others.length > 0) item.sharedwith = others.map((owner) => toOwner(owner, nameOf));
}

type NameOf = (uid: number) => string;

async function readOwners(search: Search, found: readonly FoundSocket[]): ReturnType<typeof readSocketOwners> {
  const inodes = found.flatMap(({ socket }) => (socket.inode === 0 ? [] : socket.inode));
  try {
    if (inodes.length > 0) {
      const { procFolder, readLinks } = search.host;
      return await readSocketOwners(inodes, { procFolder, readLinks, pace: search.pace });
    }
  } catch (error) {
    search.problems.add(`the processes behind sockets could not be read: ${messageOf(error)}`);
  }
  return { owners: new Map(), hidden: 0 };
}

function toOwner({ pid, name, uid }: SocketOwner, nameOf: NameOf): Owner {
  return { pid, process: name, user: nameOf(uid) };
}
