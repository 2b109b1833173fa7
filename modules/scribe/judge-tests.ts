/** From what each test is by itself to what it is with the tests it depends on, whatever their order in the document. */
import type { ScribeTest } from './document.ts';
import type { TestResult } from './elements.ts';
import type { Evaluation } from './evaluate-test.ts';

/** A test with what it makes of its own object. */
export interface Evaluated {
  readonly test: ScribeTest;
  readonly evaluation: Evaluation;
}

/**
 * A test that depends, directly or not, on one that is an error is an error as well. Else it holds when one of its values makes it true and everything it
 * depends on holds. What depends on itself in a circle cannot hold.
 */
export function judgeTests(tests: readonly Evaluated[]): readonly TestResult[] {
  const graph = createGraph(tests);
  const errors = spreadErrors(tests, graph);
  const holds = spreadTruth(tests, graph, errors);
  return tests.map(({ test, evaluation }, at) => {
    const error = errors.get(at);
    return {
      testid: test.test,
      name: test.name ?? '',
      description: test.description ?? '',
      ...(test.tags ? { tags: test.tags } : {}),
      iserror: error !== undefined,
      error: error ?? '',
      masterresult: holds.has(at),
      hastrueresults: error === undefined && evaluation.hasTrue,
      results: error === undefined && evaluation.results.length > 0 ? evaluation.results : null,
    };
  });
}

/** Tests by their place in the list; a name that several have means the first. */
interface Graph {
  readonly needs: readonly (readonly number[])[];
  readonly neededBy: readonly (readonly number[])[];
}

function createGraph(tests: readonly Evaluated[]): Graph {
  const places = new Map<string, number>();
  for (const [at, { test }] of tests.entries()) if (!places.has(test.test)) places.set(test.test, at);
  const needs = tests.map(({ test }) =>
    [...new Set(test.if)].map((id) => places.get(id)).filter((place) => place !== undefined),
  );
  const neededBy: number[][] = tests.map(() => []);
  for (const [at, places] of needs.entries()) for (const place of places) neededBy[place]?.push(at);
  return { needs, neededBy };
}

/** The error of every test that is one. */
function spreadErrors(tests: readonly Evaluated[], { needs, neededBy }: Graph): ReadonlyMap<number, string> {
  const own = tests.flatMap(({ evaluation }, at) => (evaluation.error === undefined ? [] : [at]));
  const reached = new Set(own);
  for (const at of reached) for (const next of neededBy[at] ?? []) reached.add(next);
  return new Map(
    [...reached].map((at) => {
      const failed = needs[at]?.find((place) => reached.has(place)) ?? at;
      const error = tests[at]?.evaluation.error ?? `a test dependency failed ("${tests[failed]?.test.test}")`;
      return [at, error] as const;
    }),
  );
}

/** The tests that hold: those that wait for nothing, then those that waited only for such, and so on. */
function spreadTruth(
  tests: readonly Evaluated[],
  { needs, neededBy }: Graph,
  errors: ReadonlyMap<number, string>,
): ReadonlySet<number> {
  const open = needs.map((places) => places.length);
  const mayHold = (at: number): boolean => open[at] === 0 && !errors.has(at) && tests[at]?.evaluation.hasTrue === true;
  const holding = new Set(tests.keys().filter(mayHold));
  for (const at of holding) {
    for (const next of neededBy[at] ?? []) {
      open[next] = (open[next] ?? 0) - 1;
      if (mayHold(next)) holding.add(next);
    }
  }
  return holding;
}
