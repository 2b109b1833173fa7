import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSize, matchesSize, parseSizeCondition } from '../../../src/files/size-condition.ts';

const matches = (condition: string, size: number): boolean => {
  const parsed = parseSizeCondition(condition);
  return parsed !== undefined && matchesSize(parsed, size);
};

describe('sizes', () => {
  test.each([
    ['190', 190, true],
    ['190', 191, false],
    ['<10k', 10_240, true],
    ['<10k', 10_241, false],
    ['>10k', 10_240, true],
    ['>10k', 10_239, false],
    ['1m', 1_048_576, true],
    ['>1g', 1_073_741_824, true],
    ['<1t', 1_099_511_627_776, true],
    ['0', 0, true],
  ])('%s for a file of %d bytes: %s', (condition, size, expected) => {
    expect(matches(condition, size)).toBe(expected);
  });

  test.each(['', '<', '>', 'k', 'm', '<k', '10K', '10z', '1.5m', '-1', ' 1', 'BADSIZE', '<BADSIZEg', '>>>>BADSIZEm'])(
    '%j is refused',
    (condition) => {
      expect(checkSize(condition)).toMatch(/^expected a size such as 190/);
    },
  );

  test('a size that no file can have is refused', () => {
    expect(checkSize('8388608t')).toBeDefined();
    expect(checkSize('8388607t')).toBeUndefined();
  });

  test('any text is read or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[<>]?[0-9]{0,25}[kmgt]?$/)), (text) => {
        const isRead = parseSizeCondition(text) !== undefined;
        expect(checkSize(text) === undefined).toBe(isRead);
        if (isRead) expect(text).toMatch(/^[<>]?\d+[kmgt]?$/);
      }),
    );
  });
});
