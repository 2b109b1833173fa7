import { posix } from 'node:path';
import type { Check } from '../../src/files/check.ts';
import type { CompiledSearch } from '../../src/files/compile-search.ts';
import { noFileInfo } from '../../src/files/file-info.ts';
import type { Elements, Match } from './elements.ts';
import type { Hit } from '../../src/files/hits.ts';
import { echoCheck, type SearchEcho } from '../../src/files/search-echo.ts';

/** The matches of all searches in the shape of a result. */
export interface Findings {
  readonly add: (hit: Hit) => void;
  readonly count: () => number;
  /** In MIG's shape, with an entry that says so for each search or condition that found nothing. */
  readonly elements: () => Elements;
}

export function createFindings(searches: readonly CompiledSearch[], onHit: (fragment: Elements) => void): Findings {
  /** By search and then by check; with matchall all of a search are in one list. */
  const found = searches.map(({ matchAll, checks }): Match[][] => (matchAll ? [[]] : checks.map(() => [])));
  const echoOf = createEchoes();
  let count = 0;
  return {
    add: ({ search, check, file, fileinfo }) => {
      const match: Match = { file, search: echoOf(search, check, file), fileinfo };
      found[search.index]?.[check?.index ?? 0]?.push(match);
      count++;
      onHit({ [search.label]: [match] });
    },
    count: () => count,
    elements: () => Object.fromEntries(searches.map((search, at) => [search.label, listMatches(search, found[at])])),
  };
}

function listMatches(search: CompiledSearch, found: readonly (readonly Match[])[] = []): readonly Match[] | null {
  if (found.length === 0) return null;
  return found.flatMap((matches, at) => {
    if (matches.length > 0) return matches;
    const check = search.matchAll ? undefined : search.checks[at];
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
