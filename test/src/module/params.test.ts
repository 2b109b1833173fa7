import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { text, textList } from '../../../src/module/fields.ts';
import { flatParams, labelledParams, validateParameters } from '../../../src/module/params.ts';

const params = flatParams(
  z.object({
    names: textList({
      flag: 'name',
      description: '',
      example: 'x',
      check: (typed) => (typed === '' ? 'expected a name' : undefined),
    }),
    note: text({ flag: 'note', description: '', example: 'x' }),
  }),
);

describe('validated parameters', () => {
  test('drop unknown keys and take null for "not given", as MIG does', () => {
    expect(validateParameters(params, { names: null, note: 'n', other: 1 })).toEqual({ names: undefined, note: 'n' });
  });

  test('may be missing altogether', () => {
    expect(validateParameters(params, undefined)).toEqual({});
  });

  test('name every wrong place', () => {
    expect(() => validateParameters(params, { names: ['a', ''], note: 7 })).toThrow(
      expect.objectContaining({
        code: 'PARAMETERS_INVALID',
        message: 'names.1: expected a name; note: Invalid input: expected string, received number',
      }),
    );
  });

  test('refuse a label that cannot be one, rather than leave its search out', () => {
    const labelled = labelledParams(z.object({ paths: textList({ flag: 'path', description: '', example: '/' }) }), {
      label: 's1',
      checkLabel: () => undefined,
    });
    const parameters: unknown = JSON.parse('{"searches":{"__proto__":{"paths":["/etc"]}}}');
    expect(() => validateParameters(labelled, parameters)).toThrow(
      expect.objectContaining({ message: "searches: expected another label than '__proto__', which cannot be one" }),
    );
    expect(validateParameters(labelled, { searches: null })).toEqual({ searches: undefined });
    expect(validateParameters(labelled, {})).toEqual({});
  });
});
