import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitPartial, splitWords } from '../../../src/console/words.ts';
import { quoteWord } from '../../../src/module/flags.ts';

const texts = (line: string): readonly string[] => splitWords(line).map(({ text }) => text);

describe('words of a line', () => {
  test('are split at blanks', () => {
    expect(texts('  add  file\t-path /etc ')).toEqual(['add', 'file', '-path', '/etc']);
    expect(texts('')).toEqual([]);
  });

  test('keep what quotes hold', () => {
    expect(texts(`-name '^a b$' -n "it's \\"x\\" \\\\"`)).toEqual(['-name', '^a b$', '-n', 'it\'s "x" \\']);
    expect(texts(`a'b c'd ""`)).toEqual(['ab cd', '']);
  });

  test('keep the backslashes of regular expressions without quotes', () => {
    expect(texts('-name \\.conf$ a\\ b \\d+')).toEqual(['-name', '\\.conf$', 'a b', '\\d+']);
  });

  test('say where they stood and whether they were quoted', () => {
    expect(splitWords("x '|'")).toEqual([
      { text: 'x', from: 0, to: 1, quoted: false },
      { text: '|', from: 2, to: 5, quoted: true },
    ]);
  });

  test('of an open quote are refused with its column', () => {
    expect(() => splitWords('name "find passwd')).toThrow(
      expect.objectContaining({ code: 'QUOTE_OPEN', message: 'the quote " at column 6 is not closed' }),
    );
  });

  test('that are quoted come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 5 }), (words) => {
        expect(texts(words.map(quoteWord).join(' '))).toEqual(words);
      }),
    );
  });

  test('of a line that is still typed end with an empty one behind a blank', () => {
    expect(splitPartial('add ').map(({ text, from }) => [text, from])).toEqual([
      ['add', 0],
      ['', 4],
    ]);
    expect(splitPartial("load 'a b").map(({ text }) => text)).toEqual(['load', 'a b']);
  });
});
