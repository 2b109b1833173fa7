import { line, type Cell, type Line } from '../../module/line.ts';
import { formatTable } from '../table.ts';
import { firstNames } from '../targets.ts';

const maxReasons = 20;

/**
 * A table whose last column says why. Where the window is too narrow for it the reasons stand below, whole, each once with the names it is true of: why an
 * agent did not answer is what a table of agents is read for.
 */
export function formatReasons(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: { readonly width: number | undefined; readonly nameAt: number },
): readonly Line[] {
  const last = columns.length - 1;
  const whole = formatTable(columns, rows, options);
  const isCut = rows.some((row, at) => Boolean(row[last]) && whole[at + 1]?.text.trimEnd().endsWith('…'));
  if (!isCut) return whole;
  const names = Map.groupBy(
    rows.filter((row) => Boolean(row[last])),
    (row) => String(row[last]),
  );
  const said = [...names].map(([reason, those]) =>
    line(`${firstNames(those.map((row) => String(row[options.nameAt])))}: ${reason}`, 'warning'),
  );
  const more = said.length - maxReasons;
  return [
    ...formatTable(
      columns.slice(0, last),
      rows.map((row) => row.slice(0, last)),
      options,
    ),
    ...said.slice(0, maxReasons),
    ...(more > 0 ? [line(`and ${more} other reason${more === 1 ? '' : 's'}`, 'quiet')] : []),
  ];
}
