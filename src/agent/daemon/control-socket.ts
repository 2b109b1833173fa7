/**
 * RUN/agent.sock: where consoles' links and requests come in.
 *
 *   connected --(not allowed)--> told why, closed
 *   connected --(first line)--> hello: a link | request: answered | anything else: told why, closed
 *   connected --(silent for 5 s, or the oldest of too many)--> closed
 *
 * A caller is who the kernel says (SO_PEERCRED), and harms no other: what has not said its first line holds a place of its own kind, and the places for
 * links are shared out by account.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { AgentError, AppError, messageOf } from '../../base/app-error.ts';
import { asObject } from '../../base/as-object.ts';
import type { Log } from '../../base/log.ts';
import { readPeerCredentials, type PeerCredentials } from '../../native/peer-credentials.ts';
import { type ControlRequest, formatControl, parseControlRequest } from '../../protocol/control.ts';
import { descriptorOf } from './descriptor-of.ts';
import { readFirstLine } from './read-first-line.ts';
import { sayLastWord } from './say-last-word.ts';

export interface ControlSocketOptions {
  readonly path: string;
  /** Besides root and the agent's own account. */
  readonly allowedUids: readonly number[];
  readonly log: Log;
  /** A console's link: everything it has sent is there to be read. Resolves when it is over. */
  readonly onLink: (socket: Socket, peer: string) => Promise<void>;
  /** A request: answers it. The connection is closed when it resolves. */
  readonly onRequest: (request: ControlRequest, caller: Caller) => Promise<void>;
  readonly limits?: Partial<SocketLimits>;
}

export interface Caller {
  /** What the system says of it: "uid 0". */
  readonly peer: string;
  readonly answer: (line: string) => void;
  /** Aborted when it has gone. */
  readonly signal: AbortSignal;
}

export interface ControlSocket {
  /** Connections in use: links and requests. */
  readonly connections: () => number;
  /** No more are accepted; those that are there go on. The socket's name is gone. */
  readonly stopAccepting: () => void;
  /** Ends what is left. */
  readonly close: () => Promise<void>;
}

export interface SocketLimits {
  readonly firstLineMs: number;
  /** How many may be silent at once, in use at once, and in use by one account that is not root's or the agent's own. */
  readonly silent: number;
  readonly used: number;
  readonly usedByOne: number;
  /** How long a last word may take to be read. */
  readonly lastWordMs: number;
}

/** How long more than that many may be silent. */
const thinMs = 50;
/** Of each minute. */
const dismissalsLogged = 20;
/** Connections that the kernel holds until they are accepted. */
const backlog = 1024;

const defaultLimits: SocketLimits = { firstLineMs: 5000, silent: 128, used: 256, usedByOne: 32, lastWordMs: 2000 };

/** Listens. Only for the holder of the instance lock: the socket that lies there is taken for a dead agent's. Throws AgentError RUN_FOLDER. */
export async function openControlSocket(options: ControlSocketOptions): Promise<ControlSocket> {
  const limits = { ...defaultLimits, ...options.limits };
  const silent = new Set<Socket>();
  const used = new Map<Socket, number | undefined>();
  const all = new Set<Socket>();
  const isOwn = (uid: number | undefined): boolean => uid === undefined || uid === 0 || uid === process.geteuid?.();

  const logDismissal = createSparingLog(options.log);
  const dismiss = (socket: Socket, error: AppError): void => {
    logDismissal(error.message);
    sayLastWord(socket, formatControl({ type: 'problem', error: error.toReport() }), limits.lastWordMs);
  };
  const use = async (socket: Socket, uid: number | undefined, work: () => Promise<void>): Promise<void> => {
    const ofOne = [...used.values()].filter((other) => other === uid).length;
    if (used.size >= limits.used || (!isOwn(uid) && ofOne >= limits.usedByOne)) {
      return dismiss(
        socket,
        new AgentError('LIMIT_REACHED', `${used.size} connections are in use, no more are served`),
      );
    }
    used.set(socket, uid);
    try {
      await work();
    } catch (error) {
      options.log.error('a connection failed', { reason: messageOf(error) });
    } finally {
      used.delete(socket);
      sayLastWord(socket, '', limits.lastWordMs);
    }
  };
  const serve = (socket: Socket, line: string, rest: Buffer, peer: PeerCredentials | undefined): void => {
    const name = peer ? `uid ${peer.uid}` : 'unknown uid';
    try {
      if (isHello(line)) {
        socket.unshift(Buffer.concat([Buffer.from(`${line}\n`), rest]));
        void use(socket, peer?.uid, () => options.onLink(socket, name));
      } else {
        const request = parseControlRequest(line);
        const gone = new AbortController();
        socket.once('close', () => gone.abort());
        socket.resume();
        const answer = (text: string): void => void (socket.writable && socket.write(text));
        void use(socket, peer?.uid, () => options.onRequest(request, { peer: name, answer, signal: gone.signal }));
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      dismiss(socket, error);
    }
  };

  let thinning: NodeJS.Timeout | undefined;
  /** Not at once: what came in the same moment has had no chance to speak. */
  const thin = (): void => {
    thinning = undefined;
    for (const socket of [...silent].slice(0, Math.max(0, silent.size - limits.silent))) socket.destroy();
  };

  const accept = (socket: Socket): void => {
    all.add(socket);
    socket.once('close', () => all.delete(socket));
    // A caller that breaks off harms itself alone; 'close' follows.
    socket.on('error', () => undefined);
    const peer = readPeerCredentials(descriptorOf(socket));
    if (peer && !isOwn(peer.uid) && !options.allowedUids.includes(peer.uid)) {
      return dismiss(
        socket,
        new AgentError(
          'CALLER_REFUSED',
          `uid ${peer.uid} may not talk to this agent, which runs as uid ${process.geteuid?.()}`,
        ),
      );
    }
    silent.add(socket);
    if (silent.size > limits.silent) thinning ??= setTimeout(thin, thinMs);
    readFirstLine(socket, limits.firstLineMs, {
      onLine: (line, rest) => {
        silent.delete(socket);
        serve(socket, line, rest, peer);
      },
      onProblem: (error) => {
        silent.delete(socket);
        dismiss(socket, error);
      },
      onGone: () => silent.delete(socket),
    });
  };

  const server = await listen(options, accept);
  return {
    connections: () => used.size,
    stopAccepting: () => void server.close(),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of silent) socket.destroy();
      // What was answered is still read to its end, in bounded time.
      for (const socket of all) sayLastWord(socket, '', limits.lastWordMs);
      await closed;
    },
  };
}

/** Callers that are dismissed by the thousand do not fill the log: a few of each minute stand in it, the others as a number. */
function createSparingLog(log: Log): (reason: string) => void {
  let left = dismissalsLogged;
  let passedOver = 0;
  let minute: NodeJS.Timeout | undefined;
  const startMinute = (): void => {
    if (passedOver > 0) log.warn('further callers dismissed', { count: passedOver });
    left = dismissalsLogged;
    passedOver = 0;
    minute = undefined;
  };
  return (reason) => {
    minute ??= setTimeout(startMinute, 60_000).unref();
    if (left-- > 0) log.warn('caller dismissed', { reason });
    else passedOver++;
  };
}

function isHello(line: string): boolean {
  try {
    return asObject(JSON.parse(line))?.['type'] === 'hello';
  } catch {
    // What it is instead is said by the parser of requests.
    return false;
  }
}

async function listen(options: ControlSocketOptions, accept: (socket: Socket) => void): Promise<Server> {
  // The answer to a caller that has said all may still be on its way: its end is no reason to close at once.
  const server = createServer({ allowHalfOpen: true }, accept);
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.once('listening', listening.resolve);
  const mask = process.umask(0o177);
  try {
    rmSync(options.path, { force: true });
    server.listen({ path: options.path, backlog });
    await listening.promise;
    if (options.allowedUids.length > 0) chmodSync(options.path, 0o666);
  } catch (cause) {
    throw new AgentError('RUN_FOLDER', `${options.path}: cannot listen there: ${messageOf(cause)}`, { cause });
  } finally {
    process.umask(mask);
  }
  server.on('error', (error) => options.log.error('the control socket has a problem', { reason: messageOf(error) }));
  return server;
}
