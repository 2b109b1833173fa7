import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errnoOf, isDenied, isGone } from '../../../src/linux/errno.ts';

test('a system error has a name, anything else has none', () => {
  let thrown: unknown;
  try {
    readFileSync('/nonexistent');
  } catch (error) {
    thrown = error;
  }
  expect(errnoOf(thrown)).toBe('ENOENT');
  expect(isGone(thrown)).toBe(true);
  expect(isDenied(thrown)).toBe(false);
  expect([new Error('x'), 'ENOENT', null, undefined].map(errnoOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
