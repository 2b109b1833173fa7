import { describe, expect, test } from 'vitest';
import { isWithin, selectMounts } from '../../../../src/linux/fanotify/select-mounts.ts';

const mounts = [
  ['/', 'ext4'],
  ['/proc', 'proc'],
  ['/home', 'xfs'],
  ['/home/a/disk', 'ext4'],
  ['/homes', 'ext4'],
  ['/home/a/disk', 'tmpfs'],
].map(([mountPoint = '', type = ''], at) => ({ device: `8:${at}`, root: '/', mountPoint, type }));

const points = (...folders: readonly string[]): readonly string[] =>
  selectMounts(mounts, folders).map(
    ({ mountPoint, type, isAsked }) => `${mountPoint} ${type}${isAsked ? ' asked' : ''}`,
  );

describe('the mounts of chosen folders', () => {
  test('are the one that holds the folder, and those below it', () => {
    expect(points('/home/a')).toEqual(['/home xfs asked', '/home/a/disk tmpfs']);
    expect(points('/srv/later')).toEqual(['/ ext4 asked']);
  });

  test('of one point are the last, which hides the others', () => {
    expect(points('/home/a/disk/x')).toEqual(['/home/a/disk tmpfs asked']);
  });

  test('leave out what the kernel itself makes, unless it was asked for', () => {
    expect(points('/')).toEqual(['/ ext4 asked', '/home xfs', '/home/a/disk tmpfs', '/homes ext4']);
    expect(points('/proc/1')).toEqual(['/proc proc asked']);
  });

  test('of several folders come once', () => {
    expect(points('/srv', '/opt', '/homes')).toEqual(['/ ext4 asked', '/homes ext4 asked']);
  });
});

test('a folder holds itself and what is below it, not what begins like it', () => {
  expect(isWithin('/a', '/a')).toBe(true);
  expect(isWithin('/a/b', '/a')).toBe(true);
  expect(isWithin('/ab', '/a')).toBe(false);
  expect(isWithin('/ab', '/')).toBe(true);
});
