import type { Progress } from '../../src/module/run.ts';
import type { Elements, KeyItem } from './elements.ts';
import { parseFingerprint } from './fingerprint-query.ts';
import type { Params } from './params.ts';

/** Collects the keys that are asked for, tells them as they come, and counts. */
export interface Findings {
  readonly add: (item: KeyItem) => void;
  readonly isFull: () => boolean;
  readonly summary: () => {
    /** By path and line. */
    readonly keys: readonly KeyItem[];
    /** Keys that came, whether they pass the filters or not. */
    readonly total: number;
    /** A sentence where more were found than are listed. */
    readonly cut: string | undefined;
  };
}

/** What a result can carry: an item has about 600 bytes. */
const maxItems = 20_000;

export function createFindings(params: Params, progress: Progress<Elements>): Findings {
  const isWanted = createFilter(params);
  const keys: KeyItem[] = [];
  let total = 0;
  let matching = 0;
  return {
    add: (item) => {
      total++;
      if (!isWanted(item)) return;
      matching++;
      if (keys.length >= maxItems) return;
      keys.push(item);
      progress.hit({ keys: [item] });
    },
    isFull: () => matching > maxItems,
    summary: () => ({
      keys: keys.toSorted((a, b) => (a.path === b.path ? (a.line ?? 0) - (b.line ?? 0) : a.path < b.path ? -1 : 1)),
      total,
      cut: matching > maxItems ? `more than ${maxItems} keys were found: the first ${maxItems} are listed` : undefined,
    }),
  };
}

function createFilter({ fingerprints = [], types = [], weak = false }: Params): (item: KeyItem) => boolean {
  const wanted = new Set(fingerprints.map(parseFingerprint));
  const wantedTypes = new Set<string>(types);
  const isNamed = (of: Pick<KeyItem, 'fingerprint_md5' | 'fingerprint_sha256'>): boolean =>
    wanted.has(of.fingerprint_md5) || wanted.has(of.fingerprint_sha256);
  return (item) =>
    (wanted.size === 0 || isNamed(item) || (item.publicfile !== undefined && isNamed(item.publicfile))) &&
    (wantedTypes.size === 0 || wantedTypes.has(item.type)) &&
    (!weak || item.weaknesses !== undefined);
}
