import { rowsAboveCursor } from '../views/reflow.ts';
import type { TerminalOutput } from '../views/terminal-output.ts';
import type { Frame } from './widget.ts';

/** Draws a frame in place of the one before, below everything that was printed. `wraps`: what a narrower window does to rows, see reflow.ts. */
export interface FramePainter {
  readonly draw: (frame: Frame) => void;
  /** Replaces the frame by rows that stay. */
  readonly finish: (rows: readonly string[]) => void;
}

const eraseBelow = '\x1b[J';

export function createFramePainter(output: TerminalOutput, options: { readonly wraps: boolean }): FramePainter {
  const { wraps } = options;
  let drawn: Frame | undefined;
  const erase = (): string => {
    if (!drawn) return '';
    const up = wraps ? rowsAboveCursor(drawn, output.columns ?? 80) : drawn.cursor.y;
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
