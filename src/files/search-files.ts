import { availableParallelism } from 'node:os';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { createPace } from '../base/pace.ts';
import type { CompiledSearch } from './compile-search.ts';
import type { FileSearch } from './file-search.ts';
import { createHitCounters, createHits, type Hit, mostResultBytes } from './hits.ts';
import { createProblems } from './problems.ts';
import { readRoots } from './roots.ts';
import { createSearchThread } from './search-thread.ts';
import { createTeam } from './team.ts';

/** What a search for files works with. A module's RunContext has most of it. */
export interface FileSearchOptions {
  /** By label, as they were given. */
  readonly given: Readonly<Record<string, FileSearch>>;
  /** The same, compiled with `nowMs`. */
  readonly searches: readonly CompiledSearch[];
  /** The moment that ages count from. */
  readonly nowMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Each match, once. */
  readonly onHit: (hit: Hit) => void;
  /** How many files were looked at so far; called now and then. */
  readonly examined: (count: number) => void;
  /**
   * For whoever takes the matches to work on them: a promise while that is more than enough, for which the walk then waits. With it no second thread
   * joins, and matches do not count against the space of a result: they are not what is returned.
   */
  readonly hold?: () => Promise<void> | undefined;
  /** When a second thread joins; by default after 40 ms where there are two processors. */
  readonly helpAfterMs?: number | undefined;
}

/** What is known at the end besides the matches. */
export interface FileSearchSummary {
  /** Files whose conditions were looked at. */
  readonly filesCount: number;
  /** Paths, directories, links and files that could not be opened or read. */
  readonly openFailed: number;
  /** The searches, by label, that ended at their limit of matches. */
  readonly limited: readonly string[];
  /** The first errors, and notes about the run as a whole. */
  readonly errors: readonly string[];
}

/** How long one thread works alone: a small search is done before a second one would have started. */
const aloneMs = 10;

/** Walks the paths of all searches once and reports what matches. Whatever cannot be read is a soft error; a stop ends it with what was found until then. */
export async function searchFiles(options: FileSearchOptions): Promise<FileSearchSummary> {
  let found = 0;
  const counted = (hit: Hit): void => {
    found++;
    options.onHit(hit);
  };
  const { problems, hits, files, thread, team, tellProgress } = prepare({ ...options, onHit: counted });
  for (const [path, root] of files) if (!thread.isOver()) await thread.evaluateRoot(path, root);
  await team.walk(thread);
  tellProgress();

  const filesCount = thread.fileCount() + team.fileCount();
  for (const note of notesOf(options.searches)) problems.addNote(note);
  if (hits.isOutOfSpace()) {
    const mebibytes = mostResultBytes / 2 ** 20;
    problems.addNote(`ended after ${found} matches, which take ${mebibytes} MiB: narrow the search`);
  }
  // With `hold` only the one who works on the matches knows how far that came.
  if (options.signal.aborted && !options.hold)
    problems.addNote(`stopped before the end: the matches are those among the first ${filesCount} files`);
  const limited = hits.isOutOfSpace() ? [] : options.searches.filter(hits.isFull).map(({ label }) => label);
  return { filesCount, openFailed: problems.openFailed(), limited, errors: problems.list() };
}

/** Everything that one run needs, with the paths of the searches looked at and nothing walked yet. */
function prepare(options: FileSearchOptions) {
  const { clock, signal, searches, log, given, nowMs, onHit } = options;
  const { hold } = options;
  const isAlone = hold !== undefined || availableParallelism() < 2;
  const helpAfterMs = options.helpAfterMs ?? (isAlone ? Number.POSITIVE_INFINITY : aloneMs);
  const startedMs = clock.monotonicMs();
  const maxErrors = Math.max(0, ...searches.map((search) => search.maxErrors));
  const problems = createProblems(maxErrors);
  const counters = createHitCounters(searches.length);
  const hits = createHits(searches, counters, onHit, hold ? Number.POSITIVE_INFINITY : mostResultBytes);
  const { starts, files } = readRoots(searches, problems);
  const isTraced = searches.some((search) => search.isTraced);
  const trace = isTraced ? (message: string, path: string): void => log.info(message, { path }) : (): void => {};
  const team = createTeam({
    data: { searches: given, nowMs, maxErrors, isTraced, counters },
    searches,
    starts,
    signal,
    isHelpDue: () => clock.monotonicMs() - startedMs >= helpAfterMs,
    onHit,
    onTrace: trace,
    problems,
  });
  const tellProgress = (): void => options.examined(thread.fileCount() + team.fileCount());
  const pace = createPace({ clock, signal });
  const pause = {
    signal,
    isDue: (): boolean => team.isStarting() || hold?.() !== undefined || pace.isDue(),
    rest: async (): Promise<void> => {
      tellProgress();
      await hold?.();
      return pace.rest();
    },
  };
  const { betweenWork } = team;
  const thread = createSearchThread({ searches, starts, hits, problems, pause, trace, betweenWork });
  return { problems, hits, files, thread, team, tellProgress };
}

/** What an investigator should know about a search that does not do what its parameters seem to say. */
function notesOf(searches: readonly CompiledSearch[]): readonly string[] {
  return searches
    .filter(({ checks }) => checks.length === 0)
    .map(({ label }) => `warning: search '${label}' has no condition and matches nothing: add a name, for example .`);
}
