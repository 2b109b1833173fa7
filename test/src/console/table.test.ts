import { describe, expect, test } from 'vitest';
import { renderPlain } from '../../../src/console/render-line.ts';
import { countFitting, cutText, formatTable, shownWidth } from '../../../src/console/table.ts';

const draw = (...args: Parameters<typeof formatTable>): readonly string[] => formatTable(...args).map(renderPlain);

describe('a table', () => {
  test('aligns columns', () => {
    expect(
      draw(
        ['file', 'size'],
        [
          ['/etc/passwd', 1221],
          ['/a', null],
        ],
      ),
    ).toEqual(['file         size', '/etc/passwd  1221', '/a']);
  });

  test('measures cells as they are shown, escapes and wide characters too', () => {
    expect(
      draw(
        ['name', 'x'],
        [
          ['a\x1b[2Jb\nc', 1],
          ['日本', 2],
          ['plain\\', 3],
          ['a\\x1b', 4],
        ],
      ),
    ).toEqual(['name          x', 'a\\x1b[2Jb\\nc  1', '日本          2', 'plain\\        3', 'a\\\\x1b        4']);
  });

  test('is cut with a mark where it is wider than the screen', () => {
    const lines = draw(['file', 'size'], [['/usr/share/doc/a-very-long-name', 12]], { width: 20 });
    expect(lines).toEqual(['file            size', '/usr/share/do…  12'].map((line) => line));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(20);
  });

  test('never lets a cell make a second line, however it is drawn', () => {
    const hostile = 'x\r\nadmin  ok\x1b[31m';
    for (const count of [1, 300]) {
      const rows = Array.from({ length: count }, () => [hostile, 1]);
      const lines = draw(['name', 'n'], rows);
      expect(lines).toHaveLength(count + 1);
      expect(lines[1]).toBe('x\\r\\nadmin  ok\\x1b[31m  1');
    }
  });

  test('of 100,000 rows is written within seconds', () => {
    const rows = Array.from({ length: 100_000 }, (_, at) => [`/usr/share/file-${at}`, at]);
    const startMs = performance.now();
    expect(formatTable(['file', 'size'], rows, { width: 100 })).toHaveLength(100_001);
    expect(performance.now() - startMs).toBeLessThan(5000);
  });
});

describe('a text that is cut', () => {
  test('takes at most the columns it may', () => {
    for (const text of ['abcdef', '日本語日本語', 'a\x1b\x1b\x1b', '\\\\\\\\\\\\']) {
      expect(shownWidth(cutText(text, 5))).toBeLessThanOrEqual(6);
    }
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('ab…');
  });
});

describe('how many columns fit', () => {
  const row = (...texts: readonly string[]): readonly string[] => texts;
  test('counts a column as what it needs, and no more than can be read', () => {
    expect(countFitting([row('a', 'b'), row('1', '2')], 4)).toBe(2);
    expect(countFitting([row('a', 'b'), row('1', '2')], 3)).toBe(1);
    expect(countFitting([row('x'.repeat(500), 'y'.repeat(500), 'z')], 29)).toBe(3);
    expect(countFitting([row('x'.repeat(500), 'y'.repeat(500), 'z')], 28)).toBe(2);
  });

  test('is one at least, and all where there is no width', () => {
    expect(countFitting([row('x'.repeat(500))], 1)).toBe(1);
    expect(countFitting([row('x', 'y', 'z')], undefined)).toBe(3);
    expect(countFitting([], 10)).toBe(0);
  });
});
