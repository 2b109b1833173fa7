import { formatDuration } from '../../src/base/go-format.ts';
import { compileSearches } from '../../src/files/compile-search.ts';
import type { FileSearch } from '../../src/files/file-search.ts';
import { createProblems } from '../../src/files/problems.ts';
import { type FileSearchSummary, searchFiles } from '../../src/files/search-files.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { createYaraScanner, type YaraScanner } from '../../src/search/yara/create-yara-scanner.ts';
import type { Elements, Statistics } from './elements.ts';
import { readExternals } from './externals.ts';
import { createFindings } from './findings.ts';
import { defaultMaxMebibytes, defaultTimeoutSeconds, type Params, searchesOf } from './params.ts';
import { createScanQueue, type ScanQueue } from './scan-queue.ts';

type Outcome = RunOutcome<Elements, Statistics>;

const maxWarnings = 5;

/** Scans the files of the searches while one walk finds them. Rules that do not compile end the run; what cannot be scanned is a soft error. */
export async function run(params: Params, context: RunContext<Elements>): Promise<Outcome> {
  const startedMs = context.clock.monotonicMs();
  const outcome = await compileAndScan(params, context);
  const exectime = formatDuration(context.clock.monotonicMs() - startedMs);
  return { ...outcome, statistics: { ...outcome.statistics, exectime } };
}

async function compileAndScan(params: Params, context: RunContext<Elements>): Promise<Outcome> {
  let scanner: YaraScanner | undefined;
  try {
    scanner = await createYaraScanner({
      rules: params.yara ?? '',
      externals: readExternals(params.externals),
      timeoutMs: (params.timeout ?? defaultTimeoutSeconds) * 1000,
      signal: context.signal,
    });
    return await scanFiles(params, context, scanner);
  } catch (error) {
    if (scanner !== undefined || !context.signal.aborted) throw error;
    return nothing(['stopped before the rules were compiled: no file was scanned']);
  } finally {
    await scanner?.close();
  }
}

function nothing(errors: readonly string[]): Outcome {
  const statistics = { filesfound: 0, filesscanned: 0, filesskipped: 0, openfailed: 0, totalhits: 0, exectime: '' };
  return { foundAnything: false, elements: { Matches: null }, statistics, errors };
}

async function scanFiles(params: Params, context: RunContext<Elements>, scanner: YaraScanner): Promise<Outcome> {
  const given = searchesOf(params);
  const findings = createFindings(context.progress.hit);
  const problems = createProblems(maxErrorsOf(given));
  const queue = createScanQueue({
    scanner,
    maxBytes: (params.maxsize ?? defaultMaxMebibytes) * 2 ** 20 || Number.POSITIVE_INFINITY,
    isOnce: Object.values(given).some(({ options }) => !options.matchall) || Object.keys(given).length > 1,
    signal: context.signal,
    onMatch: findings.add,
    problems,
    examined: context.progress.examined,
  });
  const summary = await findFiles(given, context, queue);
  await queue.drained();

  for (const warning of scanner.warnings.slice(0, maxWarnings)) problems.addNote(`warning: the rules, ${warning}`);
  for (const note of queue.notes()) problems.addNote(note);
  if (findings.leftOut() > 0)
    problems.addNote(
      `${findings.leftOut()} more files matched and are not listed: the result is full, narrow the search`,
    );
  const { found, scanned, skipped } = queue.counts();
  return {
    foundAnything: findings.count() > 0,
    elements: findings.elements(),
    statistics: {
      filesfound: found,
      filesscanned: scanned,
      filesskipped: skipped,
      openfailed: summary.openFailed + problems.openFailed(),
      totalhits: findings.count(),
      exectime: '',
    },
    errors: [...summary.errors, ...problems.list()],
  };
}

async function findFiles(
  given: Readonly<Record<string, FileSearch>>,
  { clock, signal, log }: RunContext<Elements>,
  queue: ScanQueue,
): Promise<Pick<FileSearchSummary, 'openFailed' | 'errors'>> {
  if (Object.keys(given).length === 0)
    return { openFailed: 0, errors: ['warning: no files were asked for and none was scanned: give a path'] };
  const nowMs = clock.nowMs();
  const wanted = Object.fromEntries(Object.entries(given).map(([label, search]) => [label, withCondition(search)]));
  const searches = compileSearches(wanted, nowMs);
  const counts = searches.map(() => 0);
  const { errors, openFailed } = await searchFiles({
    given: wanted,
    searches,
    nowMs,
    clock,
    signal,
    log,
    onHit: ({ search, file, fileinfo }) => {
      counts[search.index] = (counts[search.index] ?? 0) + 1;
      queue.add({ path: file, size: fileinfo.size, sha256: fileinfo.sha256 }, fileinfo.mode);
    },
    hold: queue.hold,
    // Progress counts the files that were scanned, not those that were looked at to find them.
    examined: () => undefined,
  });
  const full = searches.filter(({ index, matchLimit }) => counts[index] === matchLimit);
  return {
    openFailed,
    errors: [
      ...errors,
      ...full.map(({ matchLimit }) => `ended after ${matchLimit} files (matchlimit): there may be more to scan`),
    ],
  };
}

/** To look for files without a condition means all of them here: the rules are the condition. */
function withCondition(search: FileSearch): FileSearch {
  const { names, sizes, modes, mtimes, contents, md5, sha1, sha2, sha3 } = search;
  const conditions = [names, sizes, modes, mtimes, contents, md5, sha1, sha2, sha3];
  return conditions.some((list) => (list?.length ?? 0) > 0) ? search : { ...search, names: ['.'] };
}

function maxErrorsOf(given: Readonly<Record<string, FileSearch>>): number {
  return Math.max(0, ...Object.values(given).map(({ options }) => options.maxerrors || Number.POSITIVE_INFINITY));
}
