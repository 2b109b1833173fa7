/** Variables by which the dynamic linker loads libraries into what is started: ld.so(8). */
const variable = /\b(LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH)=("[^"]*"|'[^']*'|[^\s"']*)/g;

const maxLibraries = 20;

export interface LoadedLibraries {
  /** Paths of libraries, or of folders of them. */
  readonly programs: readonly string[];
  readonly notes: readonly string[];
}

/** What assignments such as "LD_PRELOAD=/x.so" load; nothing where none of them loads anything. */
export function loadedLibraries(assignments: readonly string[]): LoadedLibraries {
  const found = assignments.flatMap((text) =>
    [...text.matchAll(variable)].map(([, name, value = '']) => ({ name, value })),
  );
  const loading = found.map(({ name, value }) => ({ name, value: value.replaceAll(/["']/g, '') }));
  if (loading.length === 0) return { programs: [], notes: [] };
  const programs = loading.flatMap(({ value }) => value.split(/[\s:]+/).filter((word) => word.startsWith('/')));
  const said = loading.slice(0, maxLibraries).map(({ name, value }) => `${name}=${value}`);
  return {
    programs: programs.slice(0, maxLibraries),
    notes: [`sets variables that load libraries into what it starts: ${said.join(', ')}`],
  };
}
