import { describe, expect, test } from 'vitest';
import { createSequenceCheck } from '../../../../src/monitor/stream/sequence-check.ts';

describe('the check of numbers', () => {
  test('finds what is missing on each processor', () => {
    const { missingBefore } = createSequenceCheck();
    expect([missingBefore(0, 7), missingBefore(1, 100), missingBefore(0, 8), missingBefore(1, 104)]).toEqual([
      0, 0, 0, 3,
    ]);
  });

  test('counts across the turn of the number', () => {
    const { missingBefore } = createSequenceCheck();
    missingBefore(0, 0xffff_fffe);
    expect(missingBefore(0, 1)).toBe(2);
  });

  test('does not count again what is known to be lost, on whatever processors it shows', () => {
    const { missingBefore, explain } = createSequenceCheck();
    missingBefore(0, 0);
    missingBefore(1, 0);
    explain(5);
    expect([missingBefore(0, 4), missingBefore(1, 4), missingBefore(1, 5)]).toEqual([0, 1, 0]);
  });

  test('says nothing of a number that goes back, or of a processor that cannot be', () => {
    const { missingBefore } = createSequenceCheck();
    missingBefore(0, 10);
    expect([missingBefore(0, 9), missingBefore(-1, 0), missingBefore(1e9, 5)]).toEqual([0, 0, 0]);
  });
});
