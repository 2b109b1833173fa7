import { systemErrorText } from '../../src/search/walk/error-text.ts';

/** The soft errors of a run: the first ones as they are, the rest as a number. */
export interface Problems {
  /** A file or folder could not be read. */
  readonly unreadable: (path: string, error: unknown) => void;
  readonly add: (problem: string) => void;
  readonly unreadableCount: () => number;
  readonly list: () => readonly string[];
}

const maxListed = 200;

export function createProblems(): Problems {
  const listed: string[] = [];
  let total = 0;
  let unreadable = 0;
  const add = (problem: string): void => {
    total++;
    if (listed.length < maxListed) listed.push(problem);
  };
  return {
    unreadable: (path, error) => {
      unreadable++;
      add(`${path} could not be read: ${systemErrorText(error)}`);
    },
    add,
    unreadableCount: () => unreadable,
    list: () => [...listed, ...(total > maxListed ? [`${total - maxListed} more problems are not listed`] : [])],
  };
}
