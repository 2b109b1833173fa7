/**
 * The agent's end of a link on standard input and output. Every line is checked; one that cannot be read is answered with a problem and changes nothing.
 *
 * The same ref dispatched twice runs once: what was reported so far is reported again, with the same numbers. Of actions that ended long ago only the
 * end is remembered. The console is gone when the input ends
 * or the output breaks: then every operation is cancelled and the agent ends. While the output is full, progress is dropped; results wait in memory.
 */
import { AppError, reportOf } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import { createLineSplitter } from '../base/lines.ts';
import type { Action } from '../protocol/action.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import {
  formatFrame,
  linkProtocol,
  maxFrameBytes,
  parseToAgentFrame,
  type Report,
  type ToAgentFrame,
  type ToConsoleFrame,
} from '../protocol/frame.ts';
import { checkAction } from './check-action.ts';
import type { ChildSupply } from './child-supply.ts';
import type { Limits } from './limits.ts';
import type { OperationQueue } from './operation-queue.ts';
import { runAction } from './run-action.ts';

export interface ServeLinkOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & { readonly writableNeedDrain?: boolean };
  readonly info: AgentInfo;
  readonly supply: ChildSupply;
  readonly limits: Limits;
  readonly queue: OperationQueue;
  readonly clock: Clock;
  /** Called when the last running action has ended. */
  readonly onRest?: () => void;
}

interface Kept {
  readonly n: number;
  readonly report: Report;
  readonly bytes: number;
}

/** An action that was taken, and its reports that must not be lost. */
interface Taken {
  readonly stop: AbortController;
  kept: Kept[];
  next: number;
  done: Promise<unknown>;
}

/** How much of the reports of ended actions is remembered, and how many actions are remembered by their end alone. */
const maxRemembered = { bytes: 8 * 1024 * 1024, ends: 100_000 };

/** Resolves when the console has gone and every operation has ended. */
export async function serveLink(options: ServeLinkOptions): Promise<void> {
  const { input, output, clock } = options;
  const taken = new Map<string, Taken>();
  const gone = Promise.withResolvers<void>();
  let running = 0;

  const send = (frame: ToConsoleFrame): number => {
    const text = formatFrame(frame);
    output.write(text);
    return text.length;
  };
  const report = (ref: string, action: Taken, what: Report): void => {
    // Progress is worth nothing late: when the console reads slower than it comes, it is dropped and leaves no gap in the numbers.
    if (what.kind === 'progress' && output.writableNeedDrain) return;
    const n = action.next++;
    if (what.kind === 'result') action.kept = action.kept.filter((kept) => !isHitsOf(kept.report, what.operation));
    const bytes = send({ type: 'report', ref, n, report: what });
    if (what.kind !== 'progress') action.kept.push({ n, report: what, bytes });
    if (isEnd(what)) forgetOldest(taken);
  };

  /** Resolves to nothing, so that the results do not stay in memory with the promise. */
  const run = async (ref: string, action: Taken, checked: Action): Promise<void> => {
    running++;
    await runAction(checked, {
      ...options,
      ref,
      signal: action.stop.signal,
      report: (what) => report(ref, action, what),
    });
    running--;
    if (running === 0) options.onRest?.();
  };

  const take = (ref: string, value: unknown): void => {
    const known = taken.get(ref);
    if (known) {
      for (const { n, report: what } of known.kept) send({ type: 'report', ref, n, report: what });
      return;
    }
    const action: Taken = { stop: new AbortController(), kept: [], next: 1, done: Promise.resolve() };
    taken.set(ref, action);
    try {
      const checked = checkAction(value, { nowMs: clock.nowMs(), limits: options.limits, queue: options.queue });
      report(ref, action, { kind: 'accepted' });
      action.done = run(ref, action, checked);
    } catch (error) {
      report(ref, action, { kind: 'refused', error: reportOf(error) });
    }
  };

  const handle = (frame: ToAgentFrame): void => {
    if (frame.type === 'hello') send({ type: 'hello', protocol: linkProtocol, agent: options.info });
    else if (frame.type === 'action') take(frame.ref, frame.action);
    else if (frame.type === 'cancel') taken.get(frame.ref)?.stop.abort();
    else if (frame.type === 'resume') send({ type: 'unknown', ref: frame.ref });
    else if (frame.type === 'bye') gone.resolve();
  };

  const handleLine = (line: string): void => {
    try {
      if (line !== '') handle(parseToAgentFrame(line));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      send({ type: 'problem', error: error.toReport() });
    }
  };

  const splitter = createLineSplitter({ maxBytes: maxFrameBytes });
  input.on('data', (chunk: Buffer) => {
    try {
      splitter.push(chunk).forEach(handleLine);
    } catch (error) {
      // A line without end: nothing behind it can be understood.
      send({ type: 'problem', error: reportOf(error) });
      gone.resolve();
    }
  });
  input.on('end', () => gone.resolve());
  input.on('error', () => gone.resolve());
  output.on('error', () => gone.resolve());

  await gone.promise;
  for (const action of taken.values()) action.stop.abort();
  await Promise.all([...taken.values()].map(({ done }) => done));
}

/** The final result holds the hits again. */
function isHitsOf(report: Report, operation: number): boolean {
  return report.kind === 'hits' && report.operation === operation;
}

function isEnd(report: Report | undefined): boolean {
  return report?.kind === 'done' || report?.kind === 'refused';
}

/** The newest ended actions keep their reports as far as the bytes reach; of the others the end alone is kept. */
function forgetOldest(taken: Map<string, Taken>): void {
  const ended = [...taken].filter(([, { kept }]) => isEnd(kept.at(-1)?.report));
  let left = maxRemembered.bytes;
  for (const [, action] of ended.toReversed()) {
    left -= action.kept.reduce((sum, { bytes }) => sum + bytes, 0);
    if (left < 0) action.kept = action.kept.slice(-1);
  }
  for (const [ref] of ended.slice(0, -maxRemembered.ends)) taken.delete(ref);
}
