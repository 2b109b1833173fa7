import { messageOf } from '../../src/base/app-error.ts';
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

/** Answers connectedip and listeningport in one namespace; each table is read once for all queries. A table that is missing is a protocol switched off. */
export async function findSockets(search: Search, view: View, onFound: (found: FoundSocket) => void): Promise<void> {
  const { queries, problems, pace } = search;
  if (queries.connectedip.length === 0 && queries.listeningport.size === 0) return;
  try {
    using open = openTables(view.folders, tables);
    if (!open && view.isOwn) problems.add(`${view.folders[0]}/tcp could not be read: there is no such file`);
    for (const [table, file] of open?.files ?? []) {
      const protocol = table.startsWith('tcp') ? 'tcp' : 'udp';
      const onLine = (line: string): void => {
        const socket = parseSocket(line, protocol);
        if (socket) matchSocket(search, view, socket, onFound);
        else if (line !== '' && !isHeading(line)) problems.skip(`net/${table}`);
      };
      await readLines(file, onLine, pace);
    }
  } catch (error) {
    problems.add(`sockets could not be read: ${messageOf(error)}`);
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
  return socket.state !== 'LISTEN' && /[^0]/.test(socket.remoteAddress);
}
