import { describe, expect, test } from 'vitest';
import { cutRaw, wrapRaw } from '../../../../src/console/views/fit-text.ts';

describe('cutRaw', () => {
  test.each([
    ['what fits', 'passwd', 6, 'passwd'],
    ['what does not', 'passwd', 5, 'pass…'],
    ['wide letters by their cells', '漢字漢字', 5, '漢字…'],
    ['wide letters that leave a cell empty', '漢字漢字', 4, '漢…'],
    ['escapes by their visible form', 'a\x1b[31mb', 6, 'a\x1b…'],
    ['to nothing where there is no room', 'abc', 0, ''],
  ])('cuts %s', (_what, text, columns, expected) => {
    expect(cutRaw(text, columns)).toBe(expected);
  });
});

test('an endless run of combining marks is cut, however few cells it takes', () => {
  expect(cutRaw(`e${'\u0301'.repeat(10_000)}`, 10).length).toBeLessThan(300);
});

describe('wrapRaw', () => {
  test.each([
    ['at spaces', 'expected a host name such as x', 12, 9, ['expected a', 'host name', 'such as x']],
    ['inside a word that is longer than a row', 'abcdefghij', 4, 9, ['abcd', 'efgh', 'ij']],
    ['into no more rows than allowed', 'one two three four five', 9, 2, ['one two', 'three fo…']],
    ['nothing into no row', '', 9, 2, []],
  ])('breaks %s', (_what, text, columns, maxRows, expected) => {
    expect(wrapRaw(text, columns, maxRows)).toEqual(expected);
  });
});
