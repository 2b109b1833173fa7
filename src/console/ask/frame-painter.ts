import { cellWidth } from '../input/graphemes.ts';
import type { TerminalOutput } from '../views/terminal-output.ts';
import type { Frame } from './widget.ts';

/** Draws a frame in place of the one before, below everything that was printed. */
export interface FramePainter {
  readonly draw: (frame: Frame) => void;
  /** Replaces the frame by rows that stay. */
  readonly finish: (rows: readonly string[]) => void;
}

const eraseBelow = '\x1b[J';

export function createFramePainter(output: TerminalOutput): FramePainter {
  let drawn: Frame | undefined;
  const erase = (): string => {
    if (!drawn) return '';
    const up = rowsAbove(drawn, output.columns ?? 80);
    return `${up > 0 ? `\x1b[${up}A` : ''}\r${eraseBelow}`;
  };
  return {
    draw: (frame) => {
      const up = frame.rows.length - 1 - frame.cursor.y;
      const place = `${up > 0 ? `\x1b[${up}A` : ''}\r${frame.cursor.x > 0 ? `\x1b[${frame.cursor.x}C` : ''}`;
      output.write(erase() + frame.rows.join('\n') + place);
      drawn = frame;
    },
    finish: (rows) => {
      output.write(erase() + rows.map((row) => `${row}\n`).join(''));
      drawn = undefined;
    },
  };
}

/** Rows between the first of the frame and the cursor, as the terminal shows them now: a window that became narrower has wrapped them. */
function rowsAbove({ rows, cursor }: Frame, columns: number): number {
  const wrapped = rows.slice(0, cursor.y).map((row) => Math.max(1, Math.ceil(cellWidth(row) / columns)));
  return wrapped.reduce((sum, count) => sum + count, 0) + Math.floor(cursor.x / columns);
}
