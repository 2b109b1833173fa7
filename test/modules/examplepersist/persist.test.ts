import { afterEach, expect, test, vi } from 'vitest';
import { persist } from '../../../modules/examplepersist/persist.ts';

afterEach(() => void vi.useRealTimers());

function start(interval: number) {
  vi.useFakeTimers();
  const lines: string[] = [];
  const abort = new AbortController();
  const working = persist({
    config: { interval },
    host: { hostname: 'h', environment: {}, tags: {} },
    extraPrivacy: false,
    log: (line) => void lines.push(line),
    alert: () => {},
    event: () => {},
    signal: abort.signal,
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
    stateFolder: '/nonexistent',
  });
  return { lines, abort, working };
}

test('it echoes', async () => {
  const { working } = start(30);
  const { query } = await working;
  expect(await query({ string: 'S' }, { signal: new AbortController().signal })).toEqual({
    foundAnything: true,
    elements: { string: 'S' },
    statistics: null,
    errors: [],
  });
});

test('it writes the time every so many seconds, until its end', () => {
  const { lines, abort } = start(2);
  vi.advanceTimersByTime(5000);
  expect(lines).toEqual(['the time is 1970-01-01T00:00:00.000Z', 'the time is 1970-01-01T00:00:00.000Z']);
  abort.abort();
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(2);
});

test('an interval of 0 or less is told and taken as 30 seconds, as in MIG', () => {
  const { lines } = start(-1);
  expect(lines).toEqual(['interval: expected more than 0 seconds, got -1: using 30']);
  vi.advanceTimersByTime(30_000);
  expect(lines).toHaveLength(2);
});
