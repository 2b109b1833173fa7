import { expect, test } from 'vitest';
import {
  formatCounts,
  formatDuration,
  formatPace,
  formatProgress,
} from '../../../../src/console/views/format-follow.ts';
import { idleFollow } from '../../../helpers/fake-program.ts';

test.each([
  [0, 5, 40, `${'░'.repeat(31)} 0/5 done`],
  [3, 5, 20, '██████░░░░░ 3/5 done'],
  [5, 5, 20, '███████████ 5/5 done'],
  [0, 0, 20, '░░░░░░░░░░░ 0/0 done'],
  [3, 5, 12, '3/5 done'],
])('draws %i of %i done in %i cells', (done, sent, columns, expected) => {
  expect(formatProgress({ ...idleFollow, done, sent }, columns)).toBe(expected);
});

test('counts found and nothing always, the rest where there is any', () => {
  expect(formatCounts(idleFollow)).toBe('1 found · 0 nothing');
  expect(formatCounts({ ...idleFollow, failed: 1, timedOut: 2, expired: 3, cancelled: 4, silent: 5 })).toBe(
    '1 found · 0 nothing · 1 failed · 2 timed out · 3 expired · 4 cancelled · 5 silent',
  );
});

test('tells the pace, the time, and how to leave', () => {
  expect(formatPace(idleFollow)).toBe(
    '12,345 examined · 2,469/s · 0:05 · 1:10 left · Ctrl-C leaves, the action runs on',
  );
  expect(formatPace({ ...idleFollow, examined: 0, leftMs: undefined })).toBe(
    '0:05 · Ctrl-C leaves, the action runs on',
  );
});

test.each([
  [0, '0:00'],
  [999, '0:01'],
  [65_000, '1:05'],
  [3_600_000, '1:00:00'],
  [-5, '0:00'],
])('%i ms is %s', (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});
