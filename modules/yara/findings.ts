import { mostResultBytes } from '../../src/files/hits.ts';
import type { YaraMatch } from '../../src/search/yara/yara-match.ts';
import type { Elements, Match } from './elements.ts';

/** A file that was selected to be scanned. */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
  readonly sha256?: string | undefined;
}

/** The files that matched. A result has room for so many bytes; what is beyond is counted. */
export interface Findings {
  readonly add: (file: FoundFile, rules: readonly YaraMatch[]) => void;
  readonly count: () => number;
  readonly leftOut: () => number;
  readonly elements: () => Elements;
}

export function createFindings(onHit: (fragment: Elements) => void, maxBytes: number = mostResultBytes): Findings {
  const matches: Match[] = [];
  let bytes = 0;
  let count = 0;
  return {
    add: ({ path, size, sha256 }, rules) => {
      count++;
      const match: Match = {
        Object: path,
        MatchedRules: rules.map(({ rule }) => rule),
        size,
        ...(sha256 === undefined ? {} : { sha256 }),
        rules,
      };
      const length = JSON.stringify(match).length;
      if (bytes + length > maxBytes) return;
      bytes += length;
      matches.push(match);
      onHit({ Matches: [match] });
    },
    count: () => count,
    leftOut: () => count - matches.length,
    elements: () => ({
      Matches: matches.length === 0 ? null : matches.toSorted((a, b) => (a.Object < b.Object ? -1 : 1)),
    }),
  };
}
