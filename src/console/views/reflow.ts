/**
 * What a narrower window does to rows that stand in it: most terminals wrap them, so that there are more rows to erase than were drawn. xterm and the
 * console of Linux cut them instead.
 */
import { cellWidth } from '../input/graphemes.ts';
import type { Drawing } from './lay-out-screen.ts';

/** True for terminals that wrap what stands when their window becomes narrower. */
export function wrapsOnResize(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment['XTERM_VERSION'] === undefined && environment['TERM'] !== 'linux';
}

/** Rows between the first of the drawing and the cursor, once the terminal has wrapped them to so many columns. Without a cursor it stands below them. */
export function rowsAboveCursor({ rows, cursor }: Drawing, columns: number): number {
  const above = cursor ? rows.slice(0, cursor.y) : rows;
  const wrapped = above.map((row) => Math.max(1, Math.ceil(cellWidth(row) / columns)));
  return wrapped.reduce((sum, count) => sum + count, 0) + Math.floor((cursor?.x ?? 0) / columns);
}

/** Erases a drawing that was wrapped, and leaves the cursor where it would stand had it not been: for Ink, which then erases the rows it knows of. */
export function eraseWrapped(drawing: Drawing, columns: number): string {
  const up = rowsAboveCursor(drawing, columns);
  const below = drawing.rows.length - (drawing.cursor?.y ?? drawing.rows.length);
  return `${moveUp(up)}\r\x1b[J${'\n'.repeat(drawing.rows.length)}${moveUp(below)}`;
}

function moveUp(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : '';
}
