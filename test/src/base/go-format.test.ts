import { describe, expect, test } from 'vitest';
import { formatDuration, formatGoTime, parseDuration } from '../../../src/base/go-format.ts';

describe('durations', () => {
  test.each([
    [0, '0s'],
    [0.0001, '100ns'],
    [0.14472, '144.72µs'],
    [1.885682, '1.885682ms'],
    [566.822728, '566.822728ms'],
    [59_997.876212, '59.997876212s'],
    [123_500, '2m3.5s'],
    [3_600_000, '1h0m0s'],
    [-1500, '-1.5s'],
    [60_000.000732, '1m0.000000732s'],
    [59_999.9999999, '1m0s'],
    [1e-7, '0s'],
    [100_000, '1m40s'],
    [100, '100ms'],
  ])('%d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    ['300s', 300_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['-2m', -120_000],
    ['100µs', 0.1],
    ['0', 0],
  ])('%s is read as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 9);
  });

  test.each(['', '300', 's', '1d', '1h 30m', '1hh', 'x1s', '1s2'])('%j is refused', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('times', () => {
  test.each([
    [1_763_689_061_880_681_567n, '2025-11-21 01:37:41.880681567 +0000 UTC'],
    [1_744_022_326_000_000_000n, '2025-04-07 10:38:46 +0000 UTC'],
    [500_000_000n, '1970-01-01 00:00:00.5 +0000 UTC'],
    [-1n, '1969-12-31 23:59:59.999999999 +0000 UTC'],
  ])('%d ns is written %s', (ns, text) => {
    expect(formatGoTime(ns)).toBe(text);
  });
});
