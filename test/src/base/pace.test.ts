import { expect, test } from 'vitest';
import { createPace } from '../../../src/base/pace.ts';

test('rest is due after the time that was said, counted from the last rest', async () => {
  let nowMs = 1000;
  const clock = { nowMs: () => 0, monotonicMs: () => nowMs };
  const pace = createPace({ clock, signal: new AbortController().signal, everyMs: 50 });
  expect(pace.isDue()).toBe(false);
  nowMs = 1050;
  expect(pace.isDue()).toBe(true);
  await pace.rest();
  expect(pace.isDue()).toBe(false);
});

test('while it rests, the event loop turns', async () => {
  const pace = createPace({ clock: { nowMs: () => 0, monotonicMs: () => 0 }, signal: new AbortController().signal });
  const seen: string[] = [];
  setImmediate(() => void seen.push('another'));
  await pace.rest();
  expect(seen).toEqual(['another']);
});

test('after a stop it is always due', () => {
  const stop = new AbortController();
  const pace = createPace({ clock: { nowMs: () => 0, monotonicMs: () => 0 }, signal: stop.signal });
  stop.abort();
  expect(pace.isDue()).toBe(true);
});
