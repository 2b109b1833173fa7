import { expect, test } from 'vitest';
import { createPending } from '../../../modules/fswatch/pending.ts';

const plain = { isNew: false, origin: undefined, isMovedAway: false, isMovedIn: false, isLate: false };

test('an object is taken when it has rested, and after ten times that even if it never does', () => {
  const pending = createPending({ settleMs: 1000 });
  for (let ms = 0; ms < 9900; ms += 100) pending.handle('/busy', { what: 'written', cookie: 0 }, ms);
  pending.handle('/once', { what: 'written', cookie: 0 }, 9000);
  expect(pending.takeSettled(9900, 10)).toEqual([]);
  expect(pending.nextMs()).toBe(10_000);
  expect(pending.takeSettled(10_000, 10).map(({ path }) => path)).toEqual(['/busy', '/once']);
  expect(pending.size()).toBe(0);
});

test('the halves of a rename are taken together, and a chain of renames has its first path as origin', () => {
  const pending = createPending({ settleMs: 1000 });
  pending.handle('/a', { what: 'movedOut', cookie: 1 }, 0);
  pending.handle('/b', { what: 'movedIn', cookie: 1 }, 0);
  pending.handle('/b', { what: 'movedOut', cookie: 2 }, 10);
  pending.handle('/c', { what: 'movedIn', cookie: 2 }, 10);
  pending.handle('/c', { what: 'written', cookie: 0 }, 900);
  const taken = pending.takeSettled(1000, 10).map(({ path, origin }) => [path, origin]);
  expect(taken).toContainEqual(['/a', undefined]);
  expect(taken).toContainEqual(['/c', '/a']);
});

test('a move to or from where nothing is watched has one half', () => {
  const pending = createPending({ settleMs: 1000 });
  pending.handle('/out', { what: 'movedOut', cookie: 1 }, 0);
  pending.handle('/in', { what: 'movedIn', cookie: 2 }, 0);
  expect(pending.takeSettled(1000, 10)).toMatchObject([
    { ...plain, path: '/out', isMovedAway: true },
    { ...plain, path: '/in', isNew: true, isMovedIn: true },
  ]);
});
