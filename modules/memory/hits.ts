import type { Mapping } from '../../src/linux/proc/parse-maps.ts';
import { decodeLatin1Path } from '../../src/search/walk/path-text.ts';
import type { Place } from './elements.ts';

/** The matches of one wanted thing in one process. */
export interface Hits {
  readonly count: number;
  /** It was left at that. */
  readonly more: boolean;
  readonly places: readonly Place[];
}

export const noHits: Hits = { count: 0, more: false, places: [] };

/** Nobody counts further; a pattern such as `.` must not keep a run busy for ever. */
export const mostCounted = 10_000;

/** How far the matches of something are followed: until `count` of them, telling the first `addresses`. */
export interface HitLimits {
  readonly count: number;
  readonly addresses: number;
}

/** A match, in addresses. `start` is undefined where only the end is known. */
export interface HitPlace {
  readonly start: number | undefined;
  readonly end: number;
  readonly rule?: string;
  readonly string?: string;
}

export interface HitList {
  /** Answers whether more are wanted. */
  readonly add: (hit: HitPlace) => boolean;
  /** Something matches without a place. */
  readonly addWithoutPlace: () => boolean;
  readonly hits: () => Hits;
}

export function createHitList(limits: HitLimits, mappings: readonly Mapping[]): HitList {
  const places: Place[] = [];
  let count = 0;
  const addWithoutPlace = (): boolean => ++count < limits.count;
  return {
    addWithoutPlace,
    add: (hit) => {
      if (places.length < limits.addresses) places.push(describePlace(hit, mappings));
      return addWithoutPlace();
    },
    hits: () => ({ count, more: count >= limits.count, places }),
  };
}

/** A place and the mapping it lies in; `mappings` are ascending. */
export function describePlace({ start, end, rule, string }: HitPlace, mappings: readonly Mapping[]): Place {
  const address = start ?? end;
  const mapping = findMapping(address, mappings);
  return {
    address: `0x${address.toString(16)}`,
    ...(start === undefined ? {} : { length: end - start }),
    region: mapping ? `${formatAddress(mapping.start)}-${formatAddress(mapping.end)}` : '',
    permissions: mapping?.permissions ?? '',
    path: mapping ? decodeLatin1Path(mapping.path) : '',
    ...(rule === undefined ? {} : { rule }),
    ...(string === undefined ? {} : { string }),
  };
}

/** As /proc/PID/maps writes them: at least eight digits. */
function formatAddress(address: number): string {
  return address.toString(16).padStart(8, '0');
}

function findMapping(address: number, mappings: readonly Mapping[]): Mapping | undefined {
  let low = 0;
  let high = mappings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((mappings[middle]?.end ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  const found = mappings[low];
  // The end of a match can be the end of its mapping, with nothing behind it.
  return found !== undefined && found.start <= address ? found : mappings[low - 1];
}
