import { expect, test } from 'vitest';
import { createTextsTest } from '../../../src/files/match-texts.ts';

test.each<[readonly string[] | undefined, readonly string[], boolean]>([
  [undefined, [], true],
  [[], ['a'], true],
  [['a'], ['a', 'b'], true],
  [['a'], ['b'], false],
  [['a'], [], false],
  [['a', 'b'], ['b'], true],
  [['!a'], ['b'], true],
  [['!a'], [], true],
  [['!a'], ['a', 'b'], false],
  [['b', '!a'], ['b', 'a'], false],
  [['!a', '!b'], ['c'], true],
  [['!'], ['!'], true],
])('%j on %j: %s', (patterns, texts, passes) => {
  expect(createTextsTest(patterns)(texts)).toBe(passes);
});
