import { expect, test } from 'vitest';
import { compileTarget } from '../../../src/target/compile-target.ts';
import { expandFound, expandTag, findActions } from '../../../src/target/expand-target.ts';

const idsOf = (action: number, found: boolean): readonly string[] =>
  action === 12 ? (found ? ['a', "b'c"] : ['d']) : [];

test('found(N) and notfound(N) become lists of ids where they stand', () => {
  expect(expandFound("found(12) AND name LIKE 'found(12)'", idsOf)).toBe(
    "id IN ('a','b''c') AND name LIKE 'found(12)'",
  );
  expect(expandFound('NOT ( notfound ( 12 ) )', idsOf)).toBe("NOT ( id IN ('d') )");
});

test('an action without such agents is a list of nobody', () => {
  expect(expandFound('NOT found(7)', idsOf)).toBe("NOT id IN ('')");
});

test('the actions that are asked about are named once', () => {
  expect(findActions('found(12) OR notfound(12) OR FOUND(3)')).toEqual([12, 3]);
  expect(findActions("name = 'found(1)'")).toEqual([]);
});

test('what is no call stays, and is refused at its place', () => {
  expect(expandFound('found(all)', idsOf)).toBe('found(all)');
  expect(() => compileTarget('found(all)')).toThrow('at character 1, near "found"');
});

test('tag:KEY=VALUE is a condition on tags', () => {
  expect(expandTag("tag:env=it's")).toBe("tags->>'env'='it''s'");
  expect(expandTag('tag:env')).toBe("tags->>'env' IS NOT NULL");
  expect(expandTag('name')).toBe('name');
});
