/** Rows put on stacks: how many agents share each value of a column, the rarest first, as what only one host has is the lead. */
import { ConsoleError } from '../../base/app-error.ts';
import { line, type Cell, type Row } from '../../module/line.ts';
import type { ResultItem } from './read-items.ts';

/** So many agents of a stack are named. */
const maxNamed = 5;

interface Stack {
  readonly cells: readonly Cell[];
  readonly agents: Set<string>;
  rows: number;
}

/**
 * One row a value, or combination of values: the columns, the number of agents and of rows, the first agents. Rows without any of the columns, of another module,
 * stand aside. `check` throws for columns that no row has. Throws ConsoleError COMMAND_USAGE where there are more values than that.
 */
export async function stackItems(
  items: AsyncIterable<ResultItem>,
  columns: readonly string[],
  limits: { readonly maxStacks: number; readonly check: (known: readonly string[]) => void },
): Promise<ResultItem[]> {
  const stacks = new Map<string, Stack>();
  const known = new Set<string>();
  for await (const { row } of items) {
    if (!row) continue;
    for (const name of Object.keys(row)) known.add(name);
    if (!columns.some((column) => Object.hasOwn(row, column))) continue;
    const cells = columns.map((column) => row[column] ?? null);
    const key = JSON.stringify(cells);
    let stack = stacks.get(key);
    if (!stack) {
      if (stacks.size >= limits.maxStacks) {
        throw new ConsoleError(
          'COMMAND_USAGE',
          `expected at most ${limits.maxStacks} different values to stack, got more: stack another column, or add --limit`,
        );
      }
      stacks.set(key, (stack = { cells, agents: new Set(), rows: 0 }));
    }
    stack.rows++;
    stack.agents.add(String(row['agent'] ?? ''));
  }
  if (known.size > 0) limits.check([...known]);
  const sorted = [...stacks.values()].toSorted(
    (a, b) => a.agents.size - b.agents.size || a.rows - b.rows || compareTexts(a.cells, b.cells),
  );
  return sorted
    .map((stack) => toRow(columns, stack))
    .map((row) => ({ row, line: line(Object.values(row).map(String).join(' ')) }));
}

function toRow(columns: readonly string[], { cells, agents, rows }: Stack): Row {
  const names = [...agents].slice(0, maxNamed).join(', ');
  return {
    ...Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? null])),
    agents: agents.size,
    rows,
    on: agents.size > maxNamed ? `${names}, ...` : names,
  };
}

function compareTexts(a: readonly Cell[], b: readonly Cell[]): number {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one < other ? -1 : Number(one > other);
}
