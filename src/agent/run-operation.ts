/**
 * One operation of an action in its own child process, from parameters to a result, whatever the child does.
 *
 *   running --(cancel, time, memory)--> stopping: stop message --(stopWait)--> TERM --(termWait)--> KILL
 *
 * In every state the child may answer with its envelope or end without one. Without one, what it had streamed is the result, marked partial, with the
 * reason as its error. A child that has answered gets termWait to leave, then KILL. Lines that mean nothing are passed over: they are the reason only
 * when no envelope comes. It never throws and never leaves a process behind.
 */
import { messageOf } from '../base/app-error.ts';
import { asObject } from '../base/as-object.ts';
import type { Clock } from '../base/clock.ts';
import type { OperationStatus, Report } from '../protocol/frame.ts';
import { checkModuleMessage, formatModuleMessage } from '../protocol/module-message.ts';
import { checkResult, type ModuleResult } from '../protocol/result.ts';
import type { ChildSupply } from './child-supply.ts';
import type { Limits } from './limits.ts';
import { collectFragments } from './collect-fragments.ts';
import { startOperationChild, type ChildEnd } from './operation-child.ts';

export interface OperationEnd {
  readonly status: OperationStatus;
  readonly partial: boolean;
  readonly durationMs: number;
  readonly result: ModuleResult;
}

export interface RunOperationOptions {
  readonly supply: ChildSupply;
  readonly module: string;
  readonly parameters: unknown;
  /** Where the persistent side of the module listens, if it does. */
  readonly persistSocket?: string | undefined;
  readonly limits: Limits;
  /** Aborted to cancel; its reason, if it is a text, says why. */
  readonly signal: AbortSignal;
  /** When the action expires, in wall time; the operation is stopped then. */
  readonly expiresAtMs: number | undefined;
  readonly clock: Clock;
  readonly onProgress: (progress: StreamedReport) => void;
}

/** What an operation tells before its end, without its number in the action. */
export type StreamedReport =
  | Omit<Extract<Report, { kind: 'progress' }>, 'operation'>
  | Omit<Extract<Report, { kind: 'hits' }>, 'operation'>;

interface Stop {
  readonly status: OperationStatus;
  readonly reason: string;
}

export function runOperation(options: RunOperationOptions): Promise<OperationEnd> {
  const { limits, clock, signal } = options;
  const startedMs = clock.monotonicMs();
  const settled = Promise.withResolvers<OperationEnd>();
  let envelope: ModuleResult | undefined;
  const streamed = collectFragments();
  let stop: Stop | undefined;
  let noise: string | undefined;
  const timers: NodeJS.Timeout[] = [];

  const { process: started, introduction } = options.supply.take(options.module, limits);
  const child = startOperationChild(started, limits, {
    onLine: (line) => {
      const read = readChildLine(line);
      if (read.kind === 'envelope') {
        envelope = read.result;
        timers.push(setTimeout(() => child.signal('SIGKILL'), limits.termWaitMs));
      } else if (read.kind === 'broken') noise ??= read.reason;
      else {
        if (read.report.kind === 'hits') streamed.add(read.report.elements);
        options.onProgress(read.report);
      }
    },
    onBroken: (reason) => {
      stop ??= { status: 'failed', reason };
    },
    onMemory: (bytes) =>
      end({
        status: 'failed',
        reason: limitReached('memoryBytes', `${limits.memoryBytes} bytes of memory, it used ${bytes}`),
      }),
    onEnd: (how) => {
      timers.forEach(clearTimeout);
      signal.removeEventListener('abort', cancel);
      settled.resolve({
        ...conclude(options.module, envelope, streamed.value(), stop, noise ?? describeEnd(how)),
        durationMs: clock.monotonicMs() - startedMs,
      });
    },
  });

  const end = (why: Stop): void => {
    if (stop || envelope) return;
    stop = why;
    child.send(formatModuleMessage({ class: 'stop' }));
    timers.push(
      setTimeout(() => child.signal('SIGTERM'), limits.stopWaitMs),
      setTimeout(() => child.signal('SIGKILL'), limits.stopWaitMs + limits.termWaitMs),
    );
  };
  const cancel = (): void => end({ status: 'cancelled', reason: cancelReason(signal) });

  const untilExpiryMs = options.expiresAtMs === undefined ? Infinity : Math.max(0, options.expiresAtMs - clock.nowMs());
  timers.push(
    setTimeout(
      () =>
        end(
          untilExpiryMs < limits.timeoutMs
            ? { status: 'timeout', reason: 'the action expired while it ran' }
            : { status: 'timeout', reason: limitReached('timeoutMs', `${limits.timeoutMs / 1000} s`) },
        ),
      Math.min(limits.timeoutMs, untilExpiryMs, 2 ** 31 - 1),
    ),
  );
  signal.addEventListener('abort', cancel, { once: true });
  if (introduction !== undefined) child.send(introduction);
  child.send(
    formatModuleMessage({
      class: 'parameters',
      parameters: options.parameters ?? {},
      persistsock: options.persistSocket,
    }),
  );
  if (signal.aborted) cancel();
  return settled.promise;
}

/** Why it was cancelled: what was said with the abort, else that it was asked for. */
export function cancelReason({ reason }: AbortSignal): string {
  return typeof reason === 'string' ? reason : 'cancelled by the investigator';
}

function limitReached(name: string, value: string): string {
  return `stopped at its limit ${name}: ${value}`;
}

type ChildLine =
  | { readonly kind: 'envelope'; readonly result: ModuleResult }
  | { readonly kind: 'report'; readonly report: StreamedReport }
  | { readonly kind: 'broken'; readonly reason: string };

/** A line of a child: an envelope has no class, everything else has one. */
function readChildLine(line: string): ChildLine {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'class' in value)
      return { kind: 'report', report: readMessage(value) };
    return { kind: 'envelope', result: checkResult(value) };
  } catch (error) {
    return { kind: 'broken', reason: `it answered with something else than a result: ${messageOf(error)}` };
  }
}

function readMessage(value: unknown): StreamedReport {
  const message = checkModuleMessage(value);
  const parameters = asObject(message.parameters) ?? {};
  if (message.class === 'hits' && 'elements' in parameters) return { kind: 'hits', elements: parameters['elements'] };
  const count = (key: string): number => {
    const given = parameters[key];
    return typeof given === 'number' && Number.isSafeInteger(given) && given >= 0 ? given : 0;
  };
  return { kind: 'progress', examined: count('examined'), found: count('found') };
}

function conclude(
  module: string,
  envelope: ModuleResult | undefined,
  streamed: unknown,
  stop: Stop | undefined,
  ending: string,
): Omit<OperationEnd, 'durationMs'> {
  const kept = 'what was found until then is kept';
  if (envelope && !stop) {
    const lost = !envelope.success && !envelope.foundanything && streamed !== undefined;
    if (!lost) return { status: 'success', partial: false, result: envelope };
    const errors = [...(envelope.errors ?? []), `${module}: failed before its end; ${kept}`];
    return {
      status: 'failed',
      partial: true,
      result: { ...envelope, foundanything: true, elements: streamed, errors },
    };
  }
  const { status, reason } = stop ?? { status: 'failed' as const, reason: ending };
  if (envelope) {
    const errors = [...(envelope.errors ?? []), `${module}: ${reason}; ${kept}`];
    return { status, partial: true, result: { ...envelope, errors } };
  }
  const found = streamed !== undefined;
  return {
    status,
    partial: found,
    result: {
      foundanything: found,
      success: false,
      elements: found ? streamed : null,
      statistics: null,
      errors: [found ? `${module}: ${reason}; ${kept}` : `${module}: ${reason}`],
    },
  };
}

function describeEnd({ code, signal, lastWords }: ChildEnd): string {
  const how =
    signal === null
      ? `it ended with status ${code ?? 'unknown'} and no result`
      : `it was ended by ${signal} before its result`;
  return lastWords.length === 0 ? how : `${how}: ${lastWords.join(' / ')}`;
}
