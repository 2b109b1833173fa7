import { errnoOf, isDenied } from '../errno.ts';

/** What could not be read of a host, told once a reason with the number of places and the first of them. */
export interface Problems {
  /** A place that could not be read, and why. */
  readonly addUnreadable: (path: string, error: unknown) => void;
  /** A line, entry or record of a file that was not understood, or was one too many, and is left out. */
  readonly addUnparsed: (path: string, count?: number) => void;
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
  const unparsed = new Map<string, number>();
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
    addUnparsed: (path, count = 1) => {
      if (count > 0) unparsed.set(path, (unparsed.get(path) ?? 0) + count);
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
            `${total(unparsed)} left out, not understood or too many: ${nameSome([...unparsed].map(([path, count]) => `${path} (${count})`))}`,
          ]),
      ...sentences,
    ],
  };
}

function total(counts: ReadonlyMap<string, number>): string {
  const sum = [...counts.values()].reduce((before, count) => before + count, 0);
  return sum === 1 ? '1 line or record was' : `${sum} lines or records were`;
}

function nameSome(names: readonly string[]): string {
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  return `${names.slice(0, maxNamed).join(', ')}${more}`;
}
