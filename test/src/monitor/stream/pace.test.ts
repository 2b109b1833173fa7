import { describe, expect, test } from 'vitest';
import { createPace } from '../../../../src/monitor/stream/pace.ts';

const limits = { calmPauseUs: 500, pauseUs: 2000, calmPerSecond: 400 };
const ms = 1e6;

describe('the pace of the reader', () => {
  test('is quick on a calm host: 300 events a second, each alone', () => {
    const { nextUs } = createPace(limits);
    const pauses = Array.from({ length: 300 }, (_, index) => nextUs(1, 1e9 + (index * 1000 * ms) / 300));
    expect(new Set(pauses)).toEqual(new Set([500]));
  });

  test('is slow on a busy one: 4,000 events a second, but for the first 20', () => {
    const { nextUs } = createPace(limits);
    nextUs(0, 1e9);
    const pauses = Array.from({ length: 500 }, (_, index) => nextUs(8, 1e9 + (index + 1) * 2 * ms));
    expect(pauses.filter((pause) => pause === 500).length).toBe(2);
  });

  test('is slow at once in a burst, and quick again after a window without one', () => {
    const { nextUs } = createPace(limits);
    expect(nextUs(1, 1000 * ms)).toBe(500);
    expect(nextUs(200, 1001 * ms)).toBe(2000);
    expect(nextUs(1, 1040 * ms)).toBe(2000);
    expect(nextUs(1, 1051 * ms)).toBe(2000);
    expect(nextUs(1, 1102 * ms)).toBe(500);
  });
});
