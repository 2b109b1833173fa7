import { expect, test } from 'vitest';
import { nearest } from '../../../src/base/nearest.ts';

const words = ['results', 'launch', 'target', 'history', 'help'];

test.each([
  ['resluts', 'results'],
  ['lanch', 'launch'],
  ['TARGET', 'target'],
  ['hist', 'history'],
  ['zzz', undefined],
  ['', undefined],
])('the word nearest to %j is %j', (word, expected) => {
  expect(nearest(word, words)).toBe(expected);
});
