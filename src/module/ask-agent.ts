/** A restart as it is asked for from outside, through the control socket of the agent, across the end of the agent that was asked. */
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { messageOf, ModuleError, TransportError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import { hostClock } from '../base/host-clock.ts';
import { createLineSplitter } from '../base/lines.ts';
import { formatControl, parseControlAnswer, type ControlAnswer, type ControlRequest } from '../protocol/control.ts';
import { defaultRestartTimeoutMs } from '../protocol/restart-outcome.ts';

/** Results of restarts are short; so is what else an agent says of itself. */
const maxAnswerBytes = 4 * 1024 * 1024;

/**
 * Sends one request; each answer goes to `onAnswer`, which returns true for the last one it wants. Resolves to false where the agent ended the connection
 * before that. Throws TransportError AGENT_UNREACHABLE, and what a broken answer throws.
 */
export function askAgent(
  socketPath: string,
  request: ControlRequest,
  onAnswer: (answer: ControlAnswer) => boolean,
  options: { readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  const settled = Promise.withResolvers<boolean>();
  const socket = connect(socketPath);
  const splitter = createLineSplitter({ maxBytes: maxAnswerBytes });
  let isConnected = false;
  const finish = (isWhole: boolean): void => {
    settled.resolve(isWhole);
    socket.destroy();
  };
  const stop = (): void => finish(false);
  options.signal?.addEventListener('abort', stop, { once: true });
  socket.on('connect', () => {
    isConnected = true;
    socket.write(formatControl(request));
  });
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const line of splitter.push(chunk)) if (onAnswer(parseControlAnswer(line))) return finish(true);
    } catch (error) {
      settled.reject(error instanceof Error ? error : new Error(messageOf(error)));
      socket.destroy();
    }
  });
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    if (isConnected) return; // the agent has gone: 'close' says so
    const reason = `no agent answers at ${socketPath} (${cause.code ?? cause.message})`;
    settled.reject(new TransportError('AGENT_UNREACHABLE', reason, { cause }));
  });
  socket.on('close', () => {
    options.signal?.removeEventListener('abort', stop);
    settled.resolve(false);
  });
  return settled.promise;
}

export interface AskRestartOptions {
  readonly socketPath: string;
  readonly request: Extract<ControlRequest, { type: 'restart' }>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly signal?: AbortSignal;
  readonly onInProgress: (text: string) => void;
}

export type RestartAnswer = Extract<ControlAnswer, { type: 'outcome' }>;

/** How often the agent that comes after is looked for, and how long beyond the restart's own limit: confirming, and a start on a busy host. */
const lookMs = 50;
const patienceMs = 60_000;
/** How long an agent may take for its first word on a request. It refuses one that it comes to later. */
export const silenceMs = 10_000;

/**
 * Asks for a restart and waits for its outcome, from the process that comes after where the one that was asked ends. Throws TransportError AGENT_UNREACHABLE
 * where no agent runs, or none comes back in time, and ModuleError RESTART_FAILED where the agent does not take it, or forgot it.
 */
export async function askRestart(options: AskRestartOptions): Promise<RestartAnswer> {
  const { socketPath, request, clock, signal } = options;
  let outcome: RestartAnswer | undefined;
  let isUnknown = false;
  const take = (answer: ControlAnswer): boolean => {
    if (answer.type === 'problem') throw new ModuleError('RESTART_FAILED', answer.error.message);
    if (answer.type === 'inProgress') options.onInProgress(answer.text);
    if (answer.type !== 'outcome') return false;
    isUnknown = answer.state === 'unknown';
    if (answer.state !== 'inProgress' && !isUnknown) outcome = answer;
    return true;
  };
  const ask = async (asked: ControlRequest): Promise<void> => {
    const silence = new AbortController();
    const timer = globalThis.setTimeout(() => silence.abort(), silenceMs);
    const onAnswer = (answer: ControlAnswer): boolean => {
      clearTimeout(timer);
      return take(answer);
    };
    const stop = AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]);
    await askAgent(socketPath, asked, onAnswer, { signal: stop }).finally(() => clearTimeout(timer));
    if (silence.signal.aborted && asked.type === 'restart')
      throw new TransportError('AGENT_UNREACHABLE', `it did not answer within ${silenceMs / 1000} s`);
  };
  await ask({ ...request, waitsUntilMs: hostClock.monotonicMs() + silenceMs });
  const untilMs = clock.monotonicMs() + (request.timeoutMs ?? defaultRestartTimeoutMs) + patienceMs;
  for (;;) {
    if (outcome) return outcome;
    if (isUnknown) throw new ModuleError('RESTART_FAILED', `the agent knows nothing of the restart ${request.id}`);
    if (signal?.aborted) throw new ModuleError('RESTART_FAILED', `stopped while the restart ${request.id} went on`);
    if (clock.monotonicMs() > untilMs)
      throw new TransportError('AGENT_UNREACHABLE', `the agent has not come back with the outcome of ${request.id}`);
    await setTimeout(lookMs);
    try {
      await ask({ type: 'outcome', id: request.id });
    } catch (error) {
      // Between the two processes nobody listens. What the agent says itself is meant for the caller.
      if (!isBetween(error)) throw error;
    }
  }
}

function isBetween(error: unknown): boolean {
  return error instanceof TransportError && error.cause !== undefined;
}
