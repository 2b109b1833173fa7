import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  type AlertOutbox,
  openAlertOutbox,
  outboxLimits,
  type OutboxLimits,
} from '../../../../src/agent/persistent/alert-outbox.ts';
import { readAlertMessage } from '../../../../src/protocol/alert.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

let folder: ReturnType<typeof createTemporaryFolder>;
let path: string;
let sent: { readonly key?: number; readonly message: string }[];
let logged: string[];
let open: AlertOutbox[];
let nowMs: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  folder = createTemporaryFolder();
  path = join(folder.path, 'outbox.db');
  open = [];
  nowMs = 1_000_000;
  begin();
});
afterEach(() => {
  open.forEach((outbox) => outbox.close());
  folder[Symbol.dispose]();
  vi.useRealTimers();
});

/** What was sent so far is forgotten. */
function begin(): void {
  sent = [];
  logged = [];
}

function start(limits: Partial<OutboxLimits> = {}): AlertOutbox {
  const outbox = openAlertOutbox({
    path,
    module: 'm',
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    send: (parameters) => sent.push(parameters),
    log: (text) => logged.push(text),
    limits: { ...outboxLimits, ...limits },
  });
  open.push(outbox);
  return outbox;
}

const texts = (): readonly string[] => sent.map(({ message }) => readAlertMessage(message).text);
const keyAt = (at: number): number => sent[at]?.key ?? NaN;
const pass = (ms: number): void => {
  nowMs += ms;
  vi.advanceTimersByTime(ms);
};

test('an alert is sent at once with a key, and again by the next life until it was received', () => {
  const first = start();
  first.add('a');
  first.add('b');
  expect(texts()).toEqual(['a', 'b']);
  expect(keyAt(1)).toBe(keyAt(0) + 1);
  const keys = sent.map(({ key }) => key);
  // No close: it was killed.
  begin();
  const second = start();
  expect(sent.map(({ key }) => key)).toEqual(keys);
  second.received({ from: keys[0], n: keys[0] });
  second.close();
  begin();
  start();
  expect(texts()).toEqual(['b']);
});

test('what was received goes from the disk, and keys never come again, also where the file was removed', () => {
  const first = start();
  first.add('a');
  const key = keyAt(0);
  first.received({ from: key, n: key });
  pass(outboxLimits.forgetMs);
  first.close();
  nowMs += 5;
  begin();
  const second = start();
  expect(sent).toEqual([]);
  second.add('b');
  expect(keyAt(0)).toBeGreaterThan(key);
});

test('it is readable by its owner alone', () => {
  start().add('a');
  for (const name of readdirSync(folder.path)) expect(statSync(join(folder.path, name)).mode & 0o077).toBe(0);
});

test('no more than the window is sent ahead of the answers, and the rest follows in order', () => {
  const outbox = start({ window: 3 });
  for (let n = 1; n <= 10; n++) outbox.add(String(n));
  expect(texts()).toEqual(['1', '2', '3']);
  outbox.received({ from: keyAt(0), n: keyAt(1) });
  expect(texts()).toEqual(['1', '2', '3', '4', '5']);
  outbox.add('11');
  for (let at = 2; at < sent.length; at++) outbox.received({ from: keyAt(at), n: keyAt(at) });
  expect(texts()).toEqual(Array.from({ length: 11 }, (_, at) => String(at + 1)));
});

test('many at once are sent slowly enough for an agent that ends what floods', () => {
  const outbox = start({ window: 1000, slotAlerts: 10, slotMs: 100 });
  for (let n = 1; n <= 35; n++) outbox.add(String(n));
  expect(sent).toHaveLength(10);
  pass(100);
  expect(sent).toHaveLength(20);
  pass(100);
  pass(100);
  expect(texts()).toEqual(Array.from({ length: 35 }, (_, at) => String(at + 1)));
});

test('what the agent could not store frees the way, and comes again with the next life', () => {
  const outbox = start({ window: 1 });
  outbox.add('a');
  outbox.add('b');
  outbox.received({ from: keyAt(0), n: keyAt(0), unkept: true });
  outbox.received({ from: keyAt(1), n: keyAt(1) });
  expect(texts()).toEqual(['a', 'b']);
  outbox.close();
  begin();
  start();
  expect(texts()).toEqual(['a']);
});

test('beyond its bound the oldest go, and an alert with their exact number takes their place, however often', () => {
  const outbox = start({ mostAlerts: 20, window: 1 });
  for (let n = 1; n <= 27; n++) outbox.add(String(n));
  expect(logged.at(-1)).toBe('8 alerts that the agent has not stored were dropped: it does not take them in time');
  outbox.close();
  begin();
  start();
  const [notice, ...rest] = texts();
  const [, dropped] = /^(\d+) alerts of module m were dropped/.exec(notice ?? '') ?? [];
  expect(rest).toEqual(Array.from({ length: rest.length }, (_, at) => String(28 - rest.length + at)));
  expect(Number(dropped) + rest.length).toBe(27);
});

test('it is bounded by bytes, too', () => {
  const outbox = start({ mostAlerts: 20, mostBytes: 10_000, window: 1 });
  for (let n = 0; n < 12; n++) outbox.add('x'.repeat(1000));
  expect(logged).not.toEqual([]);
});

test.each([[undefined], [{}], [{ from: '1', n: 2 }], [{ n: 5 }], [{ from: 1, n: 3 }], ['x']])(
  'an answer that means nothing (%j) moves nothing',
  (answer) => {
    const outbox = start({ window: 1 });
    outbox.add('a');
    outbox.add('b');
    outbox.received(answer);
    outbox.close();
    begin();
    start();
    expect(texts()).toEqual(['a', 'b']);
  },
);

test('a damaged file is set aside, and alerts go on', () => {
  writeFileSync(path, 'this is no database, '.repeat(1000));
  start().add('a');
  expect(texts()).toEqual(['a']);
  expect(keyAt(0)).toBeGreaterThan(0);
  expect(logged.join()).toContain('are damaged and set aside');
});

test('where nothing can be kept alerts are sent without a key, and the log says so', () => {
  path = join(folder.path, 'file', 'outbox.db');
  writeFileSync(join(folder.path, 'file'), 'in the way');
  const outbox = start();
  outbox.add('a');
  expect(sent).toEqual([{ message: 'a' }]);
  expect(logged).toHaveLength(1);
  expect(existsSync(path)).toBe(false);
});
