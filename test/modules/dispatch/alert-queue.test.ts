import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAlertQueue, type AlertQueue } from '../../../modules/dispatch/alert-queue.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const alert = (n: number, message = `m${n}`) => ({ n, module: 'x', at: '2026-01-01T00:00:00Z', message });

function open(folder: string, options: Partial<Parameters<typeof openAlertQueue>[0]> = {}): AlertQueue {
  return openAlertQueue({
    folder,
    sinks: ['http'],
    maxAlerts: 100,
    maxBytes: 1_000_000,
    nowMs: () => 5,
    log: () => undefined,
    ...options,
  });
}

test('an alert is taken once, whatever is given again, and survives', () => {
  using folder = createTemporaryFolder();
  const first = open(folder.path);
  for (const n of [1, 2, 2, 1]) first.add('a', alert(n));
  expect(first.next('http')).toEqual({ seq: 1, agent: 'a', ...alert(1) });
  first.close();
  expect(statSync(join(folder.path, 'queue.db')).mode & 0o777).toBe(0o600);
  const second = open(folder.path);
  second.add('a', alert(2));
  second.setDelivered('http', 1);
  expect(second.next('http')?.n).toBe(2);
  second.setDelivered('http', 2);
  expect(second.next('http')).toBeUndefined();
  expect(second.counts('http')).toEqual({ queued: 0, sent: 2, undeliverable: 0 });
  second.close();
});

test('an agent with a new identity begins its numbers anew', () => {
  using folder = createTemporaryFolder();
  const queue = open(folder.path);
  queue.add('old', alert(100));
  queue.add('new', alert(1));
  expect(queue.size().alerts).toBe(2);
  queue.close();
});

test('each sink has its own place; what all have had is gone', () => {
  using folder = createTemporaryFolder();
  const queue = open(folder.path, { sinks: ['http', 'syslog'] });
  for (const n of [1, 2]) queue.add('a', alert(n));
  queue.setDelivered('http', 1);
  queue.setDelivered('http', 2);
  expect([queue.size().alerts, queue.next('syslog')?.n]).toEqual([2, 1]);
  queue.setDelivered('syslog', 1);
  expect(queue.size().alerts).toBe(1);
  queue.close();
  // A sink that was taken out of the configuration holds nothing back.
  const later = open(folder.path, { sinks: ['http'] });
  later.add('a', alert(3));
  later.setDelivered('http', later.next('http')?.seq ?? 0);
  expect(later.size().alerts).toBe(0);
  later.close();
});

test('the oldest go when there are too many, or too many bytes', () => {
  using folder = createTemporaryFolder();
  const queue = open(folder.path, { maxAlerts: 3 });
  expect([1, 2, 3, 4, 5].map((n) => queue.add('a', alert(n)))).toEqual([0, 0, 0, 1, 1]);
  expect([queue.next('http')?.n, queue.size().dropped]).toEqual([3, 2]);
  queue.close();
  const small = open(folder.path, { maxBytes: 3000 });
  expect(small.add('a', alert(6, 'x'.repeat(2500)))).toBe(2);
  expect(small.size()).toMatchObject({ alerts: 2, dropped: 4 });
  // One alone that is larger than all is kept.
  expect(small.add('a', alert(7, 'x'.repeat(9000)))).toBe(2);
  expect(small.next('http')?.n).toBe(7);
  small.close();
});

test('what a receiver refused is kept aside, and the next is its turn', () => {
  using folder = createTemporaryFolder();
  const queue = open(folder.path);
  for (const n of [1, 2]) queue.add('a', alert(n));
  const first = queue.next('http');
  if (first) queue.setAside('http', first, 'status 400');
  expect(queue.next('http')?.n).toBe(2);
  expect(queue.counts('http')).toEqual({ queued: 1, sent: 0, undeliverable: 1 });
  queue.close();
});

test('a damaged file is set aside and a new queue begun', () => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'queue.db'), 'no database, whatever its name says'.repeat(100));
  const said: string[] = [];
  const queue = open(folder.path, { log: (text) => void said.push(text) });
  queue.add('a', alert(1));
  expect(queue.next('http')?.n).toBe(1);
  expect(readdirSync(folder.path)).toContain('queue.db.damaged-5');
  expect(said[0]).toMatch(/^the queue is damaged, it is set aside as .*queue\.db\.damaged-5/);
  queue.close();
});

test('what was refused for good is kept with the reason, and tried again before the rest when it is asked for', () => {
  using folder = createTemporaryFolder();
  const queue = open(folder.path);
  for (const n of [1, 2]) queue.add('a', alert(n));
  const first = queue.next('http');
  if (!first) throw new Error('expected an alert');
  queue.setAside('http', first, 'status 401');
  expect(queue.aside(10)).toEqual([{ ...alert(1), sink: 'http', reason: 'status 401' }]);
  expect(queue.next('http')?.n).toBe(2);
  expect(queue.tryAsideAgain()).toBe(1);
  expect(queue.counts('http')).toEqual({ queued: 2, sent: 0, undeliverable: 1 });
  const again = queue.next('http');
  expect(again?.n).toBe(1);
  queue.setAside('http', again ?? first, 'status 403');
  expect(queue.aside(10)).toEqual([{ ...alert(1), sink: 'http', reason: 'status 403' }]);
  queue.tryAsideAgain();
  queue.setDelivered('http', queue.next('http')?.seq ?? 0);
  expect([queue.aside(10), queue.next('http')?.n]).toEqual([[], 2]);
  queue.setDelivered('http', 2);
  expect(queue.next('http')).toBeUndefined();
  queue.close();
});
