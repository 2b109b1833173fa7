import { describe, expect, test } from 'vitest';
import { fanotifyBits, type FanotifyEvent } from '../../../../../src/linux/fanotify/parse-events.ts';
import { foldRound, type ReadEvent } from '../../../../../src/lineage/sources/fanotify/fold-events.ts';
import { createModifiedFiles } from '../../../../../src/lineage/sources/fanotify/modified-files.ts';
import { createPathScope } from '../../../../../src/lineage/sources/fanotify/path-scope.ts';

const { create, modify, closeWrite, openExec, delete: deleted, rename, isFolder } = fanotifyBits;
const ownPid = 99;

interface Said {
  readonly mask: number;
  readonly path?: string;
  readonly newPath?: string;
  readonly pid?: number;
  readonly object?: string;
  readonly folder?: string;
  readonly at?: number;
  readonly startTicks?: number;
}

function createFold() {
  const modified = createModifiedFiles({ longestNs: 10e9, limit: 100 });
  return (...said: readonly Said[]): readonly string[] => {
    const reads = said.map(({ mask, pid = 7, object, folder = 'w', newPath, at = 0, startTicks }): ReadEvent => {
      const event: FanotifyEvent = {
        mask,
        pid,
        pidfd: undefined,
        place: { folder, name: 'n' },
        newPlace: newPath === undefined ? undefined : { folder: 'w', name: 'n' },
        object,
      };
      return { event, startTicks, fromNs: at, toNs: at + 1 };
    });
    const places = said.map(({ path, newPath }) => ({ path, newPath }));
    const scope = createPathScope(['/w'], ['/w/own']);
    return foldRound(reads, places, { scope, modified, ownPid }).map(({ pid, change, path, from, to, startTicks }) =>
      [pid, change, path, from && `< ${from}`, to && `> ${to}`, startTicks && `(${startTicks})`]
        .filter(Boolean)
        .join(' '),
    );
  };
}
const fold = (...said: readonly Said[]): readonly string[] => createFold()(...said);

describe('events that the kernel merged', () => {
  test('are told once each, in the order in which they must have been', () => {
    const mask = create | modify | closeWrite | openExec | deleted;
    expect(fold({ mask, path: '/w/a', object: 'a' })).toEqual([
      '7 created /w/a',
      '7 written /w/a',
      '7 executed /w/a',
      '7 deleted /w/a',
    ]);
  });

  test('hold a close that came after what others wrote', () => {
    expect(
      fold(
        { mask: create | closeWrite, path: '/w/a', object: 'a' },
        { mask: modify, path: '/w/a', object: 'a', pid: 8, startTicks: 5 },
      ),
    ).toEqual(['7 created /w/a', '8 written /w/a (5)']);
  });

  test('hold a deletion that came after all that happened in the directory', () => {
    expect(
      fold(
        { mask: create | deleted | isFolder, path: '/w/d', object: 'd' },
        { mask: create | deleted | isFolder, path: '/w/d/e', object: 'e', folder: 'd' },
        { mask: create, path: '/w/d/e/x', object: 'x', folder: 'e', pid: 8 },
        { mask: deleted, path: '/w/d/e/x', object: 'x', folder: 'e', pid: 9 },
        { mask: create, path: '/w/y', object: 'y' },
      ),
    ).toEqual([
      '7 created /w/d',
      '7 created /w/d/e',
      '8 created /w/d/e/x',
      '9 deleted /w/d/e/x',
      '7 deleted /w/d/e',
      '7 deleted /w/d',
      '7 created /w/y',
    ]);
  });
});

describe('a file is written', () => {
  test('when it is closed after it was changed, however long that took, and once', () => {
    const round = createFold();
    expect(round({ mask: modify, path: '/w/a', object: 'a', startTicks: 3 })).toEqual([]);
    expect(round({ mask: modify, path: '/w/a', object: 'a' })).toEqual([]);
    expect(round({ mask: closeWrite, path: '/w/a', object: 'a' })).toEqual(['7 written /w/a (3)']);
    expect(round({ mask: closeWrite, path: '/w/a', object: 'a' })).toEqual([]);
  });

  test('not when it was opened for that alone', () => {
    expect(fold({ mask: closeWrite, path: '/w/a', object: 'a' })).toEqual([]);
  });

  test('by each process that changed it, under the name that it has when it is closed', () => {
    const round = createFold();
    round({ mask: modify, path: '/w/a', object: 'a', pid: 8 }, { mask: modify, path: '/w/a', object: 'a', pid: 9 });
    expect(round({ mask: closeWrite, path: '/w/b', object: 'a', pid: 9 })).toEqual([
      '8 written /w/b',
      '9 written /w/b',
    ]);
  });

  test('also where it has no handle of its own: then it is known by its place', () => {
    expect(fold({ mask: modify, path: '/w/a' }, { mask: closeWrite, path: '/w/a' })).toEqual(['7 written /w/a']);
  });
});

describe('a rename', () => {
  test('within the chosen folders has both names', () => {
    expect(fold({ mask: rename, path: '/w/a', newPath: '/w/b' })).toEqual(['7 renamed /w/b < /w/a']);
  });

  test('out of them is a deletion, into them a creation, also where the other end is nowhere', () => {
    expect(fold({ mask: rename, path: '/w/a', newPath: '/x/b' })).toEqual(['7 deleted /w/a > /x/b']);
    expect(fold({ mask: rename, path: '/x/a', newPath: '/w/b' })).toEqual(['7 created /w/b < /x/a']);
    expect(fold({ mask: rename, newPath: '/w/b' })).toEqual(['7 created /w/b']);
    expect(fold({ mask: rename, path: '/x/a', newPath: '/x/b' })).toEqual([]);
  });
});

test('what this process did, what nobody did, and what lies elsewhere is not told', () => {
  expect(
    fold(
      { mask: create, path: '/w/a', pid: ownPid },
      { mask: rename, path: '/w/a', newPath: '/w/b', pid: ownPid },
      { mask: create, path: '/w/a', pid: 0 },
      { mask: create, path: '/w/own/a' },
      { mask: create, path: '/wa' },
      { mask: create },
    ),
  ).toEqual([]);
});
