import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWriterStarts } from '../../../../../src/lineage/sources/fanotify/writer-starts.ts';
import { createTemporaryFolder } from '../../../../helpers/temporary-folder.ts';

/** A /proc in which a test says when a process started; pidfds are their own inodes. */
function createHost(proc: string, isNumbered: boolean) {
  const gone = new Set<number>();
  let looks = 0;
  const startOf = createWriterStarts(
    {
      isThere: (pidfd) => {
        looks++;
        return !gone.has(pidfd);
      },
      isNumbered: () => isNumbered,
      inodeOf: (pidfd) => (isNumbered ? pidfd : 1),
    },
    proc,
  );
  const begin = (pid: number, ticks: number): void => {
    mkdirSync(join(proc, String(pid)), { recursive: true });
    writeFileSync(
      join(proc, String(pid), 'stat'),
      `${pid} (a) b) S 1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 ${ticks} 1 1\n`,
    );
  };
  return { startOf, begin, gone, looks: () => looks };
}

test('the start of a process is read once, and anew when another has its pid', () => {
  using folder = createTemporaryFolder();
  const { startOf, begin, looks } = createHost(folder.path, true);
  begin(5, 100);
  expect([startOf(5, 20), startOf(5, 20), startOf(5, 20)]).toEqual([100, 100, 100]);
  expect(looks()).toBe(1);
  begin(5, 900);
  expect(startOf(5, 21)).toBe(900);
});

test('where pidfds are all one inode nothing is taken from an earlier look', () => {
  using folder = createTemporaryFolder();
  const { startOf, begin } = createHost(folder.path, false);
  begin(5, 100);
  expect(startOf(5, 20)).toBe(100);
  begin(5, 900);
  expect(startOf(5, 21)).toBe(900);
});

test('a process that ended meanwhile has none: what was read may be of the next one', () => {
  using folder = createTemporaryFolder();
  const { startOf, begin, gone } = createHost(folder.path, true);
  begin(5, 100);
  gone.add(20);
  expect(startOf(5, 20)).toBeUndefined();
  expect(startOf(6, 22)).toBeUndefined();
  expect(startOf(5, undefined)).toBeUndefined();
  expect(startOf(0, 20)).toBeUndefined();
});
