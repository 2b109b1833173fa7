import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { AppError } from '../../base/app-error.ts';
import { createLineSplitter } from '../../base/lines.ts';
import { createTextTail } from '../../base/text-tail.ts';
import { maxReplyBytes, parseReady, parseReply, type Preparation, type ScanReply } from './scan-protocol.ts';

/** One scan that somebody waits for. */
export interface ScanJob {
  readonly target: { readonly file: string } | { readonly bytes: Uint8Array };
  readonly settle: (outcome: ScanReply | AppError) => void;
}

/** A child process that scans one target after the other. */
export interface ScanProcess {
  /** Hands over a job, in turn. */
  readonly give: (job: ScanJob) => void;
  /** True while one more job would only keep the child from waiting. */
  readonly hasRoom: () => boolean;
  readonly isDead: () => boolean;
  /** Ends the child and waits until it is gone; jobs that it had come back through onEnd. */
  readonly end: () => Promise<void>;
}

export interface ScanProcessOptions {
  readonly preparation: Preparation;
  readonly timeoutMs: number;
  /** Longest time for starting and compiling the rules. */
  readonly startMs: number;
  /** Ends the child at any time, while it starts too. */
  readonly signal: AbortSignal;
  /** A job was done, there may be room. */
  readonly onRoom: () => void;
  /** The child is gone. The jobs it never came to are to be given to another. */
  readonly onEnd: (left: readonly ScanJob[]) => void;
}

/** Enough that a child never waits for the next, few enough that little is done twice when it has to be ended. */
const maxJobs = 32;
const maxJobBytes = 4 * 1024 * 1024;
const heapMiB = 256;

/** Written as text, so that it works alike from the sources and from a bundle. */
const bootstrap = 'import(process.argv[1]).then(({ scanChild }) => scanChild.work())';

/** Starts a child and waits until its rules are compiled. Throws AppError YARA_MISSING or YARA_RULES. */
export async function startScanProcess(
  options: ScanProcessOptions,
): Promise<{ readonly process: ScanProcess; readonly warnings: readonly string[] }> {
  const { scanChild } = await import('./scan-child.ts');
  const args = [
    `--max-old-space-size=${heapMiB}`,
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    bootstrap,
    scanChild.url,
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: options.signal,
    killSignal: 'SIGKILL',
  });
  // A child that is gone breaks the pipe under a write; its end is told by 'close'.
  child.stdin.on('error', () => undefined);
  const watch = watchChild(child, options);
  child.stdin.write(`${JSON.stringify(options.preparation)}\n`);
  const reply = parseReady(await watch.ready);
  if (reply && 'warnings' in reply) return { process: watch.process, warnings: reply.warnings };
  await watch.process.end();
  if (reply && 'missing' in reply)
    throw new AppError(
      'YARA_MISSING',
      `the YARA engine ${options.preparation.engine} cannot be loaded on this host (npm has it for Linux x64 with glibc and for macOS): ${reply.missing}`,
    );
  if (reply && 'wrong' in reply) throw new AppError('YARA_RULES', `the rules do not compile: ${reply.wrong}`);
  throw new AppError('YARA_RULES', 'the rules made the scanner answer with something that is no answer');
}

/** Follows what the child says and how it ends. `ready` is its first line, or rejects with an AppError. */
function watchChild(child: ChildProcessWithoutNullStreams, options: ScanProcessOptions) {
  const jobs: ScanJob[] = [];
  const ready = Promise.withResolvers<string>();
  const gone = Promise.withResolvers<void>();
  const tail = createTextTail({ maxLines: 2, maxLineLength: 300 });
  const deadline = createDeadline(() => kill('timeout'));
  const send = createOutbox(child);
  /** Jobs are given by the half of what it may have: each time that the child is written to costs. */
  let isFilling = true;
  let isReady = false;
  let isDead = false;
  let jobBytes = 0;
  let why: 'timeout' | 'broken' | undefined;
  const kill = (reason: typeof why): void => {
    why ??= reason;
    child.kill('SIGKILL');
  };
  const takeReply = (line: string): void => {
    if (!isReady) {
      isReady = true;
      deadline.clear();
      return ready.resolve(line);
    }
    const reply = parseReply(line);
    const job = jobs[0];
    if (reply === undefined || job === undefined) return kill('broken');
    jobs.shift();
    jobBytes -= bytesOf(job);
    if (jobs.length > 0) deadline.set(options.timeoutMs);
    else deadline.clear();
    if (jobs.length <= maxJobs / 2) isFilling = true;
    job.settle(reply);
    if (isFilling) options.onRoom();
  };
  deadline.set(options.startMs);
  const splitter = createLineSplitter({ maxBytes: maxReplyBytes });
  child.stdout.on('data', (chunk: Buffer) => {
    try {
      for (const line of splitter.push(chunk)) if (why === undefined) takeReply(line);
    } catch {
      // A line that never ends: the child is out of its mind.
      kill('broken');
    }
  });
  child.stderr.on('data', tail.push);
  child.on('error', (error) =>
    ready.reject(new AppError('YARA_SCAN', `no scanner could be started: ${error.message}`)),
  );
  child.on('close', (code, signal) => {
    isDead = true;
    deadline.clear();
    const how = options.signal.aborted
      ? 'the scanner was closed'
      : describeEnd({ why, code, signal, lastWords: tail.lines() });
    ready.reject(whyNotReady({ isLate: why === 'timeout', isCrash: signal !== null, how }, options));
    const [guilty, ...left] = jobs.splice(0);
    if (guilty)
      guilty.settle(
        why === 'timeout'
          ? new AppError('YARA_TIMEOUT', `scanning took longer than ${options.timeoutMs} ms`)
          : new AppError('YARA_SCAN', how),
      );
    options.onEnd(left);
    gone.resolve();
  });
  const process: ScanProcess = {
    give: (job) => {
      if (jobs.length === 0) deadline.set(options.timeoutMs);
      jobs.push(job);
      if (jobs.length >= maxJobs) isFilling = false;
      jobBytes += bytesOf(job);
      send(job);
    },
    hasRoom: () => !isDead && why === undefined && isFilling && (jobs.length === 0 || jobBytes < maxJobBytes),
    isDead: () => isDead,
    end: () => {
      child.kill('SIGKILL');
      return gone.promise;
    },
  };
  return { process, ready: ready.promise };
}

/** Writes jobs to a child; those of one moment together, since a write for each file costs more than the walk that finds it. */
function createOutbox({ stdin }: ChildProcessWithoutNullStreams): (job: ScanJob) => void {
  let lines = '';
  const flush = (): void => {
    if (lines !== '') stdin.write(lines);
    lines = '';
  };
  return ({ target }) => {
    if (lines === '') queueMicrotask(flush);
    if ('file' in target) lines += `${JSON.stringify(target)}\n`;
    else {
      lines += `${JSON.stringify({ bytes: target.bytes.length })}\n`;
      flush();
      stdin.write(target.bytes);
    }
  };
}

function bytesOf({ target }: ScanJob): number {
  return 'bytes' in target ? target.bytes.length : 0;
}

function describeEnd(end: {
  readonly why: 'timeout' | 'broken' | undefined;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lastWords: readonly string[];
}): string {
  if (end.why === 'broken') return 'the scanner answered with something that is no answer';
  const words = end.lastWords.length === 0 ? '' : `: ${end.lastWords.join(' ')}`;
  return `the scanner ended by ${end.signal === null ? `itself with status ${end.code}` : `signal ${end.signal}`}${words}`;
}

/** A crash before the first scan is one of the compiler, which had nothing but the rules; a child that exits could not run at all. */
function whyNotReady(
  { isLate, isCrash, how }: { readonly isLate: boolean; readonly isCrash: boolean; readonly how: string },
  { startMs, signal }: ScanProcessOptions,
): AppError {
  if (isLate) return new AppError('YARA_RULES', `the rules took longer than ${Math.round(startMs)} ms to compile`);
  if (isCrash && !signal.aborted) return new AppError('YARA_RULES', `the rules do not compile: ${how}`);
  return new AppError('YARA_SCAN', `no scanner could be started: ${how}`);
}

/** A timer that is set again and again, thousands of times a second. What came in while the event loop was held up is heard before it is due. */
function createDeadline(onDue: () => void): { readonly set: (ms: number) => void; readonly clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let timerMs = 0;
  let setCount = 0;
  let isSet = false;
  return {
    set: (ms) => {
      isSet = true;
      setCount++;
      if (timer && ms === timerMs) timer.refresh();
      else {
        clearTimeout(timer);
        timerMs = ms;
        timer = setTimeout(() => {
          const before = setCount;
          setImmediate(() => {
            if (isSet && before === setCount) onDue();
          });
        }, ms);
      }
    },
    clear: () => {
      isSet = false;
      timer?.unref();
    },
  };
}
