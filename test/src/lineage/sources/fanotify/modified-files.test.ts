import { expect, test } from 'vitest';
import { createModifiedFiles } from '../../../../../src/lineage/sources/fanotify/modified-files.ts';

const by = (pid: number, atNs: number) => ({ pid, startTicks: undefined, path: '/f', fromNs: atNs, toNs: atNs });
const pids = (writings: readonly { readonly pid: number }[]): readonly number[] => writings.map(({ pid }) => pid);

test('a file that stays open is told once after a while, and again when it is closed after more was written', () => {
  const files = createModifiedFiles({ longestNs: 10, limit: 10 });
  files.modify('f', by(1, 0));
  files.modify('f', by(2, 5));
  expect(pids(files.overdue(9))).toEqual([]);
  expect(pids(files.overdue(10))).toEqual([1]);
  files.modify('f', by(1, 11));
  expect(pids(files.overdue(15))).toEqual([2]);
  expect(pids(files.overdue(1000))).toEqual([]);
  expect(pids(files.close('f'))).toEqual([1]);
  expect(pids(files.close('f'))).toEqual([]);
});

test('after a close it begins anew', () => {
  const files = createModifiedFiles({ longestNs: 10, limit: 10 });
  files.modify('f', by(1, 0));
  files.overdue(10);
  files.close('f');
  files.modify('f', by(1, 20));
  expect(pids(files.overdue(30))).toEqual([1]);
});

test('more files than there is room for are told early, the oldest first', () => {
  const files = createModifiedFiles({ longestNs: 10, limit: 2 });
  expect(files.modify('a', by(1, 0))).toEqual([]);
  expect(files.modify('b', by(2, 0))).toEqual([]);
  expect(files.modify('b', by(3, 0))).toEqual([]);
  expect(pids(files.modify('c', by(4, 0)))).toEqual([1]);
  expect(files.size()).toBe(2);
});
