import {
  type Check,
  type ContentCheck,
  createCheck,
  type DigestCheck,
  type FactCheck,
  keyOfKind,
  type NameCheck,
} from './check.ts';
import { cleanPath } from './clean-path.ts';
import { checkKinds } from './check-kinds.ts';
import type { FileSearch } from './file-search.ts';
import { echoSearch, type SearchEcho } from './search-echo.ts';

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

/** The searches, by label, in their order. `nowMs` is the moment that ages count from. */
export function compileSearches(
  searches: Readonly<Record<string, FileSearch>>,
  nowMs: number,
): readonly CompiledSearch[] {
  return Object.entries(searches).map(([label, search], index) => compileSearch({ index, label }, search, nowMs));
}

function compileSearch(
  name: { readonly index: number; readonly label: string },
  search: FileSearch,
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
