import { expect, test } from 'vitest';
import { layOutMenu } from '../../../../src/console/views/lay-out-menu.ts';
import { createPaint } from '../../../../src/console/views/paint.ts';

const paint = createPaint({ colour: false });
const words = (...texts: readonly string[]) => texts.map((text) => ({ text }));

test('candidates stand in columns, read downwards', () => {
  expect(layOutMenu(words('add', 'cancel', 'case', 'copy', 'exit'), { paint, columns: 25, maxRows: 8 })).toEqual([
    'add     case    exit',
    'cancel  copy',
  ]);
});

test('candidates with hints stand one a row', () => {
  const candidates = [
    { text: '-path', hint: 'where to search' },
    { text: '-name', hint: 'a regular expression' },
  ];
  expect(layOutMenu(candidates, { paint, columns: 25, maxRows: 8 })).toEqual(
    ['-path  where to search', '-name  a regular express…'].map((row) =>
      row.length > 24 ? '-name  a regular expres…' : row,
    ),
  );
});

test('more than fit are counted', () => {
  const many = Array.from({ length: 100 }, (_, at) => ({ text: `w${String(at).padStart(3, '0')}` }));
  const rows = layOutMenu(many, { paint, columns: 20, maxRows: 3 });
  expect(rows).toHaveLength(3);
  expect(rows.at(-1)).toBe('… 94 more');
});

test('hostile candidates are drawn as escapes', () => {
  expect(layOutMenu(words('\x1b]52;c;x\x07'), { paint, columns: 40, maxRows: 8 })).toEqual(['\\x1b]52;c;x\\x07']);
});
