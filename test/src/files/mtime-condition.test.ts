import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMtime, matchesMtime, parseMtimeCondition } from '../../../src/files/mtime-condition.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

const matches = (condition: string, time: string): boolean => {
  const parsed = parseMtimeCondition(condition);
  return parsed !== undefined && matchesMtime(parsed, Date.parse(time), now);
};

describe('ages', () => {
  test.each([
    ['<1d', '2026-11-20T12:00:01Z', true],
    ['<1d', '2026-11-20T12:00:00Z', false],
    ['>1d', '2026-11-20T12:00:00Z', false],
    ['>1d', '2026-11-20T11:59:59Z', true],
    ['<90m', '2026-11-21T10:31:00Z', true],
    ['>2h', '2026-11-21T09:59:00Z', true],
    ['>2y', '2024-11-20T00:00:00Z', true],
    ['<2y', '2024-11-20T00:00:00Z', false],
    ['<0d', '2026-11-21T12:00:01Z', true],
    ['<1d', '2027-01-01T00:00:00Z', true],
    ['<2026-01-01', '2026-01-01T00:00:01Z', true],
    ['<2026-01-01', '2026-01-01T00:00:00Z', false],
    ['>2026-01-01', '2025-12-31T23:59:59Z', true],
    ['>2026-01-01T10:00:00Z', '2026-01-01T09:59:59Z', true],
    ['<2026-01-01T10:00:00+02:00', '2026-01-01T08:00:01Z', true],
    ['>2015-01-01 10:52:00 UTC', '2015-01-01T10:51:59Z', true],
    ['<2026-01-01T10:00', '2026-01-01T10:00:01Z', true],
  ])('%s for a file of %s: %s', (condition, time, expected) => {
    expect(matches(condition, time)).toBe(expected);
  });

  test.each([
    '',
    '<',
    '<d',
    '>h',
    '90d',
    '<90',
    '<90s',
    '<-1d',
    '=1d',
    'BADMTIME',
    '<2026-13-01',
    '<2026-02-30',
    '<2026-01-01T25:00:00Z',
    '<26-01-01',
    '<2026',
  ])('%j is refused', (condition) => {
    expect(checkMtime(condition)).toMatch(/^expected < \(newer\) or > \(older\) and an age or a date/);
  });

  test('an age beyond 292 years is refused', () => {
    expect(checkMtime('<106751d')).toBeUndefined();
    expect(checkMtime('<106752d')).toBeDefined();
    expect(checkMtime(`<${'9'.repeat(400)}d`)).toBeDefined();
  });

  test('any text is read or refused, and what is read means a moment', () => {
    const almost = fc.stringMatching(/^[<>]?\d{0,4}-?\d{0,2}-?\d{0,2}[T ]?\d{0,2}:?\d{0,2}:?\d{0,2}[dhmyZ]?$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost), (text) => {
        const parsed = parseMtimeCondition(text);
        if (parsed === undefined) return;
        const { moment } = parsed;
        expect(Number.isFinite('atMs' in moment ? moment.atMs : moment.agoMs)).toBe(true);
      }),
    );
  });
});
