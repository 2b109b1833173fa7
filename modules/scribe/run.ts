import { formatDuration } from '../../src/base/go-format.ts';
import { createPace, type Pace } from '../../src/base/pace.ts';
import { createProblems } from '../../src/files/problems.ts';
import { describeDoubtful } from '../../src/linux/packages/describe-doubtful.ts';
import { readPackages } from '../../src/linux/packages/read-packages.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { collectValues, type LookUp } from './collect-values.ts';
import type { ScribeTest } from './document.ts';
import { documentError, documentWarning, type Elements, type Statistics, type TestResult } from './elements.ts';
import { createListing, evaluateTest, type EvaluationOptions } from './evaluate-test.ts';
import { createPackageFinder, type FindPackages } from './find-packages.ts';
import { type Evaluated, judgeTests } from './judge-tests.ts';
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
  const pace = createPace({ clock, signal });
  const counts = { tests: document.tests?.length ?? 0, packages: 0, files: 0 };
  const onFile = (): void => progress.examined(++counts.files);
  const openPackages = (): FindPackages => {
    const { packages, doubtful, problems: told } = readPackages({ root });
    counts.packages = packages.length;
    for (const problem of [...told, ...describeDoubtful(doubtful)]) problems.addNote(problem);
    return createPackageFinder(packages, { variables: document.variables ?? [], compile, distribution });
  };
  const valuesOf = await collectValues(document, {
    searchPlaces: (places) => searchPlaces(places, { pace, problems, compile, onFile }),
    openPackages,
  });
  const evaluated = await evaluateAll(document.tests ?? [], valuesOf, { distribution }, pace);
  const results = judgeTests(evaluated);
  const cut = evaluated.reduce((sum, { evaluation }, at) => (results[at]?.iserror ? sum : sum + evaluation.cut), 0);
  if (cut > 0) problems.addNote(`${cut} values are not listed with their tests: there are too many`);
  if (signal.aborted) problems.addNote('stopped before everything was looked at');

  const holding = results.filter(({ masterresult }) => masterresult);
  for (const result of holding) progress.hit(wrap([result], params));
  return {
    foundAnything: holding.length > 0,
    elements: wrap(params.onlytrue ? holding : results, params),
    statistics: { execruntime: formatDuration(clock.monotonicMs() - startedMs), ...counts },
    errors: [...sayWarnings(warnings), ...sayErrors(results), ...problems.list()],
  };
}

async function evaluateAll(
  tests: readonly ScribeTest[],
  valuesOf: LookUp,
  options: EvaluationOptions,
  pace: Pace,
): Promise<readonly Evaluated[]> {
  const listing = createListing(pace);
  const evaluated: Evaluated[] = [];
  for (const test of tests) {
    evaluated.push({ test, evaluation: await evaluateTest(test, valuesOf(test.object), options, listing) });
  }
  return evaluated;
}

function wrap(results: readonly TestResult[], { humanoutput = false, jsonoutput = false }: Params): Elements {
  return { results, humanoutput, jsonoutput };
}

function sayErrors(results: readonly TestResult[]): readonly string[] {
  return results.filter(({ iserror }) => iserror).map(({ error, testid }) => `${documentError}${error} in "${testid}"`);
}

function sayWarnings(warnings: readonly string[]): readonly string[] {
  const said = warnings.slice(0, mostWarnings).map((warning) => `${documentWarning}${warning}`);
  const left = warnings.length - said.length;
  return left > 0 ? [...said, `${documentWarning}${left} more of these`] : said;
}
