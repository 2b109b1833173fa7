import { expect, test } from 'vitest';
import { matchesLike } from '../../../src/target/match-like.ts';

test.each([
  ['linux.web', 'linux.%', true],
  ['Linux.web', 'linux.%', false],
  ['', '', true],
  ['', '%%', true],
  ['a', '_', true],
  ['😀', '_', true],
  ['', '_', false],
  ['abcabc', '%abc', true],
  ['abcabd', '%abc', false],
  ['aXbXc', 'a%b%c', true],
  ['50%', '50\\%', true],
  ['500', '50\\%', false],
  ['a_b', 'a\\_b', true],
  ['axb', 'a\\_b', false],
  ['a\\', 'a\\', true],
])('%s LIKE %s is %s', (text, pattern, matches) => {
  expect(matchesLike(text, pattern)).toBe(matches);
});
