/**
 * Rows as a table that fits a width. Cells are raw text like every line; they are measured as they will be shown, and what does not fit is cut with a mark.
 */
import Table from 'cli-table3';
import stringWidth from 'string-width';
import { visible, visibleParts } from '../base/visible.ts';
import { line, type Cell, type Line } from '../module/line.ts';

/** cli-table3 needs time by the square of the rows. */
const maxDrawnRows = 200;
const minColumnWidth = 4;
/** Of a column that is worth showing, where it is not narrower by itself. */
const readableWidth = 12;
const gap = '  ';
const cutMark = '…';
// Private use characters: one column wide, and in no clean text, as visible() escapes them.
const standInFirst = '\uE000';
const standInMore = '\uE001';

/** The head and one line a row; columns keep their order. */
export function formatTable(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: { readonly width?: number | undefined } = {},
): readonly Line[] {
  const texts = [columns, ...rows.map((row) => columns.map((_, at) => formatCell(row[at] ?? null)))];
  const widths = fitWidths(texts, columns.length, options.width);
  const cells = texts.map((row) => row.map((text, at) => cutText(text, widths[at] ?? 0)));
  const drawn = rows.length <= maxDrawnRows ? drawRows(cells) : cells.map((row) => padRow(row, widths));
  return drawn.map((text, at) =>
    line(options.width === undefined ? text : cutText(text, options.width), at === 0 ? 'heading' : 'plain'),
  );
}

/** How many of the first columns can be read side by side in a width; one at least. */
export function countFitting(rows: readonly (readonly Cell[])[], width: number | undefined): number {
  const columns = rows[0]?.length ?? 0;
  if (width === undefined) return columns;
  const texts = rows.map((row) => row.map(formatCell));
  let used = -gap.length;
  for (let at = 0; at < columns; at++) {
    const widest = texts.reduce((most, row) => Math.max(most, Math.min(readableWidth, shownWidth(row[at] ?? ''))), 0);
    used += gap.length + widest;
    if (used > width) return Math.max(1, at);
  }
  return columns;
}

/** A cell as text: nothing for null. */
export function formatCell(cell: Cell): string {
  return cell === null ? '' : String(cell);
}

/** How many columns of a terminal the raw text takes once it is made visible. */
export function shownWidth(text: string): number {
  // A backslash at the very end is doubled, one before the blank of a table is not.
  return stringWidth(visible(`${text} `)) - 1;
}

/** The raw text, cut with a mark so that it takes at most so many columns. */
export function cutText(text: string, width: number): string {
  if (text.length * 2 < width || shownWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += character === '\\' ? 2 : stringWidth(visible(character));
    if (used > width - 1) break;
    kept += character;
  }
  return kept + cutMark;
}

/** The widest cell of each column; where that is more than the width, the widest columns give way. */
function fitWidths(rows: readonly (readonly string[])[], columns: number, width: number | undefined): number[] {
  const widths = Array.from({ length: columns }, (_, at) =>
    rows.reduce((widest, row) => Math.max(widest, shownWidth(row[at] ?? '')), 0),
  );
  if (width === undefined) return widths;
  const available = width - gap.length * (columns - 1);
  const total = (cap: number): number => widths.reduce((sum, one) => sum + Math.min(one, cap), 0);
  let cap = Math.max(minColumnWidth, ...widths);
  while (cap > minColumnWidth && total(cap) > available) cap--;
  return widths.map((one) => Math.min(one, cap));
}

function padRow(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, at) =>
      at === row.length - 1 ? cell : cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - shownWidth(cell))),
    )
    .join(gap);
}

/**
 * Drawn by cli-table3, which would take line ends and colour codes in a cell for its own: every character that will be escaped is replaced by stand-ins of
 * the same width first, and put back into the drawn lines.
 */
function drawRows(rows: readonly (readonly string[])[]): readonly string[] {
  const replaced: string[] = [];
  const table = new Table({
    chars: { ...noBorders, middle: gap },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => row.map((cell) => standIn(cell, replaced))));
  let next = 0;
  return table
    .toString()
    .split('\n')
    .map((text) => text.trimEnd().replace(/\uE000\uE001*/g, () => replaced[next++] ?? cutMark));
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
} as const;

function standIn(cell: string, replaced: string[]): string {
  // The blank keeps a last backslash single, as it will stand in the line; the characters are walked again to know the raw ones.
  let rest = cell;
  return visibleParts(`${cell} `)
    .map(({ text, escaped }) => {
      const raw = escaped ? String.fromCodePoint(rest.codePointAt(0) ?? 0) : text === '\\\\' ? '\\' : text;
      rest = rest.slice(raw.length);
      if (!escaped && text !== '\\\\') return text;
      replaced.push(raw);
      return standInFirst + standInMore.repeat(stringWidth(text) - 1);
    })
    .join('')
    .slice(0, -1);
}
