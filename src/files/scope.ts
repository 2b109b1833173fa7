import type { CompiledSearch } from './compile-search.ts';

/** Which searches look in a directory. */
export interface Scope {
  readonly reaches: readonly Reach[];
  readonly searches: readonly CompiledSearch[];
  /** The scope of a directory below this one; undefined where no search goes deeper. `starting` = the searches that have it among their paths. */
  readonly below: (starting: readonly CompiledSearch[]) => Scope | undefined;
}

/** A search and the level it is on: 1 in a directory of its paths. */
export interface Reach {
  readonly search: CompiledSearch;
  readonly level: number;
}

/** The scope of a directory that is a path of these searches and that nobody comes to from above. */
export function createScope(searches: readonly CompiledSearch[]): Scope {
  return scopeOf(searches.map((search) => ({ search, level: 1 })));
}

/** The scope in which these searches are on these levels. */
export function scopeOf(reaches: readonly Reach[]): Scope {
  let plain: Scope | undefined;
  let isPlainKnown = false;
  return {
    reaches,
    searches: reaches.map(({ search }) => search),
    below: (starting) => {
      if (starting.length > 0) return deepen(reaches, starting);
      // All sub-directories share one scope, so that a walk makes one for each level and not one for each directory.
      if (!isPlainKnown) plain = deepen(reaches, starting);
      isPlainKnown = true;
      return plain;
    },
  };
}

function deepen(reaches: readonly Reach[], starting: readonly CompiledSearch[]): Scope | undefined {
  const deeper = reaches
    .filter(({ search, level }) => level < search.maxDepth && !starting.includes(search))
    .map(({ search, level }) => ({ search, level: level + 1 }));
  const all = [...starting.map((search) => ({ search, level: 1 })), ...deeper];
  return all.length === 0 ? undefined : scopeOf(all);
}
