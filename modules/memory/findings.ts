import type { Progress } from '../../src/module/run.ts';
import type { Check, CompiledSearch } from './compile-searches.ts';
import type { Elements, Match } from './elements.ts';

/** The matches of all searches in the shape of a result. */
export interface Findings {
  /** With matchany the check that is met. */
  readonly add: (search: CompiledSearch, check: Check | undefined, match: Match) => void;
  readonly count: () => number;
  readonly elements: () => Elements;
  /** One sentence when there were more matches than a result may hold. */
  readonly cuts: () => readonly string[];
}

/** A result with more than this would be refused on its way (an agent takes 64 MiB), and everything with it. */
const mostResultBytes = 40 * 1024 * 1024;

export function createFindings(searches: readonly CompiledSearch[], progress: Progress<Elements>): Findings {
  const lists = new Map(
    searches.map((search) => [search, new Map(keysOf(search).map((key) => [key, [] as Match[]]))] as const),
  );
  let count = 0;
  let bytes = 0;
  let cut = 0;
  return {
    add: (search, check, match) => {
      count++;
      bytes += JSON.stringify(match).length;
      if (bytes > mostResultBytes) {
        cut++;
        return;
      }
      lists.get(search)?.get(check)?.push(match);
      progress.hit({ [search.label]: [match] });
    },
    count: () => count,
    elements: () =>
      Object.fromEntries(
        searches.map((search) => {
          const byCheck = [...(lists.get(search) ?? [])];
          const all = byCheck.flatMap(([check, matches]) => (matches.length > 0 ? matches : [nothing(search, check)]));
          return [search.label, byCheck.length === 0 ? null : all];
        }),
      ),
    cuts: () =>
      cut === 0 ? [] : [`${count} matches were found, the last ${cut} of them are left out: a result holds 40 MiB`],
  };
}

/** What matches are listed under: the checks one by one, or the search as a whole. */
function keysOf({ matchAll, checks }: CompiledSearch): readonly (Check | undefined)[] {
  return matchAll ? [undefined] : checks;
}

/** MIG's way to say that nothing was found. */
function nothing(search: CompiledSearch, check: Check | undefined): Match {
  return { process: { name: '', pid: 0 }, search: (check ?? search).echo };
}
