import type { Candidate } from './candidate.ts';
import type { CompiledSearch } from './compile-search.ts';
import type { Hits } from './hits.ts';

/**
 * Looks at everything about a file that needs no reading of it, the cheapest first: its name, then what stat tells. Reports what is decided by that
 * and returns the searches that must read the file to go on.
 */
export function evaluateMetadata(
  candidate: Candidate,
  searches: readonly CompiledSearch[],
  hits: Hits,
): readonly CompiledSearch[] {
  let reading: CompiledSearch[] | undefined;
  for (const search of searches) {
    if (hits.isFull(search)) continue;
    const needsReading = search.matchAll ? evaluateAll(candidate, search, hits) : evaluateAny(candidate, search, hits);
    if (needsReading) (reading ??= []).push(search);
  }
  return reading ?? none;
}

const none: readonly CompiledSearch[] = [];

function evaluateAll(candidate: Candidate, search: CompiledSearch, hits: Hits): boolean {
  for (const check of search.names) if (!check.passes(candidate.name)) return false;
  if (search.checks.length === 0) return false;
  if (search.facts.length > 0) {
    const stats = candidate.stats();
    if (!stats || !search.facts.every((check) => check.passes(stats))) return false;
  }
  if (search.contents.length > 0 || search.digests.length > 0 || search.returnSha256) return true;
  const info = candidate.info();
  if (info) hits.add({ search, check: undefined, file: candidate.path, fileinfo: info });
  return false;
}

function evaluateAny(candidate: Candidate, search: CompiledSearch, hits: Hits): boolean {
  for (const check of search.names) {
    if (!check.passes(candidate.name)) continue;
    const info = candidate.info();
    if (info) hits.add({ search, check, file: candidate.path, fileinfo: info });
  }
  for (const check of search.facts) {
    const stats = candidate.stats();
    if (!stats) break;
    if (!check.passes(stats)) continue;
    const info = candidate.info();
    if (info) hits.add({ search, check, file: candidate.path, fileinfo: info });
  }
  return search.contents.length > 0 || search.digests.length > 0;
}
