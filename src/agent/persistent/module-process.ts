/** The process of a persistent module as its agent holds it: started, written to, read with limits, ended with all it started. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import { createLineSplitter } from '../../base/lines.ts';
import { signalGroup } from '../../base/signal-group.ts';
import { createTextTail } from '../../base/text-tail.ts';
import { formatModuleMessage, type ModuleMessage, parseModuleMessage } from '../../protocol/module-message.ts';
import type { AgentProgram } from '../agent-program.ts';
import { markName } from './sweep.ts';

/**
 * | limit        | default | what happens when it is reached                                                     |
 * |--------------|---------|-------------------------------------------------------------------------------------|
 * | heapMiB      | 512     | of JavaScript: the process ends by itself                                           |
 * | lineBytes    | 1 MiB   | killed: a longer line is none that a module writes                                  |
 * | windowMs     | 10 s    | within which the next three are counted                                             |
 * | windowBytes  | 64 MiB  | of output: killed                                                                   |
 * | windowLines  | 20,000  | of output: killed                                                                   |
 * | loggedLines  | 500     | lines of standard error that go to the log; the others are counted                  |
 * | brokenLines  | 20      | that are no messages, in the life of the process: killed. Until then each is logged |
 * | pendingBytes | 1 MiB   | of input that it does not take: killed                                              |
 * | drainMs      | 1 s     | output that may still come after its end, when somebody else holds the pipe         |
 */
export const processLimits = {
  heapMiB: 512,
  lineBytes: 1024 * 1024,
  windowMs: 10_000,
  windowBytes: 64 * 1024 * 1024,
  windowLines: 20_000,
  loggedLines: 500,
  brokenLines: 20,
  pendingBytes: 1024 * 1024,
  drainMs: 1000,
};

export interface ModuleProcessEvents {
  readonly onMessage: (message: ModuleMessage) => void;
  /** A line for the agent's log: of standard error, or about what the module writes. */
  readonly onWords: (line: string) => void;
  /** It breaks a rule. Nothing is read from then on; it has to be killed. */
  readonly onBroken: (reason: string) => void;
  /** Once: the process is gone, or never was. */
  readonly onEnd: (end: { readonly how: string; readonly isCrash: boolean }) => void;
}

export interface ModuleProcess {
  readonly pid: number | undefined;
  readonly send: (message: ModuleMessage) => void;
  /** KILL, to its whole group. */
  readonly kill: () => void;
}

export function startModuleProcess(options: {
  readonly program: AgentProgram;
  readonly name: string;
  readonly mark: string;
  readonly clock: Clock;
  readonly events: ModuleProcessEvents;
}): ModuleProcess {
  const { program, name, mark, clock, events } = options;
  const { [markName]: _, ...environment } = process.env;
  const heap = `--max-old-space-size=${processLimits.heapMiB}`;
  const child = spawn(program.command, [heap, ...program.args, '-P', name], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group, that ends with it. The mark stands first, where it is found soonest.
    detached: true,
    env: { [markName]: mark, ...environment },
  });
  let isOver = false;
  let isBroken = false;
  const breakOff = (reason: string): void => {
    if (isBroken || isOver) return;
    isBroken = true;
    events.onBroken(reason);
  };
  const words = createTextTail({ maxLines: 2, maxLineLength: 1000 });
  watchEnd(child, (end) => {
    if (isOver) return;
    isOver = true;
    const said = words.lines().join(' / ');
    events.onEnd(said === '' ? end : { ...end, how: `${end.how}: ${said}` });
  });
  // Without a process there may be no pipes, either; 'error' follows.
  if (child.pid === undefined) return { pid: undefined, send: () => {}, kill: () => {} };
  readMessages(child, clock, events, breakOff, () => isBroken);
  readWords(child, clock, events, words.push);
  watchInput(child, breakOff);
  return {
    pid: child.pid,
    send: (message) => {
      if (isOver || !child.stdin.writable) return;
      if (child.stdin.writableLength > processLimits.pendingBytes)
        return breakOff(`it does not read: more than ${processLimits.pendingBytes} bytes wait for it`);
      child.stdin.write(`${formatModuleMessage(message)}\n`);
    },
    kill: () => {
      if (!isOver) signalGroup(child.pid, 'SIGKILL');
    },
  };
}

function readMessages(
  child: ChildProcessWithoutNullStreams,
  clock: Clock,
  events: ModuleProcessEvents,
  breakOff: (reason: string) => void,
  isBroken: () => boolean,
): void {
  const splitter = createLineSplitter({ maxBytes: processLimits.lineBytes });
  const flood = createWindow(clock);
  let broken = 0;
  const take = (line: string): void => {
    if (isBroken() || line === '') return;
    let message: ModuleMessage;
    try {
      message = parseModuleMessage(line);
    } catch (error) {
      const reason = messageOf(error);
      if (++broken > processLimits.brokenLines) breakOff(`it writes lines that are no messages: ${reason}`);
      else events.onWords(`it wrote a line that is no message: ${reason}`);
      return;
    }
    events.onMessage(message);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    if (isBroken()) return;
    try {
      const lines = splitter.push(chunk);
      const seen = flood.add(lines.length, chunk.length);
      if (seen.count > processLimits.windowLines || seen.bytes > processLimits.windowBytes)
        return breakOff(
          `it floods: ${seen.count} lines, ${seen.bytes} bytes within ${processLimits.windowMs / 1000} s`,
        );
      lines.forEach(take);
    } catch (error) {
      breakOff(messageOf(error));
    }
  });
}

function readWords(
  child: ChildProcessWithoutNullStreams,
  clock: Clock,
  { onWords }: ModuleProcessEvents,
  keep: (chunk: Buffer) => void,
): void {
  const window = createWindow(clock);
  let rest = '';
  child.stderr.on('data', (chunk: Buffer) => {
    keep(chunk);
    const lines = (rest + chunk.toString()).split('\n');
    rest = (lines.pop() ?? '').slice(0, 2000);
    const { count } = window.add(lines.length, chunk.length);
    const room = Math.max(0, processLimits.loggedLines - (count - lines.length));
    for (const line of lines.slice(0, room)) if (line.trim() !== '') onWords(line.slice(0, 2000));
    if (lines.length > room && room > 0) onWords('it says more than is logged');
  });
  child.stderr.on('end', () => {
    if (rest.trim() !== '') onWords(rest);
  });
}

/** A broken pipe mostly means that its end is about to be told: only one that closed its input and lives on is broken. */
function watchInput(child: ChildProcessWithoutNullStreams, breakOff: (reason: string) => void): void {
  child.stdin.on('error', (error) => {
    const timer = setTimeout(() => breakOff(`it cannot be written to: ${messageOf(error)}`), processLimits.drainMs);
    child.once('exit', () => clearTimeout(timer));
  });
}

function watchEnd(child: ChildProcessWithoutNullStreams, onEnd: ModuleProcessEvents['onEnd']): void {
  child.on('error', (error) => {
    if (child.pid === undefined) onEnd({ how: `it could not be started: ${messageOf(error)}`, isCrash: false });
  });
  child.on('exit', (code, signal) => {
    signalGroup(child.pid, 'SIGKILL');
    const how = signal === null ? `it ended with status ${code}` : `it was ended by ${signal}`;
    const end = (): void => {
      clearTimeout(timer);
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      onEnd({ how, isCrash: signal !== null });
    };
    const timer = setTimeout(end, processLimits.drainMs);
    child.on('close', end);
  });
}

/** Counts what came within the last windowMs, roughly: the count begins anew with each window. */
function createWindow(clock: Clock) {
  let fromMs = clock.monotonicMs();
  let count = 0;
  let bytes = 0;
  return {
    add: (lines: number, length: number) => {
      if (clock.monotonicMs() - fromMs > processLimits.windowMs) {
        fromMs = clock.monotonicMs();
        count = 0;
        bytes = 0;
      }
      count += lines;
      bytes += length;
      return { count, bytes };
    },
  };
}
