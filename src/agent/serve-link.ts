/**
 * The agent's end of one link, over whatever carries its bytes. Every line is checked; one that cannot be read is answered with a problem and changes
 * nothing. The console is gone when the input ends or the output breaks; what becomes of its actions then is not decided here.
 *
 * The same ref dispatched twice runs once: what was reported so far is reported again, with the same numbers. A console that reads slowly is sent no more
 * than it takes: reports wait where they are kept, progress and events are dropped, and its own requests are not read while answers to them wait.
 */
import { AppError, reportOf } from '../base/app-error.ts';
import { createLineSplitter } from '../base/lines.ts';
import {
  linkProtocol,
  maxFrameBytes,
  parseToAgentFrame,
  type ToAgentFrame,
  type ToConsoleFrame,
} from '../protocol/frame.ts';
import type { ReportListener } from './action-table.ts';
import type { LinkCore } from './link-core.ts';
import { createLinkOutput } from './link-output.ts';
import { createAlertSender } from './send-alerts.ts';
import { createEventSender } from './send-events.ts';

export interface ServeLinkOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & { readonly writableNeedDrain?: boolean };
  readonly core: LinkCore;
  /** What the system says of who is there: "uid 0". */
  readonly peer?: string;
  readonly maxFrameBytes?: number;
  /** Aborted to end the link from this side. */
  readonly signal?: AbortSignal;
  /** Done when the console has gone, before its output is left: reports still reach one that reads to the end. */
  readonly onGone?: () => Promise<void>;
}

/** The row is told again at most so often. */
const infoPauseMs = 200;

/** Resolves when the console has gone. */
export async function serveLink(options: ServeLinkOptions): Promise<void> {
  const { input, core, signal } = options;
  const { table } = core;
  const output = createLinkOutput(options.output);
  const gone = Promise.withResolvers<void>();
  const followed = new Map<string, () => void>();
  const alerts = core.alerts && createAlertSender(core.alerts, output);
  const events = core.persistent && createEventSender(core.persistent, output);
  const row = sendRow(core, output.isFull, (agent) => void output.send({ type: 'agent', agent }), output.whenRoom);
  let investigator = options.peer ?? 'unknown';

  /** An answer to a request: who does not read answers is not read from. */
  const answer = (frame: ToConsoleFrame): void => {
    const room = output.send(frame);
    if (!room || signal?.aborted) return;
    input.pause();
    void room.then(() => input.resume());
  };
  const follow = (ref: string, after: number): void => {
    followed.get(ref)?.();
    followed.delete(ref);
    let hasEnded = false;
    const listener: ReportListener = (n, report) => {
      hasEnded ||= report.kind === 'done' || report.kind === 'refused';
      return output.send({ type: 'report', ref, n, report });
    };
    const leave = table.follow(ref, after, listener);
    if (!leave) answer({ type: 'unknown', ref });
    else if (hasEnded) leave();
    else followed.set(ref, leave);
  };
  const handle = (frame: ToAgentFrame): void => {
    switch (frame.type) {
      case 'hello':
        investigator = nameOf(frame.investigator, options.peer);
        core.log?.info('console connected', { investigator, version: frame.version });
        answer({ type: 'hello', protocol: linkProtocol, agent: core.info() });
        return row.start();
      case 'action':
        table.take(frame.ref, frame.action, { investigator });
        return follow(frame.ref, 0);
      case 'cancel':
        return table.cancel(frame.ref);
      case 'resume':
        return follow(frame.ref, frame.after);
      case 'alerts':
        return alerts?.start(frame.after);
      case 'received':
        return alerts?.confirm(frame.alert);
      case 'watch':
        return events?.watch(frame.module, frame.on);
      case 'bye':
        return gone.resolve();
    }
  };
  const handleLine = (line: string): void => {
    try {
      if (line !== '') handle(parseToAgentFrame(line));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      answer({ type: 'problem', error: error.toReport() });
    }
  };

  const splitter = createLineSplitter({ maxBytes: options.maxFrameBytes ?? maxFrameBytes });
  const read = (chunk: Buffer): void => {
    try {
      splitter.push(chunk).forEach(handleLine);
    } catch (error) {
      // A line without end: nothing behind it can be understood.
      void output.send({ type: 'problem', error: reportOf(error) });
      gone.resolve();
    }
  };
  const leave = (): void => gone.resolve();
  input.on('data', read);
  for (const event of ['end', 'error', 'close']) input.on(event, leave);
  const breakOff = (): void => {
    output.end();
    leave();
  };
  for (const event of ['error', 'close']) options.output.on(event, breakOff);
  // A stream that was read before is left paused.
  input.resume();
  signal?.addEventListener('abort', leave, { once: true });
  if (signal?.aborted) leave();

  await gone.promise;
  input.off('data', read);
  await options.onGone?.();
  signal?.removeEventListener('abort', leave);
  output.end();
  for (const stop of followed.values()) stop();
  alerts?.stop();
  events?.stop();
  row.stop();
  core.log?.info('console gone', { investigator });
}

/** What a console claims, with what the system says: "alice (uid 0)". */
function nameOf(claimed: string | undefined, peer: string | undefined): string {
  if (claimed === undefined || claimed === '') return peer ?? 'unknown';
  return peer === undefined ? claimed : `${claimed} (${peer})`;
}

/** Tells the row when it has changed: not more often than it is read, and never twice the same. */
function sendRow(
  core: LinkCore,
  isFull: () => boolean,
  tell: (agent: ReturnType<LinkCore['info']>) => void,
  whenRoom: () => Promise<void>,
) {
  let told = '';
  let pause: NodeJS.Timeout | undefined;
  let unsubscribe: (() => void) | undefined;
  const send = (): void => {
    pause = undefined;
    if (isFull()) return void whenRoom().then(plan);
    const agent = core.info();
    const text = JSON.stringify(agent);
    if (text !== told) tell(agent);
    told = text;
  };
  const plan = (): void => {
    if (unsubscribe) pause ??= setTimeout(send, infoPauseMs);
  };
  return {
    /** The row was just told. */
    start: () => {
      told = JSON.stringify(core.info());
      unsubscribe ??= core.onInfo?.(plan);
    },
    stop: () => {
      unsubscribe?.();
      unsubscribe = undefined;
      clearTimeout(pause);
    },
  };
}
