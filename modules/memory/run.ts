import { createPace } from '../../src/base/pace.ts';
import { formatDuration } from '../../src/base/go-format.ts';
import { readProcessIds } from '../../src/linux/proc/read-processes.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { compileSearches, type CompiledSearch } from './compile-searches.ts';
import { createWantedSearch } from './create-wanted-search.ts';
import type { Elements, Statistics } from './elements.ts';
import { createFindings } from './findings.ts';
import { findOwnProcesses, readRelative } from './find-own-processes.ts';
import { describeIdle, type Params } from './params.ts';
import { createProblems } from './problems.ts';
import { searchProcess, type ProcessSearch } from './search-process.ts';

/** Searches the processes of this host. What cannot be read is counted and said; what was found until a stop is returned. */
export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runOn({ procFolder: '/proc' }, params, context);
}

/** The same on any tree like /proc. */
export async function runOn(
  host: { readonly procFolder: string },
  params: Params,
  context: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  const { clock, signal, progress } = context;
  const startedMs = clock.monotonicMs();
  const { searches, wanted } = compileSearches(params);
  const findings = createFindings(searches, progress);
  const problems = createProblems();
  // Before the scanner of YARA rules starts children, which would be found as well.
  const pids = readProcessIds(host.procFolder);
  const entry = Buffer.from(process.argv[1] ?? '').toString('latin1');
  const own = findOwnProcesses({ pid: process.pid, entry }, pids, (pid) => readRelative(pid, host));
  const looked = pids.filter((pid) => searches.some((search) => isAbout(search, pid)));
  for (const warning of warnOfNothing(searches, new Set(pids))) problems.add(warning);
  let processCount = 0;
  let memoryRead = 0;

  const wantedSearch = await createWantedSearch(wanted, { signal, onProblem: problems.add });
  try {
    const pace = createPace({ clock, signal });
    const shared: ProcessSearch = { ...host, ...own, searches, wanted: wantedSearch, findings, problems, pace };
    for (const pid of looked) {
      if (pace.isDue()) await pace.rest();
      if (signal.aborted) break;
      memoryRead += await searchProcess(pid, shared);
      progress.examined(++processCount);
    }
  } finally {
    await wantedSearch.close();
  }
  if (signal.aborted) problems.add('stopped before every process was searched');

  const { failed, vanished, failures, errors } = problems.summary();
  return {
    foundAnything: findings.count() > 0,
    elements: findings.elements(),
    statistics: {
      processcount: processCount,
      memoryread: memoryRead,
      totalhits: findings.count(),
      ...(failures.length > 0 ? { failures } : {}),
      exectime: formatDuration(clock.monotonicMs() - startedMs),
      finishedat: new Date(clock.nowMs()).toISOString(),
      failed,
      vanished,
      own: wanted.length > 0 ? [...own.own].sort((a, b) => a - b) : [],
    },
    errors: [...errors, ...findings.cuts()],
  };
}

/** Whether something is asked about a process. */
function isAbout({ pids, checks }: CompiledSearch, pid: number): boolean {
  return checks.length > 0 && (pids?.has(pid) ?? true);
}

const mostNamed = 5;

/** What cannot find anything, and would else look as if there were nothing to find. */
function warnOfNothing(searches: readonly CompiledSearch[], pids: ReadonlySet<number>): readonly string[] {
  const idle = searches
    .filter(({ checks }) => checks.length === 0)
    .map(({ label }) => `warning: ${describeIdle(label)}`);
  const wanted = new Set(searches.flatMap((search) => [...(search.pids ?? [])]));
  const missing = [...wanted].filter((pid) => !pids.has(pid));
  if (missing.length === 0) return idle;
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : '';
  const named = missing.slice(0, mostNamed).join(', ');
  return [...idle, `warning: there is no process ${named}${more}, or none that this agent may see`];
}
