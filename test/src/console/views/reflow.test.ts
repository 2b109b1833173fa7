import { describe, expect, test } from 'vitest';
import { eraseWrapped, rowsAboveCursor, wrapsOnResize } from '../../../../src/console/views/reflow.ts';

const rows = ['x'.repeat(40), '漢'.repeat(10), ''];

describe('rowsAboveCursor', () => {
  test.each([
    ['the first row', { rows, cursor: { x: 3, y: 0 } }, 100, 0],
    ['the first row, wrapped before the cursor', { rows, cursor: { x: 39, y: 0 } }, 15, 2],
    ['a later row, the first wrapped', { rows, cursor: { x: 3, y: 1 } }, 15, 3],
    ['no row: it stands below the drawing', { rows, cursor: undefined }, 15, 6],
    ['no row, nothing wrapped', { rows, cursor: undefined }, 100, 3],
  ])('counts to the cursor in %s', (_what, drawing, columns, expected) => {
    expect(rowsAboveCursor(drawing, columns)).toBe(expected);
  });
});

test('erases the rows that a terminal made of it, and leaves the cursor as if there were those that were drawn', () => {
  expect(eraseWrapped({ rows, cursor: { x: 3, y: 1 } }, 15)).toBe('\x1b[3A\r\x1b[J\n\n\n\x1b[2A');
  expect(eraseWrapped({ rows, cursor: undefined }, 15)).toBe('\x1b[6A\r\x1b[J\n\n\n');
});

test.each([
  [{ TERM: 'xterm-256color' }, true],
  [{ TERM: 'tmux-256color' }, true],
  [{ TERM: 'xterm-256color', XTERM_VERSION: 'XTerm(379)' }, false],
  [{ TERM: 'linux' }, false],
])('%j wraps what stands: %s', (environment, expected) => {
  expect(wrapsOnResize(environment)).toBe(expected);
});
