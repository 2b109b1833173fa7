import { expect, test } from 'vitest';
import { mergeFragments } from '../../../src/agent/merge-fragments.ts';

test.each([
  [undefined, { a: [1] }, { a: [1] }],
  [{ a: [1] }, { a: [2], b: [3] }, { a: [1, 2], b: [3] }],
  [{ a: { x: [1] } }, { a: { x: [2], y: null } }, { a: { x: [1, 2], y: null } }],
  [{ a: 1 }, { a: 2 }, { a: 2 }],
  [{ a: null }, { a: [1] }, { a: [1] }],
  [[1], { a: 1 }, { a: 1 }],
])('%j and %j make %j', (before, fragment, merged) => {
  expect(mergeFragments(before, fragment)).toEqual(merged);
});
