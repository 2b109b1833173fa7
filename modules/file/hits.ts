import type { Check } from './check.ts';
import type { CompiledSearch } from './compile-search.ts';
import type { FileInfo } from './elements.ts';

/** One match: of the whole search, or of one of its checks. */
export interface Hit {
  readonly search: CompiledSearch;
  readonly check: Check | undefined;
  readonly file: string;
  readonly fileinfo: FileInfo;
}

/** Where a thread reports its matches. Each search ends at its limit exactly, whatever the number of threads. */
export interface Hits {
  /** Beyond the limit of the search nothing is added. */
  readonly add: (hit: Hit) => void;
  /** The search has reached its limit of matches. */
  readonly isFull: (search: CompiledSearch) => boolean;
  readonly areAllFull: () => boolean;
}

/** However many matches are allowed, a run keeps at most so many of one search. */
export const mostMatches = 1_000_000;

/** The counters that the threads of one run share: one for each search. */
export function createHitCounters(searches: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(Math.max(1, searches) * Int32Array.BYTES_PER_ELEMENT));
}

export function createHits(
  searches: readonly CompiledSearch[],
  counters: Int32Array,
  deliver: (hit: Hit) => void,
): Hits {
  const limits = searches.map(({ matchLimit }) => Math.min(matchLimit, mostMatches));
  const isFull = ({ index }: CompiledSearch): boolean => Atomics.load(counters, index) >= (limits[index] ?? 0);
  return {
    isFull,
    areAllFull: () => searches.every(isFull),
    add: (hit) => {
      const { index } = hit.search;
      // A full counter is not moved any more: it could run over in the end.
      if (isFull(hit.search) || Atomics.add(counters, index, 1) >= (limits[index] ?? 0)) return;
      deliver(hit);
    },
  };
}
