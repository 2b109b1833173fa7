import { systemErrorText } from '../search/walk/error-text.ts';

/** What one thread tells another of its problems: the first texts, how many there were, and how many of them count in `openfailed`. */
export interface ProblemBatch {
  readonly texts: readonly string[];
  readonly total: number;
  readonly failed: number;
}

/** What went wrong without ending the run. */
export interface Problems {
  /** Something that could not be opened or read: it counts in `openfailed`. */
  readonly addFailure: (text: string) => void;
  /** Anything else to be told. */
  readonly add: (text: string) => void;
  /** A word about the run as a whole, which no limit cuts off. */
  readonly addNote: (text: string) => void;
  /** Adds what another thread took. */
  readonly merge: (batch: ProblemBatch) => void;
  /** Takes out what came together so far, notes excepted; undefined when there is nothing. */
  readonly take: () => ProblemBatch | undefined;
  readonly openFailed: () => number;
  /** The first ones up to the limit, how many were left out, and the notes. */
  readonly list: () => readonly string[];
}

/** However many errors are allowed: more are no help, and a result is bounded. */
const mostErrors = 20_000;

export function createProblems(maxErrors: number): Problems {
  const limit = Math.min(maxErrors, mostErrors);
  let kept: string[] = [];
  const notes: string[] = [];
  let total = 0;
  let failed = 0;
  const add = (text: string): void => {
    total++;
    if (kept.length < limit) kept.push(text);
  };
  return {
    add,
    addFailure: (text) => {
      failed++;
      add(text);
    },
    addNote: (text) => void notes.push(text),
    merge: (batch) => {
      kept.push(...batch.texts.slice(0, limit - kept.length));
      total += batch.total;
      failed += batch.failed;
    },
    take: () => {
      if (total === 0) return undefined;
      const batch = { texts: kept, total, failed };
      [kept, total, failed] = [[], 0, 0];
      return batch;
    },
    openFailed: () => failed,
    list: () => [
      ...kept,
      ...(total > kept.length ? [`${total - kept.length} errors were not returned (max errors = ${limit})`] : []),
      ...notes,
    ],
  };
}

/** "ERROR: open /root/x: permission denied", MIG's words for it. */
export function describeFailure(step: 'open' | 'read' | 'lstat', path: string, error: unknown): string {
  return `ERROR: ${step} ${path}: ${systemErrorText(error)}`;
}

/** MIG's words for a link that leads nowhere. */
export function describeLink(path: string, target: string, error: unknown): string {
  return `ERROR: followSymLink() -> lstat ${target}: ${systemErrorText(error)} (link ${path})`;
}
