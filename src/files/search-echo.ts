/** How results repeat the search or the condition that a match belongs to; the order of keys is MIG's. */
import { type Check, keyOfKind } from './check.ts';
import { cleanPath } from './clean-path.ts';
import type { FileSearch } from './file-search.ts';

type Conditions = Pick<
  FileSearch,
  'contents' | 'names' | 'sizes' | 'modes' | 'mtimes' | 'md5' | 'sha1' | 'sha2' | 'sha3' | 'description'
>;

/** The search a match belongs to: all of it with matchall, the one condition that was met with matchany. */
export interface SearchEcho extends Conditions {
  readonly paths: readonly string[];
  readonly options: OptionsEcho;
}

export interface OptionsEcho {
  readonly maxdepth: number;
  readonly maxerrors: number;
  readonly remotefs?: true;
  readonly matchall: boolean;
  readonly macroal: boolean;
  readonly mismatch: readonly string[] | null;
  readonly matchlimit: number;
  readonly debug?: string;
  readonly returnsha256?: true;
  readonly decompress?: true;
}

/** The whole search as it was given, in MIG's order of keys, empty lists left out and the limits set to 0. */
export function echoSearch(search: FileSearch): SearchEcho {
  const given = [
    'contents',
    'names',
    'sizes',
    'modes',
    'mtimes',
    'md5',
    'sha1',
    'sha2',
    'sha3',
  ] as const satisfies readonly (keyof FileSearch)[];
  const lists = given.flatMap((key) => (search[key]?.length ? [[key, search[key]] as const] : []));
  return {
    ...(search.description ? { description: search.description } : {}),
    paths: (search.paths ?? []).map(cleanPath),
    ...Object.fromEntries(lists),
    options: echoOptions(search.options),
  };
}

function echoOptions(options: FileSearch['options']): OptionsEcho {
  return {
    maxdepth: 0,
    maxerrors: 0,
    ...(options.remotefs ? { remotefs: true as const } : {}),
    matchall: options.matchall ?? false,
    macroal: options.macroal ?? false,
    mismatch: options.mismatch ?? null,
    matchlimit: 0,
    ...(options.debug ? { debug: options.debug } : {}),
    ...(options.returnsha256 ? { returnsha256: true as const } : {}),
    ...(options.decompress ? { decompress: true as const } : {}),
  };
}

/** What matchany reports with a match: the one condition, with checksums in upper case, and where. */
export function echoCheck(check: Check, paths: readonly string[]): SearchEcho {
  const value = check.stage === 'digest' ? check.value.toUpperCase() : check.value;
  return { paths, [keyOfKind[check.kind]]: [value], options: echoOptions({}) };
}
