import type { SubResult, TestResult } from './elements.ts';

/** What one test may list, and what all together: thousands of tests may share an object with many values. */
const mostOfTest = 10_000;
const mostOfAll = 200_000;

/** The same results with fewer values listed where there are too many; what makes a test true is listed first. `cut` counts those left out. */
export function limitResults(tests: readonly TestResult[]): {
  readonly results: readonly TestResult[];
  readonly cut: number;
} {
  let left = mostOfAll;
  let cut = 0;
  const results = tests.map((test): TestResult => {
    const all = test.results ?? [];
    const room = Math.max(1, Math.min(mostOfTest, left));
    const listed = all.length <= room ? all : trueFirst(all).slice(0, room);
    left -= listed.length;
    cut += all.length - listed.length;
    return listed === all ? test : { ...test, results: listed };
  });
  return { results, cut };
}

function trueFirst(results: readonly SubResult[]): readonly SubResult[] {
  return [...results.filter(({ result }) => result), ...results.filter(({ result }) => !result)];
}
