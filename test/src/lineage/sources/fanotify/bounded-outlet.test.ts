import { expect, test } from 'vitest';
import { createBoundedOutlet } from '../../../../../src/lineage/sources/fanotify/bounded-outlet.ts';
import { createFileChannel } from '../../../../../src/lineage/sources/fanotify/file-channel.ts';
import type { FileItem } from '../../../../../src/lineage/sources/fanotify/file-record.ts';

const items = (...times: readonly number[]): readonly FileItem[] =>
  times.map((at) => ({
    kind: 'change',
    change: 'created',
    pid: 1,
    startTicks: 1,
    path: '/f',
    fromNs: at,
    toNs: at + 1,
  }));

test('what finds no room is counted and told as a gap, once half of the room is free again', () => {
  const channel = createFileChannel();
  const posted: (readonly FileItem[])[] = [];
  const outlet = createBoundedOutlet({
    waiting: channel.waiting,
    limit: 4,
    post: (more) => {
      channel.noteSent(more.length);
      posted.push(more);
    },
  });
  outlet.send(items(1, 2, 3));
  outlet.send(items(4, 5, 6));
  channel.noteTaken(1);
  outlet.send(items(7));
  expect(posted.map((more) => more.length)).toEqual([3, 1]);
  channel.noteTaken(1);
  outlet.flush();
  outlet.send(items(8));
  expect(posted.slice(2)).toEqual([
    [{ kind: 'gap', fromNs: 5, toNs: 8, drops: 3, reason: 'file events came faster than they were taken' }],
    items(8),
  ]);
});

test('all until a moment was told only when nothing is under way', () => {
  const listener = createFileChannel();
  const reader = createFileChannel(listener.memory);
  reader.setTold(1000.9);
  expect(listener.toldNs()).toBe(1000);
  reader.noteSent(2);
  reader.setTold(2000);
  expect(listener.toldNs()).toBeUndefined();
  listener.noteTaken(2);
  expect(listener.toldNs()).toBe(2000);
});

test('a pause ends at once when it is stopped', () => {
  const listener = createFileChannel();
  listener.stop();
  const before = performance.now();
  createFileChannel(listener.memory).pause(10_000);
  expect(performance.now() - before).toBeLessThan(5000);
  expect(createFileChannel(listener.memory).isStopped()).toBe(true);
});
