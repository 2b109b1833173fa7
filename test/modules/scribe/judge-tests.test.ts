import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evaluated, judgeTests } from '../../../modules/scribe/judge-tests.ts';

/** "true", "false" or an error, and the tests that it needs. */
type Told = readonly [state: string, ...needs: string[]];

function create(tests: Readonly<Record<string, Told>>): readonly Evaluated[] {
  return Object.entries(tests).map(([id, [state, ...needs]]) => ({
    test: { test: id, object: 'o', if: needs },
    evaluation: {
      ...(state === 'true' || state === 'false' ? {} : { error: state }),
      results: [{ result: state === 'true', identifier: 'i' }],
      hasTrue: state === 'true',
      cut: 0,
    },
  }));
}

const judged = (tests: readonly Evaluated[]): Record<string, boolean | string> =>
  Object.fromEntries(
    judgeTests(tests).map(({ testid, iserror, error, masterresult }) => [testid, iserror ? error : masterresult]),
  );

describe('a test holds', () => {
  test('when it has something true and all that it needs holds', () => {
    expect(
      judged(create({ a: ['true'], b: ['true', 'a'], c: ['true', 'a', 'd'], d: ['false'], e: ['false', 'a'] })),
    ).toEqual({
      a: true,
      b: true,
      c: false,
      d: false,
      e: false,
    });
  });

  test('not when it needs itself in a circle, nor when it needs such a one', () => {
    expect(judged(create({ a: ['true', 'b'], b: ['true', 'a'], c: ['true', 'b'], d: ['true'] }))).toEqual({
      a: false,
      b: false,
      c: false,
      d: true,
    });
  });
});

test('an error spreads to what needs it, before and behind it in the document', () => {
  expect(judged(create({ a: ['true', 'b'], b: ['no object'], c: ['true', 'a'], d: ['true', 'b'] }))).toEqual({
    a: 'a test dependency failed ("b")',
    b: 'no object',
    c: 'a test dependency failed ("a")',
    d: 'a test dependency failed ("b")',
  });
});

test('an error has no values; a false test that has something true says so', () => {
  const [error, dependent] = judgeTests(create({ a: ['no object'], b: ['true', 'c'], c: ['false'] }));
  expect(error).toMatchObject({ iserror: true, hastrueresults: false, results: null });
  expect(dependent).toMatchObject({ iserror: false, masterresult: false, hastrueresults: true });
  expect(dependent?.results).toHaveLength(1);
});

test('a name that stands twice means the first; both are judged', () => {
  const [first, second] = create({ a: ['true'], b: ['false'] });
  const tests = [
    first,
    { ...second, test: { test: 'a', object: 'o' } },
    ...create({ c: ['true', 'a'] }),
  ] as Evaluated[];
  expect(judgeTests(tests).map(({ masterresult }) => masterresult)).toEqual([true, false, true]);
});

test('a chain of 30,000 tests takes no call depth', () => {
  const tests = Object.fromEntries(
    Array.from({ length: 30_000 }, (_, at): [string, Told] => [`t${at}`, at === 0 ? ['true'] : ['true', `t${at - 1}`]]),
  );
  expect(judgeTests(create(tests)).every(({ masterresult }) => masterresult)).toBe(true);
});

describe('whatever the order in the document', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const told = fc.tuple(fc.constantFrom('true', 'true', 'true', 'false', 'broken'), fc.subarray(ids, { maxLength: 3 }));

  test('the results are the same', () => {
    fc.assert(
      fc.property(
        fc.array(told, { minLength: 6, maxLength: 6 }),
        fc.shuffledSubarray(ids, { minLength: 6 }),
        (all, order) => {
          const tests = Object.fromEntries(
            ids.map((id, at): [string, Told] => {
              const [state = 'true', needs = []] = all[at] ?? [];
              return [id, [state, ...needs.filter((one) => one !== id)]];
            }),
          );
          const shuffled = Object.fromEntries(order.map((id): [string, Told] => [id, tests[id] ?? ['true']]));
          expect(judged(create(shuffled))).toEqual(judged(create(tests)));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
