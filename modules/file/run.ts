import { setFlagsFromString } from 'node:v8';
import { formatDuration } from '../../src/base/go-format.ts';
import { compileSearches } from '../../src/files/compile-search.ts';
import { searchFiles } from '../../src/files/search-files.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import type { Elements, Statistics } from './elements.ts';
import { createFindings } from './findings.ts';
import type { Params } from './params.ts';

/** Walks the paths of all searches once and reports what matches. Whatever cannot be read is a soft error; what was found until a stop is returned. */
export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  // A search is short, and its long loops are WebAssembly or the system's: what V8's last optimiser takes of two processors is not won back.
  setFlagsFromString('--no-turbofan');
  return runInThreads(params, context, undefined);
}

/** The same; `helpAfterMs` is when a second thread joins, undefined as src/files has it. */
export async function runInThreads(
  params: Params,
  { clock, signal, log, progress }: RunContext<Elements>,
  helpAfterMs: number | undefined,
): Promise<RunOutcome<Elements, Statistics>> {
  const startedMs = clock.monotonicMs();
  const nowMs = clock.nowMs();
  const given = params.searches ?? {};
  const searches = compileSearches(given, nowMs);
  const findings = createFindings(searches, progress.hit);
  const { examined } = progress;
  const onHit = findings.add;
  const summary = await searchFiles({ given, searches, nowMs, clock, signal, log, onHit, examined, helpAfterMs });
  return {
    foundAnything: findings.count() > 0,
    elements: findings.elements(),
    statistics: {
      filescount: summary.filesCount,
      openfailed: summary.openFailed,
      totalhits: findings.count(),
      exectime: formatDuration(clock.monotonicMs() - startedMs),
      ...(summary.limited.length > 0 ? { limited: summary.limited } : {}),
    },
    errors: summary.errors,
  };
}
