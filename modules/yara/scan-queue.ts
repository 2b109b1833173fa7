import { messageOf } from '../../src/base/app-error.ts';
import type { Problems } from '../../src/files/problems.ts';
import type { YaraScanner } from '../../src/search/yara/create-yara-scanner.ts';
import type { YaraMatch } from '../../src/search/yara/yara-match.ts';
import type { FoundFile } from './findings.ts';

/** The files between the walk that finds them and the scanner. */
export interface ScanQueue {
  /** With the mode as Go writes it, which tells what is no regular file. */
  readonly add: (file: FoundFile, mode: string) => void;
  /** A promise while more than enough files wait. */
  readonly hold: () => Promise<void> | undefined;
  /** Resolves once every file that was added is done. */
  readonly drained: () => Promise<void>;
  readonly counts: () => { readonly found: number; readonly scanned: number; readonly skipped: number };
  /** What was left out, and why. */
  readonly notes: () => readonly string[];
}

export interface ScanQueueOptions {
  readonly scanner: Pick<YaraScanner, 'scanFile'>;
  readonly maxBytes: number;
  /** The same file may be added several times and is to be scanned once. */
  readonly isOnce: boolean;
  readonly signal: AbortSignal;
  readonly onMatch: (file: FoundFile, rules: readonly YaraMatch[]) => void;
  readonly problems: Problems;
  readonly examined: (count: number) => void;
}

/** Enough for both children of a scanner, few enough to be thrown away on a stop. */
const maxWaiting = 256;

export function createScanQueue(options: ScanQueueOptions): ScanQueue {
  const { scanner, signal, problems } = options;
  const seen = new Set<string>();
  const large = createSkipped(`larger than ${options.maxBytes / 2 ** 20} MiB (maxsize)`);
  const irregular = createSkipped('not regular');
  let [found, scanned, waiting] = [0, 0, 0];
  let room = Promise.withResolvers<void>();
  const scan = async (file: FoundFile): Promise<void> => {
    try {
      const rules = await scanner.scanFile(file.path);
      scanned++;
      if (rules.length > 0) options.onMatch(file, rules);
    } catch (error) {
      if (!signal.aborted) problems.addFailure(`${file.path}: ${messageOf(error)}`);
    }
    waiting--;
    if (scanned % 64 === 0) options.examined(scanned);
    if (waiting < maxWaiting) {
      room.resolve();
      room = Promise.withResolvers();
    }
  };
  return {
    add: (file, mode) => {
      if (options.isOnce) {
        if (seen.has(file.path)) return;
        seen.add(file.path);
      }
      found++;
      if (!isRegular(mode)) irregular.add(file.path);
      else if (file.size > options.maxBytes) large.add(file.path);
      else {
        waiting++;
        void scan(file);
      }
    },
    hold: () => (waiting >= maxWaiting && !signal.aborted ? room.promise : undefined),
    drained: async () => {
      for (let left = waiting; left > 0; left = waiting) await room.promise;
      options.examined(scanned);
    },
    counts: () => ({ found, scanned, skipped: large.count() + irregular.count() }),
    notes: () => [
      ...large.notes(),
      ...irregular.notes(),
      ...(signal.aborted ? [`stopped before the end: ${scanned} of ${found} files were scanned`] : []),
    ],
  };
}

/** True for a regular file, whatever its special bits: "-rw-r--r--", "urwxr-xr-x". */
function isRegular(mode: string): boolean {
  return /^(-|[ugt]+)$/.test(mode.slice(0, -9));
}

/** Files that were not scanned for one reason: how many, and one of them by name. */
function createSkipped(reason: string) {
  let count = 0;
  let first = '';
  return {
    add: (path: string): void => {
      if (count++ === 0) first = path;
    },
    count: () => count,
    notes: (): readonly string[] => {
      if (count === 0) return [];
      return [
        `${count} ${count === 1 ? 'file was' : 'files were'} not scanned, ${reason}: ${count === 1 ? '' : 'the first is '}${first}`,
      ];
    },
  };
}
