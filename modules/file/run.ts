import { statSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { formatDuration } from '../../src/base/go-format.ts';
import { createPace } from '../../src/linux/pace.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import type { StopSign } from '../../src/search/read/content-reader.ts';
import { encodePath, joinPath } from '../../src/search/walk/path-text.ts';
import type { Entry } from '../../src/search/walk/read-directory.ts';
import { type Pause, type Visitor, walkTree } from '../../src/search/walk/walk-tree.ts';
import { type Candidate, createCandidate } from './candidate.ts';
import { type CompiledSearch, compileSearches } from './compile-search.ts';
import type { Elements, Statistics } from './elements.ts';
import { createContentEvaluator, type EvaluateContent } from './evaluate-content.ts';
import { evaluateMetadata } from './evaluate.ts';
import { createFindings, type Findings, mostMatches } from './findings.ts';
import type { Params } from './params.ts';
import { createProblems, describeFailure, describeLink, type Problems } from './problems.ts';
import { readLink, readRoots, type Roots } from './roots.ts';
import { createScope, type Scope } from './scope.ts';

/** All that the parts of one run share. */
interface SearchRun {
  readonly searches: readonly CompiledSearch[];
  readonly findings: Findings;
  readonly problems: Problems;
  readonly pause: Pause & StopSign;
  readonly evaluateContent: EvaluateContent;
  readonly trace: (message: string, path: string) => void;
  readonly counts: { files: number };
}

/** Walks the paths of all searches once and reports what matches. Whatever cannot be read is a soft error; what was found until a stop is returned. */
export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  const startedMs = context.clock.monotonicMs();
  const search = createSearchRun(params, context);
  const { findings, problems, counts } = search;
  await searchRoots(search, readRoots(search.searches, problems));
  context.progress.examined(counts.files);
  addNotes(search);
  return {
    foundAnything: findings.totalHits() > 0,
    elements: findings.elements(),
    statistics: {
      filescount: counts.files,
      openfailed: problems.openFailed(),
      totalhits: findings.totalHits(),
      exectime: formatDuration(context.clock.monotonicMs() - startedMs),
    },
    errors: problems.list(),
  };
}

function createSearchRun(params: Params, context: RunContext<Elements>): SearchRun {
  const searches = compileSearches(params, context.clock.nowMs());
  const counts = { files: 0 };
  const pace = createPace({ clock: context.clock, signal: context.signal });
  const pause = {
    signal: context.signal,
    isDue: pace.isDue,
    rest: () => {
      context.progress.examined(counts.files);
      return pace.rest();
    },
  };
  const findings = createFindings(searches, context.progress.hit);
  return {
    searches,
    findings,
    problems: createProblems(Math.max(0, ...searches.map(({ maxErrors }) => maxErrors))),
    pause,
    evaluateContent: createContentEvaluator(searches, findings, pause),
    trace: searches.some(({ isTraced }) => isTraced)
      ? (message, path) => context.log.info(message, { path })
      : () => {},
    counts,
  };
}

async function searchRoots(search: SearchRun, roots: Roots): Promise<void> {
  const isOver = (): boolean => search.pause.signal.aborted || search.findings.areAllFull();
  for (const [path, { stats, searches }] of roots.files) {
    if (isOver()) return;
    await evaluate(search, candidateOf(search, path, stats), searches);
  }
  const visitor = createVisitor(search, roots, isOver);
  for (const [path, searches] of roots.directories) {
    if (visitor.isOver()) return;
    if (visitor.isWalked(path)) continue;
    search.trace('entering', path);
    await walkTree(path, createScope(searches), visitor, search.pause);
  }
}

/** Goes where some search still looks, into each directory once, and hands over files and links to files. */
function createVisitor(
  search: SearchRun,
  roots: Roots,
  isOver: () => boolean,
): Visitor<Scope> & { readonly isWalked: (path: string) => boolean } {
  const { findings, problems, trace } = search;
  const walked = new Set<string>();
  return {
    isOver,
    isWalked: (path) => walked.has(path),
    enter: (path, above) => {
      const starting = roots.directories.get(path) ?? [];
      if (starting.length > 0) walked.add(path);
      const scope = above.below(starting);
      if (scope === undefined || scope.searches.every(findings.isFull)) return undefined;
      trace('entering', path);
      return scope;
    },
    visit: (directory, entry, scope) => {
      if (entry.kind === 'other') return undefined;
      const path = joinPath(directory, entry.name);
      const root = roots.files.get(path);
      const searches = root ? scope.searches.filter((one) => !root.searches.includes(one)) : scope.searches;
      if (entry.kind === 'file') return evaluate(search, candidateOf(search, path, undefined), searches, !root);
      const stats = statLink(path, entry, problems);
      return stats?.isFile() ? evaluate(search, candidateOf(search, path, stats), searches, !root) : undefined;
    },
    failed: (path, error) => problems.addFailure(describeFailure('open', path, error)),
  };
}

/** What a link leads to, whatever that is; a link that leads nowhere is told. */
function statLink(path: string, _entry: Entry, problems: Problems): Stats | undefined {
  try {
    return statSync(encodePath(path));
  } catch (error) {
    problems.addFailure(describeLink(path, readLink(path), error));
    return undefined;
  }
}

function candidateOf(search: SearchRun, path: string, stats: Stats | undefined): Candidate {
  const isRegular = stats === undefined || stats.isFile();
  return createCandidate({ path, name: posix.basename(path), isRegular, stats, problems: search.problems });
}

function evaluate(
  search: SearchRun,
  candidate: Candidate,
  searches: readonly CompiledSearch[],
  isNew = true,
): Promise<void> | undefined {
  if (isNew) search.counts.files++;
  const reading = evaluateMetadata(candidate, searches, search.findings);
  if (reading.length === 0) return undefined;
  search.trace('reading', candidate.path);
  return search.evaluateContent(candidate, reading);
}

function addNotes({ searches, findings, problems, pause, counts }: SearchRun): void {
  for (const { label, checks } of searches) {
    if (checks.length === 0)
      problems.addNote(`warning: search '${label}' has no condition and matches nothing: add a name, for example .`);
  }
  for (const search of searches) {
    if (search.matchLimit > mostMatches && findings.isFull(search))
      problems.addNote(`search '${search.label}' was ended after ${mostMatches} matches: narrow it`);
  }
  if (pause.signal.aborted)
    problems.addNote(`stopped before the end: the matches are those among the first ${counts.files} files`);
}
