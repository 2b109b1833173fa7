/**
 * The child process of one operation: started with limits, spoken to by lines, ended step by step. It knows processes and lines, not what they mean.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { messageOf } from '../base/app-error.ts';
import { createLineSplitter } from '../base/lines.ts';
import { signalGroup } from '../base/signal-group.ts';
import { createTextTail } from '../base/text-tail.ts';
import type { AgentProgram } from './agent-program.ts';
import type { Limits } from './limits.ts';

const pageBytes = 4096;
/** How long output may still come after the process has exited, when somebody who left its group holds the pipe. */
const drainWaitMs = 1000;

/** How a child ended: its exit status or the signal that ended it, and the last lines it wrote on standard error. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lastWords: readonly string[];
}

export interface OperationChildEvents {
  readonly onLine: (line: string) => void;
  /** Its output broke a rule: too long, or it could not be started. The child is killed. */
  readonly onBroken: (reason: string) => void;
  readonly onMemory: (bytes: number) => void;
  /** Called once, when the process and its pipes are gone. */
  readonly onEnd: (end: ChildEnd) => void;
}

export interface OperationChild {
  readonly send: (line: string) => void;
  /** Signals the whole process group, so that what the child started ends with it. */
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** Starts a process for an operation: in a process group of its own, its heap held to the limit, its priority lowered. Nothing is read from it yet. */
export function spawnOperationProcess(
  program: AgentProgram,
  args: readonly string[],
  limits: Pick<Limits, 'memoryBytes' | 'nice'>,
): ChildProcessWithoutNullStreams {
  const heapMiB = Math.max(64, Math.floor(limits.memoryBytes / 1024 / 1024));
  const child = spawn(program.command, [`--max-old-space-size=${heapMiB}`, ...program.args, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group: a signal to the group reaches grandchildren, and one to the agent's group does not reach it.
    detached: true,
  });
  // A child that is gone breaks the pipe under a write; its end is told by 'close'.
  child.stdin.on('error', () => undefined);
  if (child.pid !== undefined) lowerPriority(child.pid, limits.nice);
  return child;
}

/** Takes charge of a process: reads its lines, watches its memory, tells its end. */
export function startOperationChild(
  child: ChildProcessWithoutNullStreams,
  limits: Limits,
  events: OperationChildEvents,
): OperationChild {
  const { pid } = child;
  const words = createTextTail({ maxLines: 2, maxLineLength: 1000 });
  let ended = false;
  let broken = false;

  const signal = (name: NodeJS.Signals): void => {
    if (!ended) signalGroup(pid, name);
  };
  const breakOff = (reason: string): void => {
    broken = true;
    events.onBroken(reason);
    signal('SIGKILL');
  };
  const end = (code: number | null, by: NodeJS.Signals | null): void => {
    if (ended) return;
    // The child is gone; whatever it left behind in its group goes now.
    signal('SIGKILL');
    ended = true;
    clearInterval(memoryTimer);
    clearTimeout(drainTimer);
    events.onEnd({ code, signal: by, lastWords: words.lines() });
  };

  const splitter = createLineSplitter({ maxBytes: limits.resultBytes });
  let outputBytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    if (broken) return;
    outputBytes += chunk.length;
    if (outputBytes > limits.resultBytes + 2 * limits.hitBytes)
      return breakOff(`more than ${limits.resultBytes} bytes of output`);
    try {
      splitter.push(chunk).forEach(events.onLine);
    } catch (error) {
      breakOff(messageOf(error));
    }
  });
  child.stdout.on('end', () => {
    const rest = broken ? undefined : splitter.end();
    if (rest !== undefined) events.onLine(rest);
  });
  child.stderr.on('data', (chunk: Buffer) => words.push(chunk));
  child.on('error', (error) => {
    events.onBroken(`it could not be started: ${messageOf(error)}`);
    if (pid === undefined) end(null, null);
  });
  // A grandchild may hold the pipes open after the child has exited: killing the group lets 'close' follow, unless it left the group.
  let drainTimer: NodeJS.Timeout | undefined;
  child.on('exit', (code, by) => {
    signal('SIGKILL');
    drainTimer = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
      end(code, by);
    }, drainWaitMs);
  });
  child.on('close', end);

  const memoryTimer = setInterval(() => {
    const bytes = pid === undefined ? 0 : readResidentBytes(pid);
    if (bytes > limits.memoryBytes) events.onMemory(bytes);
  }, limits.memoryCheckMs);

  return { send: (line) => void child.stdin.write(`${line}\n`), signal };
}

/** Resident memory of a process in bytes, 0 where it cannot be read (proc_pid_statm(5)). */
function readResidentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1] ?? 0) * pageBytes;
  } catch {
    // The process is gone, or this is no Linux: then only the heap limit holds.
    return 0;
  }
}

function lowerPriority(pid: number, nice: number): void {
  try {
    setPriority(pid, Math.min(constants.priority.PRIORITY_LOW, nice));
  } catch {
    // Gone already, or not permitted: the operation runs at the agent's own priority.
  }
}
