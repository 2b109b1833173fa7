import { expect, test } from 'vitest';
import { moveTime, parseInterval, toTimeText } from '../../../src/target/time-text.ts';

test.each([
  ['2026-11-21T07:00:00Z', '2026-11-21T07:00:00.000Z'],
  ['2026-11-21T07:00:00.123456789Z', '2026-11-21T07:00:00.123Z'],
  ['2026-11-21', '2026-11-21T00:00:00.000Z'],
  ['2026-11-21 07:00', '2026-11-21T07:00:00.000Z'],
  ['2026-11-21 07:00:30+02', '2026-11-21T05:00:30.000Z'],
  ['2026-11-21 07:00-0530', '2026-11-21T12:30:00.000Z'],
  ['2026-02-30T00:00:00Z', null],
  ['2026-13-01', null],
  ['now', null],
  ['', null],
])('%s is the time %s', (text, time) => {
  expect(toTimeText(text)).toBe(time);
});

test.each([
  ['30 days', { months: 0, ms: 2_592_000_000 }],
  ['1 month 2 hours', { months: 1, ms: 7_200_000 }],
  ['90 min', { months: 0, ms: 5_400_000 }],
  ['1 year', { months: 12, ms: 0 }],
  ['-1 day', { months: 0, ms: -86_400_000 }],
  ['5s', { months: 0, ms: 5000 }],
  ['soon', undefined],
  ['5', undefined],
  ['5 moons', undefined],
])('%s is the interval %o', (text, interval) => {
  expect(parseInterval(text)).toEqual(interval);
});

test('a month before the 31st is the last day of a shorter one', () => {
  expect(moveTime('2026-03-31T10:00:00.000Z', -1, { months: 1, ms: 0 })).toBe('2026-02-28T10:00:00.000Z');
  expect(moveTime('nothing', 1, { months: 1, ms: 0 })).toBeNull();
});
