/**
 * Where a persistent module is asked: a unix socket, one line of parameters in, one line with the envelope out, then the connection is closed. A `stop`
 * line behind the parameters ends that query. Whatever a caller sends, or does not send or read, harms that caller alone.
 */
import { lstatSync, unlinkSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf, ModuleError } from '../../base/app-error.ts';
import { checkSocketPath } from '../../module/persist-socket.ts';
import { serveConnection, type Load } from './query-connection.ts';
import { type AnswerQuery, queryServerLimits, type QueryServerLimits } from './query-limits.ts';

export interface QueryServerOptions {
  readonly path: string;
  readonly answer: AnswerQuery;
  readonly limits?: QueryServerLimits;
}

export interface QueryServer {
  /** MIG's socket spec. */
  readonly spec: string;
  readonly connections: () => number;
  /** Takes no further connections and ends those there are. */
  readonly close: () => Promise<void>;
}

/** Listens, mode 0600; a socket that an earlier life left is replaced. Throws ModuleError SOCKET_INVALID, and what the system says. */
export async function openQueryServer(options: QueryServerOptions): Promise<QueryServer> {
  const { path, limits = queryServerLimits } = options;
  checkSocketPath(path);
  removeStale(path);
  const load: Load = { waiting: new Map(), open: new Set(), served: 0, inputBytes: 0, outputBytes: 0 };
  const server = createServer({ allowHalfOpen: true }, (socket) => accept(socket, load, options.answer, limits));
  await listen(server, path, limits.backlog);
  // Beyond the first error a server has nothing to say that its callers do not notice: without descriptors they wait.
  server.on('error', () => undefined);
  await chmod(path, 0o600);
  return {
    spec: `unix:${path}`,
    connections: () => load.open.size,
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of load.open) socket.destroy();
      await closed;
    },
  };
}

function accept(socket: Socket, load: Load, answer: AnswerQuery, limits: QueryServerLimits): void {
  const [longest] = load.waiting;
  if (load.served >= limits.connections && longest) longest[1]('too many connections, and its line was not complete');
  serveConnection(socket, load, answer, limits);
}

/** Bound while the umask hides it: between bind and chmod nobody else may connect. */
async function listen(server: Server, path: string, backlog: number): Promise<void> {
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  const umask = process.umask(0o177);
  try {
    server.listen({ path, backlog }, listening.resolve);
  } finally {
    process.umask(umask);
  }
  try {
    await listening.promise;
  } catch (error) {
    throw new ModuleError('SOCKET_INVALID', `cannot listen on ${path}: ${messageOf(error)}`, { cause: error });
  }
  server.off('error', listening.reject);
}

function removeStale(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw new ModuleError('SOCKET_INVALID', `expected a socket or nothing at ${path}, got something else`);
  unlinkSync(path);
}
