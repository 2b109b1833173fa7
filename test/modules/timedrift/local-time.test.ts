import { expect, test } from 'vitest';
import { createLocalTime, formatTime } from '../../../modules/timedrift/local-time.ts';
import { systemClock } from '../../../src/base/clock.ts';

test.each([
  [Date.UTC(2026, 10, 21, 1, 43, 6) + 554.256, '2026-11-21T01:43:06.554256Z'],
  [Date.UTC(2026, 10, 21, 1, 43, 6), '2026-11-21T01:43:06Z'],
  [Date.UTC(2026, 10, 21, 1, 43, 6) + 500, '2026-11-21T01:43:06.5Z'],
  [-0.5, '1969-12-31T23:59:59.9995Z'],
])('%d is %s', (ms, text) => {
  expect(formatTime(ms)).toBe(text);
});

test('the local time goes on between the ticks of the wall clock', () => {
  const localTime = createLocalTime(systemClock);
  for (let round = 0; round < 3; round++) expect(Math.abs(localTime() - Date.now() - 0.5)).toBeLessThan(2);
});

test('a wall clock that stands still is not waited for', () => {
  const localTime = createLocalTime({ nowMs: () => 1000, monotonicMs: () => performance.now() });
  expect(localTime()).toBeGreaterThanOrEqual(1000);
});
