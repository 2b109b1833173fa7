import { formatDuration } from '../../src/base/go-format.ts';
import { createPace } from '../../src/base/pace.ts';
import { createProblems } from '../../src/files/problems.ts';
import { readPackages } from '../../src/linux/packages/read-packages.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { collectValues } from './collect-values.ts';
import { documentError, documentWarning, type Elements, type Statistics, type TestResult } from './elements.ts';
import { evaluateTest } from './evaluate-test.ts';
import { createPackageFinder, type FindPackages } from './find-packages.ts';
import { judgeTests } from './judge-tests.ts';
import { limitResults } from './limit-results.ts';
import type { Params } from './params.ts';
import { parseDocument } from './parse-document.ts';
import { searchPlaces } from './search-places.ts';

/** How many files that could not be read are named. */
const mostErrors = 30;
const mostWarnings = 30;

/** Looks at what the tests need and judges them. Whatever cannot be read is a soft error; after a stop, tests that it leaves open are errors. */
export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runOn('/', params, context);
}

/** The same with the packages of the system below `root`. */
export async function runOn(
  root: string,
  params: Params,
  { clock, signal, progress }: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  const startedMs = clock.monotonicMs();
  const { document, warnings, compile } = params.scribedoc ?? parseDocument(undefined);
  const distribution = params.distribution ?? false;
  const problems = createProblems(mostErrors);
  const counts = { tests: 0, packages: 0, files: 0 };
  const tools = {
    pace: createPace({ clock, signal }),
    problems,
    compile,
    onFile: () => progress.examined(++counts.files),
  };
  const openPackages = (): FindPackages => {
    const { packages, problems: told } = readPackages({ root });
    counts.packages = packages.length;
    for (const problem of told) problems.addNote(problem);
    return createPackageFinder(packages, { variables: document.variables ?? [], compile, distribution });
  };
  const valuesOf = await collectValues(document, {
    searchPlaces: (places) => searchPlaces(places, tools),
    openPackages,
  });
  const tests = document.tests ?? [];
  const judged = judgeTests(
    tests.map((test) => ({ test, evaluation: evaluateTest(test, valuesOf(test.object), { compile, distribution }) })),
  );
  const { results, cut } = limitResults(judged);
  if (cut > 0) problems.addNote(`${cut} values are not listed with the results of their tests: there are too many`);
  counts.tests = results.length;
  const wrap = (shown: readonly TestResult[]): Elements => ({
    results: shown,
    humanoutput: params.humanoutput ?? false,
    jsonoutput: params.jsonoutput ?? false,
  });
  const holding = results.filter(({ masterresult }) => masterresult);
  for (const result of holding) progress.hit(wrap([result]));
  if (signal.aborted) problems.addNote('stopped before everything was looked at');
  return {
    foundAnything: holding.length > 0,
    elements: wrap(params.onlytrue ? holding : results),
    statistics: { execruntime: formatDuration(clock.monotonicMs() - startedMs), ...counts },
    errors: [...sayWarnings(warnings), ...sayErrors(results), ...problems.list()],
  };
}

function sayErrors(results: readonly TestResult[]): readonly string[] {
  return results.filter(({ iserror }) => iserror).map(({ error, testid }) => `${documentError}${error} in "${testid}"`);
}

function sayWarnings(warnings: readonly string[]): readonly string[] {
  const said = warnings.slice(0, mostWarnings).map((warning) => `${documentWarning}${warning}`);
  const left = warnings.length - said.length;
  return left > 0 ? [...said, `${documentWarning}${left} more of these`] : said;
}
