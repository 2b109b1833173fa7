import { isFileMapping, withoutDeleted, type Mapping } from '../../src/linux/proc/parse-maps.ts';
import { compileRegex, type Regex } from '../../src/search/regex/compile-regex.ts';
import { decodeLatin1Path } from '../../src/search/walk/path-text.ts';
import type { SearchEcho } from './elements.ts';
import { usualAddresses, type MemorySearch, type Params } from './params.ts';

/** A condition on the name of a process or on what is mapped into it. */
export interface FactCheck {
  readonly kind: 'name' | 'library';
  readonly value: string;
  readonly regex: Regex;
  readonly echo: SearchEcho;
}

/** A condition on what is in memory. */
export interface MemoryCheck {
  readonly kind: 'byte' | 'content' | 'yara';
  readonly value: string;
  /** Its place in the list of what is looked for; checks of several searches share it. */
  readonly wanted: number;
  readonly echo: SearchEcho;
}

export type Check = FactCheck | MemoryCheck;

/** A search ready to run. */
export interface CompiledSearch {
  readonly label: string;
  readonly matchAll: boolean;
  readonly logFailures: boolean;
  readonly range: MemoryRange;
  /** How many addresses of a condition are told. */
  readonly maxAddresses: number;
  /** Only these processes; undefined for all. */
  readonly pids: ReadonlySet<number> | undefined;
  /** In the order in which they are tried and listed. */
  readonly checks: readonly Check[];
  /** What matchall reports with each match. */
  readonly echo: SearchEcho;
}

/** The part of each process's memory that a search covers. */
export interface MemoryRange {
  readonly offset: number;
  readonly maxLength: number;
}

/** Something to look for in memory, once for all searches that ask for it. */
export type Wanted =
  | { readonly kind: 'byte'; readonly bytes: Buffer }
  | { readonly kind: 'content'; readonly regex: Regex }
  | { readonly kind: 'yara'; readonly rules: string };

/** The searches, by label, in their order, and what they look for. The parameters were validated. */
export function compileSearches(params: Params): {
  readonly searches: readonly CompiledSearch[];
  readonly wanted: readonly Wanted[];
} {
  const wanted: Wanted[] = [];
  const known = new Map<string, number>();
  const indexOf = (kind: MemoryCheck['kind'], value: string): number => {
    const key = `${kind} ${kind === 'byte' ? value.toLowerCase() : value}`;
    const index = known.get(key) ?? wanted.push(createWanted(kind, value)) - 1;
    known.set(key, index);
    return index;
  };
  const searches = Object.entries(params.searches ?? {}).map(([label, search]) =>
    compileSearch(label, search, indexOf),
  );
  return { searches, wanted };
}

type IndexOf = (kind: MemoryCheck['kind'], value: string) => number;

function compileSearch(label: string, search: MemorySearch, indexOf: IndexOf): CompiledSearch {
  const { options, pids } = search;
  return {
    label,
    matchAll: options.matchall ?? false,
    logFailures: options.logfailures ?? false,
    range: { offset: options.offset ?? 0, maxLength: options.maxlength || Number.POSITIVE_INFINITY },
    maxAddresses: options.maxaddresses ?? usualAddresses,
    pids: pids?.length ? new Set(pids.map(Number)) : undefined,
    checks: [
      ...(search.names ?? []).map((value) => createFactCheck('name', value, { names: [value], options: {} })),
      ...(search.libraries ?? []).map((value) =>
        createFactCheck('library', value, { libraries: [value], options: {} }),
      ),
      ...(search.bytes ?? []).map((value) =>
        createMemoryCheck('byte', value, { bytes: [value], options: {} }, indexOf),
      ),
      ...(search.contents ?? []).map((value) =>
        createMemoryCheck('content', value, { contents: [value], options: {} }, indexOf),
      ),
      ...(search.yara === undefined
        ? []
        : [createMemoryCheck('yara', search.yara, { yara: shorten(search.yara), options: {} }, indexOf)]),
    ],
    echo: echoSearch(search),
  };
}

function createFactCheck(kind: FactCheck['kind'], value: string, echo: SearchEcho): FactCheck {
  return { kind, value, regex: compileRegex(value), echo };
}

function createMemoryCheck(kind: MemoryCheck['kind'], value: string, echo: SearchEcho, indexOf: IndexOf): MemoryCheck {
  return { kind, value, wanted: indexOf(kind, value), echo };
}

function createWanted(kind: MemoryCheck['kind'], value: string): Wanted {
  if (kind === 'byte') return { kind, bytes: Buffer.from(value, 'hex') };
  return kind === 'content' ? { kind, regex: compileRegex(value) } : { kind, rules: value };
}

/** The search as it was given, in MIG's order of keys, empty lists and the limits left out. */
function echoSearch({ description, yara, options, ...search }: MemorySearch): SearchEcho {
  const keys = ['names', 'libraries', 'bytes', 'contents'] as const;
  const lists = keys.flatMap((key) => (search[key]?.length ? [[key, search[key]] as const] : []));
  return {
    ...(description ? { description } : {}),
    ...Object.fromEntries(lists),
    ...(yara === undefined ? {} : { yara: shorten(yara) }),
    ...(search.pids?.length ? { pids: search.pids } : {}),
    options: {
      ...(options.logfailures ? { logfailures: true as const } : {}),
      ...(options.matchall ? { matchall: true as const } : {}),
    },
  };
}

/** Rules can be megabytes: they do not come back with every match. */
function shorten(rules: string): string {
  return rules.length > mostEchoed ? `${rules.slice(0, mostEchoed)}...` : rules;
}

const mostEchoed = 500;

export function isMemoryCheck(check: Check): check is MemoryCheck {
  return check.kind !== 'name' && check.kind !== 'library';
}

/** Whether a path matches as the kernel tells it, or without its mark of a deleted file: `/x$` finds "/tmp/x (deleted)". */
export function matchesPath(regex: Regex, path: string): boolean {
  const bare = withoutDeleted(path);
  return regex.test(path) || (bare !== path && regex.test(bare));
}

/** The mapped files of a process that are not its executable: the first mapping of each. Paths as text. */
export function librariesOf(mappings: readonly Mapping[], executable: string | undefined): readonly Mapping[] {
  const first = new Map<string, Mapping>();
  for (const mapping of mappings) {
    if (!isFileMapping(mapping) || mapping.path === executable || first.has(mapping.path)) continue;
    first.set(mapping.path, { ...mapping, path: decodeLatin1Path(mapping.path) });
  }
  return [...first.values()];
}
