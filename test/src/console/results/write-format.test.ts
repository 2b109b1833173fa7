import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCsvRow, formatJson, formatMarkdownRow } from '../../../../src/console/results/write-format.ts';

describe('JSON', () => {
  test('carries hidden characters as escapes that its readers undo', () => {
    const hostile = 'a\u009b2J\u202e\u2028\ud800\u{e0001}\\x1b';
    const json = formatJson({ file: hostile });
    expect(json).toBe('{"file":"a\\u009b2J\\u202e\\u2028\\ud800\\udb40\\udc01\\\\x1b"}');
    expect(JSON.parse(json)).toEqual({ file: hostile });
  });

  test('means the same whatever is in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        expect(JSON.parse(formatJson([value, text], 2))).toEqual(JSON.parse(JSON.stringify([value, text])));
      }),
    );
  });
});

describe('CSV', () => {
  test('quotes what needs it', () => {
    expect(formatCsvRow(['a,b', 'say "x"', 7, true, null, ' '])).toBe('"a,b","say ""x""",7,true,," "');
  });

  test('keeps a line a line and hides no character', () => {
    expect(formatCsvRow(['a\r\nb', 'x\x1b[2J'])).toBe('a\\r\\nb,x\\x1b[2J');
  });

  test('starts no formula in a spreadsheet', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r']) {
      expect(formatCsvRow([`${start}cmd|x!A1`])).toMatch(/^"'/);
    }
    expect(formatCsvRow([-7])).toBe('-7');
  });
});

test('Markdown takes no markup from a cell', () => {
  expect(formatMarkdownRow(['a|b', '[x](http://y)', '<b>`*_~', null])).toBe(
    '| a\\|b | \\[x\\]\\(http://y\\) | \\<b\\>\\`\\*\\_\\~ |  |',
  );
});
