/** Ctrl-R: looking backwards through the earlier lines, as in readline. */
import type { EditedLine } from './edit-line.ts';

export interface HistorySearch {
  readonly query: string;
  /** Place of the line that is shown, in the history; undefined before anything was found. */
  readonly at: number | undefined;
  /** True when nothing (more) holds the query. */
  readonly isFailed: boolean;
  /** The line as it was before, for Escape. */
  readonly before: EditedLine;
}

export function startSearch(before: EditedLine): HistorySearch {
  return { query: '', at: undefined, isFailed: false, before };
}

/** The newest line that holds the changed query. */
export function searchFor(search: HistorySearch, query: string, history: readonly string[]): HistorySearch {
  if (query === '') return { ...search, query, at: undefined, isFailed: false };
  return found({ ...search, query }, findBefore(history, query, history.length));
}

/** The next older line that holds the query. The same line twice in a row counts once. */
export function searchOlder(search: HistorySearch, history: readonly string[]): HistorySearch {
  if (search.query === '' || search.at === undefined) return search;
  const shown = history[search.at];
  let at = findBefore(history, search.query, search.at);
  while (at !== undefined && history[at] === shown) at = findBefore(history, search.query, at);
  return found(search, at);
}

function found(search: HistorySearch, at: number | undefined): HistorySearch {
  return at === undefined ? { ...search, isFailed: true } : { ...search, at, isFailed: false };
}

function findBefore(history: readonly string[], query: string, end: number): number | undefined {
  const at = history.slice(0, end).findLastIndex((line) => line.includes(query));
  return at < 0 ? undefined : at;
}
