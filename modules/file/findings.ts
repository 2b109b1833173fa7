import { posix } from 'node:path';
import type { Check } from './check.ts';
import { type CompiledSearch, echoCheck } from './compile-search.ts';
import { type Elements, type FileInfo, type Match, noFileInfo, type SearchEcho } from './elements.ts';

/** The matches of all searches, each within its own limit. */
export interface Findings {
  /** One match: of the whole search, or of one of its conditions. Beyond the limit of the search nothing is added. */
  readonly add: (search: CompiledSearch, check: Check | undefined, file: string, fileInfo: FileInfo) => void;
  /** The search has reached its limit of matches. */
  readonly isFull: (search: CompiledSearch) => boolean;
  readonly areAllFull: () => boolean;
  readonly totalHits: () => number;
  /** In MIG's shape, with an entry that says so for each search or condition that found nothing. */
  readonly elements: () => Elements;
}

/** However many matches are allowed, a run keeps at most so many for one search. */
export const mostMatches = 1_000_000;

interface Tally {
  readonly search: CompiledSearch;
  readonly limit: number;
  count: number;
  /** By condition; with matchall all under undefined. */
  readonly matches: Map<Check | undefined, Match[]>;
}

export function createFindings(searches: readonly CompiledSearch[], onHit: (fragment: Elements) => void): Findings {
  const tallies = new Map(searches.map((search) => [search, createTally(search)]));
  const echoOf = createEchoes();
  let full = searches.length === 0 ? 1 : 0;
  let total = 0;
  return {
    add: (search, check, file, fileinfo) => {
      const tally = tallies.get(search);
      if (!tally || tally.count >= tally.limit) return;
      const match: Match = { file, search: echoOf(search, check, file), fileinfo };
      tally.matches.get(check)?.push(match);
      total++;
      if (++tally.count >= tally.limit) full++;
      onHit({ [search.label]: [match] });
    },
    isFull: (search) => {
      const tally = tallies.get(search);
      return tally === undefined || tally.count >= tally.limit;
    },
    areAllFull: () => full >= tallies.size,
    totalHits: () => total,
    elements: () => Object.fromEntries([...tallies.values()].map((tally) => [tally.search.label, listMatches(tally)])),
  };
}

function createTally(search: CompiledSearch): Tally {
  const keys = search.matchAll ? [undefined] : search.checks;
  return {
    search,
    limit: Math.min(search.matchLimit, mostMatches),
    count: 0,
    matches: new Map(keys.map((key) => [key, []])),
  };
}

function listMatches({ search, matches }: Tally): readonly Match[] | null {
  if (!search.matchAll && search.checks.length === 0) return null;
  return [...matches].flatMap(([check, found]) => {
    if (found.length > 0) return found;
    const echo = check === undefined ? search.echo : echoCheck(check, search.paths);
    return [{ file: '', search: echo, fileinfo: noFileInfo }];
  });
}

/** Echoes of conditions differ by directory only, and a walk stays in a directory for a while: the last one is kept. */
function createEchoes(): (search: CompiledSearch, check: Check | undefined, file: string) => SearchEcho {
  const last = new Map<Check, SearchEcho>();
  return (search, check, file) => {
    if (check === undefined) return search.echo;
    const directory = posix.dirname(file);
    const known = last.get(check);
    if (known?.paths[0] === directory) return known;
    const echo = echoCheck(check, [directory]);
    last.set(check, echo);
    return echo;
  };
}
