import { describe, expect, test } from 'vitest';
import { failedResult, parseResult } from '../../../src/protocol/result.ts';

describe('the result envelope', () => {
  test('has all five keys, whatever came', () => {
    expect(parseResult('{"errors":["no"]}')).toEqual({
      foundanything: false,
      success: false,
      elements: null,
      statistics: null,
      errors: ['no'],
    });
  });

  test("keeps MIG's null for no errors", () => {
    expect(
      parseResult('{"foundanything":true,"success":true,"elements":{"s1":[]},"statistics":{},"errors":null}'),
    ).toEqual({
      foundanything: true,
      success: true,
      elements: { s1: [] },
      statistics: {},
      errors: null,
    });
  });

  test.each(['', 'ERROR: Invalid hash length{', '[]', '{"success":"yes"}', '{"errors":[7]}'])('refuses %j', (line) => {
    expect(() => parseResult(line)).toThrow(expect.objectContaining({ code: 'RESULT_INVALID' }));
  });

  test('of a failed run holds the reasons and nothing else', () => {
    expect(failedResult(['why'])).toEqual({
      foundanything: false,
      success: false,
      elements: null,
      statistics: null,
      errors: ['why'],
    });
  });
});
