import { expect, test } from 'vitest';
import { config } from '../../../modules/process/config.ts';
import { createEventLog } from '../../../modules/process/event-log.ts';
import { params, readSince } from '../../../modules/process/params.ts';
import { validateParameters } from '../../../src/module/params.ts';

test.each([
  [{ pids: ['0'] }, 'expected a process id, 1 to 4194304, got "0"'],
  [{ pids: [4_194_305] }, 'expected a process id, 1 to 4194304, got "4194305"'],
  [{ pids: ['12a'] }, 'expected a process id'],
  [{ name: '(' }, 'expected a regular expression'],
  [{ kinds: ['thread'] }, 'expected fork, exec, exit, gap, got "thread"'],
  [{ since: 'yesterday' }, 'expected a time or a duration such as 10m, got "yesterday"'],
  [{ since: '-5m' }, 'expected a time or a duration'],
  [{ recent: -1 }, 'expected a whole number from 0 to 20000'],
  [{ recent: 20_001 }, 'expected a whole number from 0 to 20000'],
])('%j is refused', (wrong, message) => {
  expect(() => validateParameters(params, wrong)).toThrow(message);
});

test('a time is one of RFC 3339, or so long ago', () => {
  expect(readSince('90s', 100_000)).toBe(10_000);
  expect(readSince('1970-01-01T00:00:05Z', 0)).toBe(5000);
  expect(readSince('1970-01-01T01:00:05.5+01:00', 0)).toBe(5500);
  expect(readSince('1970-13-01T00:00:05Z', 0)).toBeUndefined();
});

test.each([
  [{ names: ['/bin/sh'] }],
  [{ keepEvents: 1 }],
  [{ watchPerSecond: 0 }],
  [{ watchForks: 'no' }],
  [{ name: [] }],
])('the configuration %j is refused', (wrong) => {
  expect(config.safeParse(wrong).success).toBe(false);
});

test('the log of events is bounded by their characters, too', () => {
  const log = createEventLog(1000, 10_000);
  for (let at = 0; at < 50; at++) log.add({ at: String(at), event: 'exec', args: ['x'.repeat(800)] });
  expect(log.size()).toBe(9);
  expect(log.forgotten()).toBe(41);
  expect([...log.newest()].map(({ n }) => n)).toEqual([50, 49, 48, 47, 46, 45, 44, 43, 42]);
  log.replace(45, { code: 7 });
  log.replace(41, { code: 8 });
  expect([...log.newest()].filter(({ code }) => code !== undefined).map(({ n }) => n)).toEqual([45]);
});
