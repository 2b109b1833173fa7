import { expect, test } from 'vitest';
import { compileSearches } from '../../../src/files/compile-search.ts';
import { createHitCounters, createHits, type Hit, mostResultBytes } from '../../../src/files/hits.ts';
import { params } from '../../../modules/file/params.ts';

const fileinfo = { size: 1, mode: '-rw-r--r--', lastmodified: '' };
const compile = (options: object) =>
  compileSearches(params.schema.parse({ searches: { s1: { paths: ['/'], names: ['.'], options } } }).searches ?? {}, 0);

test('matches end at the limit, over all who share the counters', () => {
  const searches = compile({ matchall: true, matchlimit: 3 });
  const [search] = searches;
  if (!search) throw new Error('there is a search');
  const counters = createHitCounters(1);
  const delivered: Hit[] = [];
  const threads = [1, 2].map(() => createHits(searches, counters, (hit) => void delivered.push(hit)));
  for (let at = 0; at < 5; at++) threads[at % 2]?.add({ search, check: undefined, file: `/${at}`, fileinfo });
  expect(delivered.map(({ file }) => file)).toEqual(['/0', '/1', '/2']);
  expect(threads.map((hits) => [hits.isFull(search), hits.areAllFull(), hits.isOutOfSpace()])).toEqual([
    [true, true, false],
    [true, true, false],
  ]);
});

test('matches without a limit end before the result is too large to be taken', () => {
  const searches = compile({ matchall: true });
  const [search] = searches;
  if (!search) throw new Error('there is a search');
  let bytes = 0;
  const hits = createHits(searches, createHitCounters(1), ({ file }) => {
    bytes += JSON.stringify({ file, search: search.echo, fileinfo }).length;
  });
  const file = `/${'\u001b'.repeat(1000)}`;
  for (let at = 0; at < 20_000 && !hits.areAllFull(); at++) hits.add({ search, check: undefined, file, fileinfo });
  expect(hits.isOutOfSpace()).toBe(true);
  expect(bytes).toBeGreaterThan(mostResultBytes * 0.9);
  expect(bytes).toBeLessThanOrEqual(mostResultBytes * 1.01);
});
