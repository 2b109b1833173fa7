import { describe, expect, test } from 'vitest';
import { lineOf } from '../../../../src/console/input/edit-line.ts';
import { layOutLine, paintTyped } from '../../../../src/console/views/lay-out-line.ts';
import { createPaint } from '../../../../src/console/views/paint.ts';

const paint = createPaint({ colour: false });
const at = (text: string, cursor: number) => ({ ...lineOf(text), cursor });

describe('layOutLine', () => {
  test.each([
    ['an empty line', lineOf(''), 40, ['gumshoe> '], { x: 9, y: 0 }],
    ['the cursor inside', at('abc', 1), 40, ['gumshoe> abc'], { x: 10, y: 0 }],
    ['wide letters', lineOf('漢字'), 40, ['gumshoe> 漢字'], { x: 13, y: 0 }],
    ['a line of several rows', lineOf('abcdefghijklmno'), 16, ['gumshoe> abcdef', 'ghijklmno'], { x: 9, y: 1 }],
    ['the cursor at the break', at('abcdefghij', 6), 16, ['gumshoe> abcdef', 'ghij'], { x: 0, y: 1 }],
    ['a wide letter that does not fit at the end', lineOf('abcde漢'), 16, ['gumshoe> abcde', '漢'], { x: 2, y: 1 }],
    ['hidden characters as escapes', lineOf('a\u202eb\nc'), 40, ['gumshoe> a\\u{202e}b\\nc'], { x: 22, y: 0 }],
    ['a backslash as one', lineOf('\\n$'), 40, ['gumshoe> \\n$'], { x: 12, y: 0 }],
  ])('lays out %s', (_what, line, columns, rows, cursor) => {
    expect(layOutLine('gumshoe> ', line, { paint, columns, maxRows: 9 })).toEqual({ rows, cursor });
  });

  test('shows the rows around the cursor where there are more than fit', () => {
    const line = at('x'.repeat(100), 50);
    const { rows, cursor } = layOutLine('> ', line, { paint, columns: 11, maxRows: 3 });
    expect(rows).toHaveLength(3);
    expect(cursor).toEqual({ x: 2, y: 2 });
  });

  test('a prompt wider than the window takes rows of its own', () => {
    const { rows } = layOutLine('investigator julien> ', lineOf('x'), { paint, columns: 15, maxRows: 9 });
    expect(rows).toEqual(['investigator', 'julien> x']);
  });
});

test('an escape that was typed looks different from a hidden character', () => {
  const coloured = createPaint({ colour: true });
  expect(paintTyped('\\x1b', coloured)).toBe('\\x1b');
  expect(paintTyped('\x1b', coloured)).toBe('\x1b[7m\\x1b\x1b[27m');
});
