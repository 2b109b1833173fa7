import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonError } from '../../../modules/scribe/find-json-error.ts';

test.each([
  ['', 0, 'a value'],
  ['{', 1, 'a key in double quotes or }'],
  ['{"a"', 4, 'a colon'],
  ['{"a":', 5, 'a value'],
  ['{"a":1', 6, 'a comma or }'],
  ['{"a":1,}', 7, 'a key in double quotes'],
  ["{'a':1}", 1, 'a key in double quotes or }'],
  ['[', 1, 'a value or ]'],
  ['[1 2]', 3, 'a comma or ]'],
  ['[1,]', 3, 'a value'],
  ['[1}', 2, 'a comma or ]'],
  ['[01]', 2, 'a comma or ]'],
  ['[-]', 1, 'a value or ]'],
  ['[tru]', 1, 'a value or ]'],
  ['"abc', 4, 'a closing quote'],
  ['"a\nb"', 2, 'a closing quote, or an escape such as \\n'],
  ['"a\\x"', 2, 'an escape such as \\n or \\u00e9'],
  ['"\\u12G4"', 1, 'an escape such as \\n or \\u00e9'],
  ['{} x', 3, 'nothing more'],
  ['\ufeff{}', 0, 'a value'],
])('%j ends being JSON at %i', (text, offset, expected) => {
  expect(findJsonError(text)).toEqual({ offset, expected });
});

test.each([' {"a" : [1, -0.5e+3, true, null, {}, [], "\\u00E9\\/"]}\r\n\t', '0', '"x"'])('%j is JSON', (text) => {
  expect(findJsonError(text)).toBeUndefined();
});

test('says of a text that it is JSON where JSON.parse takes it, and of any other where it ends being the beginning of JSON', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const pieces = fc.constantFrom(
    ...'{}[]:,"',
    '"a"',
    '1',
    '-',
    '0.5',
    'e1',
    'true',
    ' ',
    '\n',
    '\\',
    'u0041',
    '\u0000',
  );
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
    fc
      .json()
      .chain((json) => fc.tuple(fc.constant(json), fc.nat(json.length)))
      .map(([json, end]) => json.slice(0, end)),
    fc.json(),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const error = findJsonError(text);
      expect(error === undefined).toBe(isJson(text));
      expect(error?.offset ?? 0).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3000 },
  );
});

test('takes long and deep texts', () => {
  const deep = '['.repeat(2_000_000);
  expect(findJsonError(deep)).toEqual({ offset: deep.length, expected: 'a value or ]' });
  expect(findJsonError(`"${'a'.repeat(8_000_000)}`)?.expected).toBe('a closing quote');
});
