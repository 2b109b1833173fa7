import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countGroups } from '../../../modules/scribe/count-groups.ts';
import { compileCaptures } from '../../../src/search/regex/compile-captures.ts';
import { compileRegex } from '../../../src/search/regex/compile-regex.ts';

test.each([
  ['', 0],
  ['a(b)(c)', 2],
  ['(?:a)(?i)(?i:b)', 0],
  ['(?P<name>a)(?<other>b)', 2],
  ['\\((a)\\)', 1],
  ['[(](a)[])(]', 1],
  ['[[:alpha:](](a)', 1],
  ['\\Q(a)\\E(b)', 1],
  ['\\Q(a)', 0],
])('%s has %i groups', (pattern, count) => {
  expect(countGroups(pattern)).toBe(count);
});

test('as many as are captured', () => {
  const part = fc.constantFrom(
    '(',
    ')',
    '(?:',
    '(?P<a>',
    '(?<b>',
    '[',
    ']',
    '[^',
    '\\(',
    '\\',
    'a',
    '|',
    '*',
    '[:alpha:]',
    '\\Q',
    '\\E',
    '(?i)',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const pattern = `${parts.join('')}|.*`;
      try {
        compileRegex(pattern);
        const groups = compileCaptures(`(?:${pattern})|`)('');
        expect(countGroups(pattern)).toBe(groups?.length);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'RegexError') throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
