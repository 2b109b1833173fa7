/**
 * MIG's Runner of a persistent module: the short process of a query. It connects to the socket that the running process registered, sends one line with
 * the parameters, reads one line with the envelope, and returns what is in it. A stop is sent on as one line more, so that the work ends there, too.
 */
import { connect, type Socket } from 'node:net';
import { messageOf, ModuleError, ProtocolError } from '../base/app-error.ts';
import { createLineSplitter } from '../base/lines.ts';
import { formatModuleMessage } from '../protocol/module-message.ts';
import { parseResult, type ModuleResult } from '../protocol/result.ts';
import { parsePersistSocket, type SocketAddress } from './persist-socket.ts';
import type { Run, RunOutcome } from './run.ts';

/**
 * | limit       | default | what happens when it is reached                                                                  |
 * |-------------|---------|--------------------------------------------------------------------------------------------------|
 * | connectMs   | 5 s     | the query fails: nobody took the connection (a full backlog is tried again until then)            |
 * | retryMs     | 20 ms   | pause before a refused place in the backlog is tried for again                                    |
 * | answerBytes | 64 MiB  | the query fails: longer than any result may be                                                    |
 * | stopWaitMs  | 1 s     | after a stop: the module's own last word is no longer waited for                                  |
 */
export interface QueryLimits {
  readonly connectMs: number;
  readonly retryMs: number;
  readonly answerBytes: number;
  readonly stopWaitMs: number;
}

export const queryLimits: QueryLimits = {
  connectMs: 5000,
  retryMs: 20,
  answerBytes: 64 * 1024 * 1024,
  stopWaitMs: 1000,
};

/**
 * The run of a persistent module. How long the answer may take is the run's own time limit: its signal.
 * Throws ModuleError MODULE_NOT_RUNNING where there is nobody to ask, and what the module said where its own result is a failed one.
 */
export function queryPersistent<Params, Elements, Statistics>(
  module: string,
  limits: QueryLimits = queryLimits,
): Run<Params, Elements, Statistics> {
  return async (params, { persistSocket, signal }) => {
    if (persistSocket === undefined) {
      throw new ModuleError(
        'MODULE_NOT_RUNNING',
        `module ${module} is not running here: no agent that keeps persistent modules has started and registered it. Start the agent as a daemon with ${module} enabled, and look for it with "agent <name>"`,
      );
    }
    const address = parsePersistSocket(persistSocket);
    if (signal.aborted) throw new Error(`stopped before module ${module} was asked`);
    const socket = await connectWithin(module, persistSocket, address, limits, signal);
    try {
      return outcomeOf<Elements, Statistics>(module, await ask(module, socket, params, limits, signal));
    } finally {
      socket.destroy();
    }
  };
}

/** Tries again while the backlog is full (EAGAIN of a unix socket): many ask at once, and their turn comes. */
async function connectWithin(
  module: string,
  spec: string,
  address: SocketAddress,
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<Socket> {
  const untilMs = performance.now() + limits.connectMs;
  for (;;) {
    try {
      return await connectOnce(address, untilMs - performance.now(), signal);
    } catch (error) {
      if (signal.aborted) throw new Error(`stopped before module ${module} was asked`, { cause: error });
      const isOver = performance.now() + limits.retryMs >= untilMs;
      if (!isOver && hasCode(error, 'EAGAIN')) {
        await new Promise((resolve) => setTimeout(resolve, limits.retryMs));
        continue;
      }
      const reason = isOver ? `no connection within ${limits.connectMs / 1000} s` : messageOf(error);
      throw new ModuleError(
        'MODULE_NOT_RUNNING',
        `module ${module} cannot be asked at ${spec}: ${reason}. It may be starting again: look at "agent <name>"`,
        { cause: error },
      );
    }
  }
}

function connectOnce(address: SocketAddress, limitMs: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const giveUp = (): void => {
      socket.destroy();
      end(() => reject(new Error('given up')));
    };
    const timer = setTimeout(giveUp, limitMs);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.off('error', fail);
      settle();
    };
    const fail = (error: unknown): void => end(() => reject(error));
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => end(() => resolve(socket)));
  });
}

function ask(
  module: string,
  socket: Socket,
  params: unknown,
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<ModuleResult> {
  const answered = Promise.withResolvers<ModuleResult>();
  const splitter = createLineSplitter({ maxBytes: limits.answerBytes });
  let stopTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    socket.write(`${formatModuleMessage({ class: 'stop' })}\n`);
    const giveUp = (): void => answered.reject(new Error(`stopped before module ${module} answered`));
    stopTimer = setTimeout(giveUp, limits.stopWaitMs);
  };
  const take = (line: string | undefined): void => {
    if (line === undefined) return;
    answered.resolve(Promise.resolve(line).then(parseResult));
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      answered.reject(error);
    }
  };
  socket.on('data', (chunk: Buffer) => attempt(() => take(splitter.push(chunk)[0])));
  socket.on('end', () => attempt(() => take(splitter.end())));
  socket.on('error', answered.reject);
  // After an answer this changes nothing.
  socket.on('close', () =>
    answered.reject(new ProtocolError('RESULT_INVALID', `module ${module} closed the connection without an answer`)),
  );
  socket.write(`${formatModuleMessage({ class: 'parameters', parameters: params })}\n`);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return answered.promise.finally(() => {
    clearTimeout(stopTimer);
    signal.removeEventListener('abort', stop);
  });
}

/** The envelope came from the module of the same card: its types are the card's. */
function outcomeOf<Elements, Statistics>(module: string, result: ModuleResult): RunOutcome<Elements, Statistics> {
  const errors = result.errors ?? [];
  if (!result.success) throw new Error(errors.length === 0 ? `module ${module} failed` : errors.join('; '));
  return {
    foundAnything: result.foundanything,
    elements: result.elements as Elements,
    statistics: result.statistics as Statistics,
    errors,
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
