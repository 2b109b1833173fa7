/** An edited line laid out in rows of a terminal, with the place of the cursor. Pure, so that prompt and questions draw alike. */
import { hasHidden } from '../../base/visible.ts';
import type { EditedLine } from '../input/edit-line.ts';
import { cellWidth, splitGraphemes } from '../input/graphemes.ts';
import { escapeHidden } from './escape-hidden.ts';
import { wrapRaw } from './fit-text.ts';
import type { Paint } from './paint.ts';

export interface LaidOutLine {
  readonly rows: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number };
}

export interface LayOutOptions {
  readonly paint: Paint;
  readonly columns: number;
  /** More rows are cut away around the cursor. */
  readonly maxRows: number;
}

const maxPromptRows = 4;

/** The prompt is our own text. A line that is empty is laid out as well: its cursor stands behind the prompt. */
export function layOutLine(prompt: string, line: EditedLine, options: LayOutOptions): LaidOutLine {
  const { paint, columns, maxRows } = options;
  const width = Math.max(4, columns - 1);
  const head = wrapRaw(prompt, width, maxPromptRows);
  const rows = head.map((row) => paint.text('heading', row));
  let x = cellWidth(head.at(-1) ?? '');
  const add = (painted: string, cells: number): void => {
    if (x + cells > width) {
      rows.push('');
      x = 0;
    }
    rows[rows.length - 1] += painted;
    x += cells;
  };
  let at = 0;
  let cursor = { x, y: rows.length - 1 };
  for (const grapheme of splitGraphemes(line.text)) {
    if (at === line.cursor) cursor = nextCell(x, rows.length - 1, width, cellWidth(escapeHidden(grapheme)));
    for (const character of hasHidden(grapheme) ? grapheme : [grapheme]) {
      add(paintTyped(character, paint), cellWidth(escapeHidden(character)));
    }
    at += grapheme.length;
  }
  if (at === line.cursor) cursor = { x, y: rows.length - 1 };
  return cutRows(rows, cursor, Math.max(1, maxRows));
}

/** What the investigator typed: hidden characters as escapes in their own style. */
export function paintTyped(text: string, paint: Paint): string {
  return escapeHidden(text, (character) => paint.text('plain', character));
}

function nextCell(x: number, y: number, width: number, cells: number): LaidOutLine['cursor'] {
  return x + cells > width ? { x: 0, y: y + 1 } : { x, y };
}

/** Keeps the rows around the cursor where there are more than fit. */
function cutRows(rows: readonly string[], cursor: LaidOutLine['cursor'], maxRows: number): LaidOutLine {
  if (rows.length <= maxRows) return { rows, cursor };
  const from = Math.min(rows.length - maxRows, Math.max(0, cursor.y - maxRows + 1));
  return { rows: rows.slice(from, from + maxRows), cursor: { x: cursor.x, y: cursor.y - from } };
}
