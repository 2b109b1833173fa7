/** Raw text fitted into cells. The result is raw still; widths are those of its visible form. */
import { visible } from '../../base/visible.ts';
import { cellWidth, splitGraphemes } from '../input/graphemes.ts';

/** The beginning of the text whose visible form fits into so many cells, with … where something was cut. */
export function cutRaw(text: string, columns: number): string {
  if (text.length <= columns && isPlain(text)) return text;
  let width = 0;
  let fitting = '';
  let kept = '';
  // Graphemes can be long without being wide, but not without a limit.
  for (const grapheme of splitGraphemes(text.slice(0, Math.max(0, columns) * 16 + 64))) {
    width += cellWidth(visible(grapheme));
    if (width > columns) return columns < 1 ? '' : `${fitting}…`;
    kept += grapheme;
    if (width <= columns - 1) fitting = kept;
  }
  return kept.length < text.length ? `${fitting}…` : kept;
}

/** The text in rows of so many cells, broken at spaces where there are any; the last of `maxRows` is cut. */
export function wrapRaw(text: string, columns: number, maxRows: number): readonly string[] {
  const width = Math.max(4, columns);
  const rows: string[] = [];
  let rest = text;
  while (rest !== '' && rows.length < maxRows - 1) {
    const head = takeCells(rest, width);
    if (head.length === rest.length) break;
    const space = head.lastIndexOf(' ');
    const end = rest.charAt(head.length) === ' ' || space < width / 3 ? head.length : space;
    rows.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? rows : [...rows, cutRaw(rest, width)];
}

function takeCells(text: string, columns: number): string {
  let width = 0;
  let taken = '';
  for (const grapheme of splitGraphemes(text.slice(0, columns * 16 + 64))) {
    width += cellWidth(visible(grapheme));
    if (width > columns && taken !== '') break;
    taken += grapheme;
  }
  return taken;
}

function isPlain(text: string): boolean {
  return /^[ -[\]-~]*$/.test(text);
}
