import { expect, test } from 'vitest';
import { collectFragments } from '../../../src/agent/collect-fragments.ts';

const collect = (...fragments: readonly unknown[]): unknown => {
  const collected = collectFragments();
  for (const fragment of fragments) collected.add(fragment);
  return collected.value();
};

test.each([
  [[], undefined],
  [[{ a: [1] }], { a: [1] }],
  [[{ a: [1] }, { a: [2], b: [3] }], { a: [1, 2], b: [3] }],
  [[{ a: { x: [1] } }, { a: { x: [2], y: null } }], { a: { x: [1, 2], y: null } }],
  [[{ a: 1 }, { a: 2 }], { a: 2 }],
  [[{ a: null }, { a: [1] }], { a: [1] }],
  [[[1], { a: 1 }], { a: 1 }],
  [['text', [1]], [1]],
])('%j make %j', (fragments, collected) => {
  expect(collect(...fragments)).toEqual(collected);
});

test('a fragment is copied, not changed', () => {
  const first = { a: [1] };
  expect(collect(first, { a: [2] })).toEqual({ a: [1, 2] });
  expect(first).toEqual({ a: [1] });
});

test('a key named __proto__ is a key like any other', () => {
  const collected = collect(JSON.parse('{"__proto__":{"polluted":[1]}}'), JSON.parse('{"__proto__":{"polluted":[2]}}'));
  expect(JSON.stringify(collected)).toBe('{"__proto__":{"polluted":[1,2]}}');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
