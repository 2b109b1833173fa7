import { expect, test } from 'vitest';
import { createFolderCache } from '../../../../../src/lineage/sources/fanotify/folder-cache.ts';

const at = (path: string) => ({ path, isOfUse: true });

test('directories that are asked for stay, others are forgotten, and the room is bounded', () => {
  const cache = createFolderCache(10);
  cache.set('used', at('/used'));
  for (let index = 0; index < 1000; index++) {
    cache.set(`d${index}`, at(`/d${index}`));
    expect(cache.get('used')).toEqual(at('/used'));
    expect(cache.size()).toBeLessThanOrEqual(11);
  }
  expect(cache.get('d0')).toBeUndefined();
  expect(cache.get('d999')).toEqual(at('/d999'));
});

test('where deleted directories lay outlives what is cleared', () => {
  const cache = createFolderCache(10);
  cache.set('a', at('/a'));
  cache.bury('b', at('/b'));
  cache.clear();
  expect([cache.get('a'), cache.get('b')]).toEqual([undefined, at('/b')]);
});
