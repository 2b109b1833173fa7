import { expect, test } from 'vitest';
import { createWatchedMounts } from '../../../../../src/lineage/sources/fanotify/watched-mounts.ts';

test('file systems are marked where they are mounted, and found by their number', () => {
  const marked: string[] = [];
  const mounts = createWatchedMounts(
    { mark: (path) => (marked.push(path), 0), fileSystemId: (path) => `fs of ${path}` },
    ['/nonexistent/later'],
  );
  expect(mounts.count()).toBe(0);
  mounts.refresh();
  expect(marked).toEqual(['/']);
  expect(mounts.pointsOf('fs of /')).toEqual(['/']);
  expect(mounts.pointsOf('another')).toEqual([]);
  expect(mounts.lacks()).toEqual([]);
});

test.each([
  [-95, 'gives no handles of its files (ENOTSUP)'],
  [-19, 'has no number of its own (ENODEV)'],
  [-18, 'is a part of a file system that can only be heard as a whole (EXDEV)'],
  [-5, 'cannot be heard (EIO)'],
])('what answers %i is named in what is lacking', (errno, text) => {
  const mounts = createWatchedMounts({ mark: () => errno, fileSystemId: () => undefined }, ['/nonexistent']);
  mounts.refresh();
  expect(mounts.lacks()).toHaveLength(1);
  expect(mounts.lacks()[0]).toMatch(/^the file system at \/ \(\w+\) /);
  expect(mounts.lacks()[0]).toContain(text);
  expect(mounts.count()).toBe(0);
});
