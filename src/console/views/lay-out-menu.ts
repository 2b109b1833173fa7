import { visible } from '../../base/visible.ts';
import type { Completion } from '../ports.ts';
import { cellWidth } from '../input/graphemes.ts';
import type { Paint } from './paint.ts';

/**
 * The candidates of a completion as rows: one a row with its hint where they have hints and fit, else in columns. More than fit are counted in the last
 * row.
 */
export function layOutMenu(
  candidates: Completion['candidates'],
  { paint, columns, maxRows }: { readonly paint: Paint; readonly columns: number; readonly maxRows: number },
): readonly string[] {
  const width = Math.max(4, columns - 1);
  const longest = Math.max(...candidates.map(({ text }) => cellWidth(visible(text))));
  const hasHints = candidates.some(({ hint }) => hint !== undefined) && candidates.length <= maxRows;
  if (hasHints) {
    const column = Math.min(longest, Math.floor(width / 2));
    return candidates.map(({ text, hint }) => {
      const gap = ' '.repeat(Math.max(0, column - cellWidth(visible(text))) + 2);
      return paint.text('plain', text, column) + gap + paint.text('quiet', hint ?? '', Math.max(0, width - column - 2));
    });
  }
  const cell = Math.min(width, longest + 2);
  const across = Math.max(1, Math.floor(width / cell));
  const needed = Math.ceil(candidates.length / across);
  const isCut = needed > maxRows;
  const down = isCut ? Math.max(1, maxRows - 1) : needed;
  const shown = candidates.slice(0, down * across);
  const rows = Array.from({ length: down }, (_, row) =>
    shown
      .filter((_candidate, at) => at % down === row)
      .map(({ text }) => paint.text('plain', text, cell - 2) + ' '.repeat(Math.max(2, cell - cellWidth(visible(text)))))
      .join('')
      .trimEnd(),
  );
  return isCut ? [...rows, paint.text('quiet', `… ${candidates.length - shown.length} more`, width)] : rows;
}
