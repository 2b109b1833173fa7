import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatJsonLine } from '../../../modules/scribe/format-json-line.ts';
import { visible } from '../../../src/base/visible.ts';

test.each([
  ['t\x1b[31mx', String.raw`"t\u001b[31mx"`],
  ['a\\b "c"\n\t\u{202e}é\u{e0001}\ud800', String.raw`"a\u005cb \"c\"\u000a\u0009\u202eé\udb40\udc01\ud800"`],
  ['\b\f/', String.raw`"\b\f/"`],
])('%j is written as %s', (value, expected) => {
  expect(formatJsonLine(value)).toBe(expected);
});

test('what a screen or a pipe shows of it is the same JSON', () => {
  const nasty = fc.array(
    fc.constantFrom('\\', 'n', 'x1b', '\n', '\x1b', '{41}', 'u', 'u001b', '"', 'é', '\u202e', '\r', '\t'),
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    nasty.map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, texts)), (entries) => {
      const value = entries.map(([name, identifier]) => ({ name, results: [{ identifier }] }));
      expect(JSON.parse(visible(formatJsonLine(value)))).toEqual(value);
    }),
  );
});
