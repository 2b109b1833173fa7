import { messageOf } from '../../src/base/app-error.ts';
import { dumpSockets } from '../../src/linux/inet-diag/dump-sockets.ts';
import { openTables } from '../../src/linux/proc/open-tables.ts';
import { isHeading, parseSocket, type Socket } from '../../src/linux/proc/parse-socket.ts';
import { readLines } from '../../src/linux/proc/read-lines.ts';
import type { Search } from './host.ts';
import { isInRange } from './ip-range.ts';
import type { View } from './read-views.ts';

/** A socket that answers a query. */
export interface FoundSocket {
  readonly kind: 'connectedip' | 'listeningport';
  readonly query: string;
  readonly namespace: string;
  readonly socket: Socket;
}

const tables = ['tcp', 'tcp6', 'udp', 'udp6'] as const;
type Table = (typeof tables)[number];
const dumps = {
  tcp: { protocol: 'tcp', family: 4 },
  tcp6: { protocol: 'tcp', family: 6 },
  udp: { protocol: 'udp', family: 4 },
  udp6: { protocol: 'udp', family: 6 },
} as const;

/** Answers connectedip and listeningport in one namespace; each table is read once for all queries. A table that is missing is a protocol switched off. */
export async function findSockets(search: Search, view: View, onFound: (found: FoundSocket) => void): Promise<void> {
  const { queries, problems } = search;
  if (queries.connectedip.length === 0 && queries.listeningport.size === 0) return;
  const onSocket = (socket: Socket): void => matchSocket(search, view, socket, onFound);
  try {
    const asked = await askKernel(search, view, onSocket);
    const others = tables.filter((table) => !asked.has(table));
    if (others.length > 0) await readTables(search, view, others, onSocket);
  } catch (error) {
    problems.add(`sockets could not be read: ${messageOf(error)}`);
  }
}

/** The tables that the kernel told by netlink, many times faster than by text. It tells them of the own namespace only. */
async function askKernel(
  { host, problems, pace }: Search,
  view: View,
  onSocket: (socket: Socket) => void,
): Promise<ReadonlySet<Table>> {
  const asked = new Set<Table>();
  if (!view.isOwn || !host.openNetlink) return asked;
  for (const table of tables) {
    const { isThere, skipped } = await dumpSockets(host.openNetlink, dumps[table], onSocket, pace);
    if (isThere) asked.add(table);
    problems.skip(`net/${table}`, skipped);
  }
  return asked;
}

async function readTables(
  { problems, pace }: Search,
  view: View,
  names: readonly Table[],
  onSocket: (socket: Socket) => void,
): Promise<void> {
  using open = openTables(view.folders, names);
  if (!open && view.isOwn) problems.add(`${view.folders[0]}/${names[0]} could not be read: there is no such file`);
  for (const [table, file] of open?.files ?? []) {
    const onLine = (line: string): void => {
      const socket = parseSocket(line, dumps[table].protocol);
      if (socket) onSocket(socket);
      else if (line !== '' && !isHeading(line)) problems.skip(`net/${table}`);
    };
    await readLines(file, onLine, pace);
  }
}

function matchSocket(
  { queries, findings }: Search,
  { namespace }: View,
  socket: Socket,
  onFound: (found: FoundSocket) => void,
): void {
  findings.examine();
  if (isListening(socket)) {
    for (const query of queries.listeningport.get(socket.localPort) ?? []) {
      onFound({ kind: 'listeningport', query, namespace, socket });
    }
  }
  if (!hasPeer(socket)) return;
  for (const { query, range } of queries.connectedip) {
    if (isInRange(socket.remoteAddress, range)) onFound({ kind: 'connectedip', query, namespace, socket });
  }
}

/** TCP: waits for connections. UDP: bound to a port and takes datagrams from anyone. */
export function isListening(socket: Socket): boolean {
  return socket.protocol === 'tcp' ? socket.state === 'LISTEN' : socket.localPort !== 0 && !hasPeer(socket);
}

export function hasPeer(socket: Socket): boolean {
  return socket.state !== 'LISTEN' && hasAddress(socket.remoteAddress);
}

/** False for the address that means none: all zero. */
export function hasAddress(hex: string): boolean {
  return hex !== '00000000' && /[^0]/.test(hex);
}
