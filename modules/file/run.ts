import { availableParallelism } from 'node:os';
import { formatDuration } from '../../src/base/go-format.ts';
import { createPace } from '../../src/base/pace.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { type CompiledSearch, compileSearches } from './compile-search.ts';
import type { Elements, Statistics } from './elements.ts';
import { createFindings } from './findings.ts';
import { createHitCounters, createHits, mostResultBytes } from './hits.ts';
import type { Params } from './params.ts';
import { createProblems } from './problems.ts';
import { readRoots } from './roots.ts';
import { createSearchThread } from './search-thread.ts';
import { createTeam } from './team.ts';

/** How long one thread works alone: a small search is done before a second one would have started. */
const aloneMs = 40;

/** Walks the paths of all searches once and reports what matches. Whatever cannot be read is a soft error; what was found until a stop is returned. */
export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runInThreads(params, context, availableParallelism() > 1 ? aloneMs : Number.POSITIVE_INFINITY);
}

/** The same, with a second thread that joins after some time. */
export async function runInThreads(
  params: Params,
  context: RunContext<Elements>,
  helpAfterMs: number,
): Promise<RunOutcome<Elements, Statistics>> {
  const { clock, signal } = context;
  const startedMs = clock.monotonicMs();
  const { searches, findings, problems, hits, files, thread, team, tellProgress } = prepare(
    params,
    context,
    helpAfterMs,
  );
  for (const [path, root] of files) if (!thread.isOver()) await thread.evaluateRoot(path, root);
  await team.walk(thread);
  tellProgress();

  const filescount = thread.fileCount() + team.fileCount();
  for (const note of notesOf(searches)) problems.addNote(note);
  if (hits.isOutOfSpace()) {
    const mebibytes = mostResultBytes / 2 ** 20;
    problems.addNote(`ended after ${findings.count()} matches, which take ${mebibytes} MiB: narrow the search`);
  }
  if (signal.aborted)
    problems.addNote(`stopped before the end: the matches are those among the first ${filescount} files`);
  return {
    foundAnything: findings.count() > 0,
    elements: findings.elements(),
    statistics: {
      filescount,
      openfailed: problems.openFailed(),
      totalhits: findings.count(),
      exectime: formatDuration(clock.monotonicMs() - startedMs),
    },
    errors: problems.list(),
  };
}

/** Everything that one run needs, with the paths of the searches looked at and nothing walked yet. */
function prepare(params: Params, { clock, signal, progress, log }: RunContext<Elements>, helpAfterMs: number) {
  const startedMs = clock.monotonicMs();
  const nowMs = clock.nowMs();
  const searches = compileSearches(params, nowMs);
  const findings = createFindings(searches, progress.hit);
  const maxErrors = Math.max(0, ...searches.map((search) => search.maxErrors));
  const problems = createProblems(maxErrors);
  const counters = createHitCounters(searches.length);
  const hits = createHits(searches, counters, findings.add);
  const { starts, files } = readRoots(searches, problems);
  const isTraced = searches.some((search) => search.isTraced);
  const trace = isTraced ? (message: string, path: string): void => log.info(message, { path }) : (): void => {};
  const team = createTeam({
    data: { params, nowMs, maxErrors, isTraced, counters },
    searches,
    starts,
    signal,
    isHelpDue: () => clock.monotonicMs() - startedMs >= helpAfterMs,
    onHit: findings.add,
    onTrace: trace,
    problems,
  });
  const tellProgress = (): void => progress.examined(thread.fileCount() + team.fileCount());
  const pace = createPace({ clock, signal });
  const pause = {
    signal,
    isDue: (): boolean => team.isStarting() || pace.isDue(),
    rest: (): Promise<void> => {
      tellProgress();
      return pace.rest();
    },
  };
  const { betweenWork } = team;
  const thread = createSearchThread({ searches, starts, hits, problems, pause, trace, betweenWork });
  return { searches, findings, problems, hits, files, thread, team, tellProgress };
}

/** What an investigator should know about a search that does not do what its parameters seem to say. */
function notesOf(searches: readonly CompiledSearch[]): readonly string[] {
  return searches
    .filter(({ checks }) => checks.length === 0)
    .map(({ label }) => `warning: search '${label}' has no condition and matches nothing: add a name, for example .`);
}
