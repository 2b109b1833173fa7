import { posix } from 'node:path';
import {
  type Check,
  type ContentCheck,
  createCheck,
  type DigestCheck,
  type FactCheck,
  keyOfKind,
  type NameCheck,
} from './check.ts';
import type { OptionsEcho, SearchEcho } from './elements.ts';
import { checkKinds, type Params, type Search } from './params.ts';

/** A search ready to run. */
export interface CompiledSearch {
  /** Its place among the searches of the run. */
  readonly index: number;
  readonly label: string;
  /** Cleaned: no trailing slash, no "..". */
  readonly paths: readonly string[];
  readonly maxDepth: number;
  readonly maxErrors: number;
  readonly matchLimit: number;
  readonly matchAll: boolean;
  readonly returnSha256: boolean;
  readonly decompress: boolean;
  readonly isTraced: boolean;
  /** All of them, in the order in which matchany reports them. */
  readonly checks: readonly Check[];
  readonly names: readonly NameCheck[];
  readonly facts: readonly FactCheck[];
  readonly contents: readonly ContentCheck[];
  readonly digests: readonly DigestCheck[];
  /** What matchall reports with each match. */
  readonly echo: SearchEcho;
}

/** The searches of parameters in their order. `nowMs` is the moment that ages count from. */
export function compileSearches(params: Params, nowMs: number): readonly CompiledSearch[] {
  return Object.entries(params.searches ?? {}).map(([label, search], index) =>
    compileSearch({ index, label }, search, nowMs),
  );
}

function compileSearch(
  name: { readonly index: number; readonly label: string },
  search: Search,
  nowMs: number,
): CompiledSearch {
  const { options } = search;
  const paths = [...new Set((search.paths ?? []).map(cleanPath))];
  const checks = checkKinds
    .flatMap((kind) => (search[keyOfKind[kind]] ?? []).map((value) => ({ kind, value })))
    .map((condition, index) => createCheck({ ...condition, index }, search, nowMs));
  return {
    ...name,
    paths,
    maxDepth: options.maxdepth || Number.POSITIVE_INFINITY,
    maxErrors: options.maxerrors || Number.POSITIVE_INFINITY,
    matchLimit: options.matchlimit || Number.POSITIVE_INFINITY,
    matchAll: options.matchall ?? false,
    returnSha256: (options.returnsha256 && options.matchall) ?? false,
    decompress: options.decompress ?? false,
    isTraced: options.debug === 'print',
    checks,
    names: checks.filter((check) => check.stage === 'name'),
    facts: checks.filter((check) => check.stage === 'facts'),
    contents: checks.filter((check) => check.stage === 'content'),
    digests: checks.filter((check) => check.stage === 'digest'),
    echo: echoSearch(search),
  };
}

/** The whole search as it was given, in MIG's order of keys, empty lists left out and the limits set to 0. */
function echoSearch(search: Search): SearchEcho {
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
  ] as const satisfies readonly (keyof Search)[];
  const lists = given.flatMap((key) => (search[key]?.length ? [[key, search[key]] as const] : []));
  return {
    ...(search.description ? { description: search.description } : {}),
    paths: (search.paths ?? []).map(cleanPath),
    ...Object.fromEntries(lists),
    options: echoOptions(search.options),
  };
}

function echoOptions(options: Search['options']): OptionsEcho {
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

/** Go's filepath.Clean: "/a//b/../c/" becomes "/a/c". */
function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
