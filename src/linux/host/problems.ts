import { errnoOf, isDenied } from '../errno.ts';
import { formatLines, type Unparsed } from './unparsed.ts';

/** What could not be read of a host, told once a reason with the number of places and the first of them. */
export interface Problems {
  /** A place that could not be read, and why. */
  readonly addUnreadable: (path: string, error: unknown) => void;
  /** Lines, entries or records of a file that were not understood, or were too many, and are left out: which lines, or how many. */
  readonly addUnparsed: (path: string, what?: number | Unparsed) => void;
  /** Anything else, as a sentence. */
  readonly add: (sentence: string) => void;
  /** How many times something could not be read for lack of rights: the same place counts each time. */
  readonly denied: () => number;
  readonly list: () => readonly string[];
}

const maxNamed = 10;
const maxSentences = 1000;

export function createProblems(): Problems {
  const unreadable = new Map<string, Set<string>>();
  const unparsed = new Map<string, { readonly count: number; readonly where: string }>();
  const sentences = new Set<string>();
  const deniedReason = 'permission denied';
  let denied = 0;
  return {
    addUnreadable: (path, error) => {
      if (isDenied(error)) denied++;
      const reason = isDenied(error)
        ? deniedReason
        : (errnoOf(error) ?? (error instanceof Error ? error.message : '?'));
      const paths = unreadable.get(reason) ?? new Set();
      unreadable.set(reason, paths.add(path));
    },
    addUnparsed: (path, what = 1) => {
      const added = typeof what === 'number' ? what : what.count;
      if (added === 0) return;
      const count = (unparsed.get(path)?.count ?? 0) + added;
      unparsed.set(path, {
        count,
        where: typeof what === 'number' || count > added ? String(count) : formatLines(what),
      });
    },
    add: (sentence) => {
      if (sentences.size < maxSentences) sentences.add(sentence);
    },
    denied: () => denied,
    list: () => [
      ...[...unreadable].map(
        ([reason, paths]) => `${paths.size} could not be read, ${reason}: ${nameSome([...paths])}`,
      ),
      ...(unparsed.size === 0
        ? []
        : [
            `${total(unparsed)} left out, not understood or too many: ${nameSome([...unparsed].map(([path, { where }]) => `${path} (${where})`))}`,
          ]),
      ...sentences,
    ],
  };
}

function total(counts: ReadonlyMap<string, { readonly count: number }>): string {
  const sum = [...counts.values()].reduce((before, { count }) => before + count, 0);
  return sum === 1 ? '1 line or record was' : `${sum} lines or records were`;
}

function nameSome(names: readonly string[]): string {
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  return `${names.slice(0, maxNamed).join(', ')}${more}`;
}
