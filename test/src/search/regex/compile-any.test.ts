import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileAny, compileRegex } from '../../../../src/search/regex/compile-regex.ts';

test('matches where any of them does, whatever groups, flags and quotes they use', () => {
  const any = compileAny(['^(?P<x>a)$', '(?i)b', '\\Qc)', '(?P<x>[(?P<y>])z'].map((pattern) => compileRegex(pattern)));
  expect(['a', 'xB', '-c)-', '?z'].map((text) => any.test(text))).toEqual([true, true, true, true]);
  expect(['ab'.slice(0, 0), 'A', 'c', 'az'].map((text) => any.test(text))).toEqual([false, false, false, false]);
});

test('none matches nothing but what an empty pattern matches', () => {
  expect(compileAny([]).test('x')).toBe(compileRegex('').test('x'));
});

test('is the same as asking each', () => {
  const pattern = fc.constantFrom('a', '^b', 'c$', '[ab]c', 'a.*b', '(?i)C', '\\bca', 'a{2}', '^$');
  fc.assert(
    fc.property(
      fc.array(pattern, { minLength: 1, maxLength: 4 }),
      fc.stringMatching(/^[abcABC ]{0,8}$/),
      (all, text) => {
        const regexes = all.map((one) => compileRegex(one));
        expect(compileAny(regexes).test(text)).toBe(regexes.some((regex) => regex.test(text)));
      },
    ),
    { numRuns: 300 },
  );
});
