import { availableParallelism } from 'node:os';
import { AppError } from '../../base/app-error.ts';
import { checkExternal } from './engine-text.ts';
import { enginePackage } from './load-engine.ts';
import type { Externals, Preparation, ScanReply } from './scan-protocol.ts';
import { type ScanJob, type ScanProcess, startScanProcess } from './scan-process.ts';
import type { YaraMatch } from './yara-match.ts';

export interface YaraScannerOptions {
  /** YARA source; `include` is refused. */
  readonly rules: string;
  /** Values of the variables that the rules use and do not define. */
  readonly externals?: Externals;
  /** Longest time for one scan. */
  readonly timeoutMs: number;
  /** Closes the scanner when it is aborted, while the rules compile too. */
  readonly signal?: AbortSignal;
  /** For tests: what to load the engine from, how many children at most, and the longest time for compiling. */
  readonly engine?: string;
  readonly maxProcesses?: number;
  readonly startMs?: number;
}

/** Scans in child processes of its own: a scan cannot be interrupted otherwise. Two of them once there is enough to do for both. */
export interface YaraScanner {
  /**
   * The rules that match a file, as src/search/walk/path-text.ts writes paths. Rejects with AppError YARA_TIMEOUT (the child is ended and replaced, the other scans
   * go on) or YARA_SCAN (the file cannot be read, the scanner crashed on it, it was closed); the messages leave the path to the caller.
   */
  readonly scanFile: (path: string) => Promise<readonly YaraMatch[]>;
  /** The same for bytes, which must stay as they are until then. */
  readonly scanBytes: (bytes: Uint8Array) => Promise<readonly YaraMatch[]>;
  /** What the compiler thinks of the rules, with lines and columns. */
  readonly warnings: readonly string[];
  /** Ends the children; scans that wait are rejected with YARA_SCAN. */
  readonly close: () => Promise<void>;
}

/** The largest rules that are accepted; compiling a megabyte of them takes some seconds. */
export const maxRulesBytes = 8 * 1024 * 1024;
const maxExternals = 1000;
const defaultStartMs = 60_000;
/** How long one child works alone: a few files are done before a second one would have started. */
const aloneMs = 100;

/**
 * Compiles the rules and waits until they can be used. Throws AppError YARA_MISSING where the optional package @litko/yara-x is not installed, and
 * YARA_RULES with the line, the column and the compiler's words where the rules or an external are wrong.
 */
export async function createYaraScanner(options: YaraScannerOptions): Promise<YaraScanner> {
  checkOptions(options);
  const preparation: Preparation = {
    engine: options.engine ?? enginePackage,
    rules: options.rules,
    externals: options.externals ?? {},
  };
  const pool = createPool(options, preparation);
  const warnings = await pool.start();
  const scan = (target: ScanJob['target']): Promise<readonly YaraMatch[]> =>
    new Promise((resolve, reject) => {
      pool.add({ target, settle: (outcome) => settle(outcome, resolve, reject) });
    });
  return {
    warnings,
    scanFile: (file) => scan({ file }),
    scanBytes: (bytes) => scan({ bytes }),
    close: pool.close,
  };
}

function settle(
  outcome: ScanReply | AppError,
  resolve: (matches: readonly YaraMatch[]) => void,
  reject: (error: AppError) => void,
): void {
  if (outcome instanceof AppError) reject(outcome);
  else if ('error' in outcome) reject(new AppError('YARA_SCAN', outcome.error));
  else resolve(outcome.matches);
}

function checkOptions({ rules, externals = {} }: YaraScannerOptions): void {
  const size = Buffer.byteLength(rules);
  if (size > maxRulesBytes)
    throw new AppError('YARA_RULES', `expected at most ${maxRulesBytes} bytes of rules, got ${size}`);
  const entries = Object.entries(externals);
  if (entries.length > maxExternals)
    throw new AppError('YARA_RULES', `expected at most ${maxExternals} externals, got ${entries.length}`);
  for (const [name, value] of entries) {
    const problem = checkExternal(name, value);
    if (problem !== undefined) throw new AppError('YARA_RULES', `external ${name.slice(0, 150)}: ${problem}`);
  }
}

/** The children of one scanner and the jobs that wait for them. */
function createPool(options: YaraScannerOptions, preparation: Preparation) {
  const maxProcesses = options.maxProcesses ?? Math.min(2, availableParallelism());
  const processes = new Set<ScanProcess>();
  const starts = new Set<Promise<unknown>>();
  const controller = new AbortController();
  const closed = options.signal ? AbortSignal.any([controller.signal, options.signal]) : controller.signal;
  const startedAt = performance.now();
  let waiting: ScanJob[] = [];
  let isAlone = maxProcesses < 2;

  const start = async (): Promise<readonly string[]> => {
    const starting = startScanProcess({
      preparation,
      signal: closed,
      timeoutMs: options.timeoutMs,
      startMs: options.startMs ?? defaultStartMs,
      onRoom: share,
      onEnd: (left) => {
        waiting = [...left, ...waiting];
        share();
      },
    });
    starts.add(starting);
    try {
      const { process, warnings } = await starting;
      processes.add(process);
      return warnings;
    } finally {
      starts.delete(starting);
    }
  };
  const startAnother = (): void => {
    start().then(share, (error: unknown) => {
      // One child does the work as well, only slower.
      isAlone = true;
      if (processes.size > 0) return;
      for (const job of waiting.splice(0)) job.settle(failureOf(error));
    });
  };
  const share = (): void => {
    if (closed.aborted) {
      for (const job of waiting.splice(0)) job.settle(new AppError('YARA_SCAN', 'the scanner was closed'));
      return;
    }
    for (const process of processes) {
      if (process.isDead()) processes.delete(process);
      while (process.hasRoom()) {
        const job = waiting.shift();
        if (job === undefined) break;
        process.give(job);
      }
    }
    if (waiting.length === 0 || starts.size > 0 || processes.size >= (isAlone ? 1 : maxProcesses)) return;
    if (processes.size === 0 || performance.now() - startedAt > aloneMs) startAnother();
  };
  return {
    start,
    add: (job: ScanJob): void => {
      waiting.push(job);
      share();
    },
    close: async (): Promise<void> => {
      controller.abort();
      await Promise.allSettled([...starts, ...[...processes].map((process) => process.end())]);
      share();
    },
  };
}

function failureOf(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('YARA_SCAN', String(error));
}
