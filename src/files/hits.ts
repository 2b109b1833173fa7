import type { Check } from './check.ts';
import type { CompiledSearch } from './compile-search.ts';
import type { FileInfo } from './file-info.ts';

/** One match: of the whole search, or of one of its checks. */
export interface Hit {
  readonly search: CompiledSearch;
  readonly check: Check | undefined;
  readonly file: string;
  readonly fileinfo: FileInfo;
}

/** Where a thread reports its matches. Each search ends at its limit exactly, whatever the number of threads. */
export interface Hits {
  /** Beyond the limit of the search, or of the run, nothing is added. */
  readonly add: (hit: Hit) => void;
  /** The search has reached its limit of matches, or the run its limit of space. */
  readonly isFull: (search: CompiledSearch) => boolean;
  readonly areAllFull: () => boolean;
  /** The matches of the run take all the space there is. */
  readonly isOutOfSpace: () => boolean;
}

/** However many matches are allowed: a result with more than this would be refused on its way (an agent takes 64 MiB), and everything with it. */
export const mostResultBytes = 40 * 1024 * 1024;
/** Of a match as JSON: its keys and its size. */
const matchBytes = 90;
/** Of the echo of one condition: its keys and the options. */
const optionsBytes = 140;

/** The counters that the threads of one run share: matches of each search, and behind them the bytes of all. */
export function createHitCounters(searches: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer((searches + 1) * Int32Array.BYTES_PER_ELEMENT));
}

export function createHits(
  searches: readonly CompiledSearch[],
  counters: Int32Array,
  deliver: (hit: Hit) => void,
  mostBytes = mostResultBytes,
): Hits {
  const bytesPlace = searches.length;
  const echoBytes = searches.map(({ echo }) => JSON.stringify(echo).length);
  const sizeOf = ({ search, check, file, fileinfo }: Hit): number => {
    const echo =
      check === undefined ? (echoBytes[search.index] ?? 0) : JSON.stringify([check.value, file]).length + optionsBytes;
    const info = fileinfo.mode.length + fileinfo.lastmodified.length + (fileinfo.sha256 === undefined ? 0 : 77);
    return matchBytes + JSON.stringify(file).length + info + echo;
  };
  const isOutOfSpace = (): boolean => Atomics.load(counters, bytesPlace) >= mostBytes;
  const isFull = ({ index, matchLimit }: CompiledSearch): boolean =>
    Atomics.load(counters, index) >= matchLimit || isOutOfSpace();
  return {
    isFull,
    isOutOfSpace,
    areAllFull: () => searches.every(isFull),
    add: (hit) => {
      const { search } = hit;
      // Full counters are not moved any more: they could run over in the end.
      if (isFull(search) || Atomics.add(counters, search.index, 1) >= search.matchLimit) return;
      if (Number.isFinite(mostBytes)) Atomics.add(counters, bytesPlace, sizeOf(hit));
      deliver(hit);
    },
  };
}
