import { expect, test } from 'vitest';
import { compileCaptures } from '../../../../src/search/regex/compile-captures.ts';
import { RegexError } from '../../../../src/search/regex/regex-error.ts';

test.each([
  ['(\\d+)\\.(\\d+)', 'v 1.25 and 2.3', ['1', '25']],
  ['(a)|(b)', 'b', ['', 'b']],
  ['x', 'x', []],
  ['x', 'y', undefined],
  ['(?P<name>\\w+)=(.*)', 'k=é\udce9', ['k', 'é\udce9']],
])('%s in %s gives %j', (pattern, text, groups) => {
  expect(compileCaptures(pattern)(text)).toEqual(groups);
});

test('takes linear time', () => {
  const startedMs = performance.now();
  expect(compileCaptures('^((a+)+)$')(`${'a'.repeat(20_000)}b`)).toBeUndefined();
  expect(performance.now() - startedMs).toBeLessThan(2000);
});

test('a pattern that is none is an error of its own', () => {
  expect(() => compileCaptures('(')).toThrow(RegexError);
});
