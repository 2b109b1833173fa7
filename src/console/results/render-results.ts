/** A query's results as the lines that are printed or exported, in any format. */
import { ConsoleError } from '../../base/app-error.ts';
import { nearest } from '../../base/nearest.ts';
import { line, type Cell, type Line, type Row } from '../../module/line.ts';
import { applyPipes } from '../pipes.ts';
import { countFitting, formatTable } from '../table.ts';
import { readItems, type ReadOptions, type ResultItem } from './read-items.ts';
import type { ResultQuery } from './result-query.ts';
import { stackItems } from './stack-items.ts';
import { columnsOf, formatCsvRow, formatJson, formatMarkdownRow } from './write-format.ts';

/** A piece of output: raw lines for the screen to make visible, or text that is safe as it is. */
export type Piece = { readonly lines: readonly Line[] } | { readonly safe: readonly string[] };

const pageSize = 500;
/** Sorting and tables need all rows at once. */
const maxHeldRows = 1_000_000;

/** Pieces of at most a page, made as they are asked for. */
export async function* renderResults(
  query: ResultQuery,
  options: Omit<ReadOptions, 'asRows' | 'width'> & { readonly width: number | undefined },
): AsyncGenerator<Piece> {
  const asRows = wantsRows(query);
  const found = limited(
    readItems(query, { ...options, asRows, width: query.pipes.length > 0 ? undefined : options.width }),
    query,
    asRows,
  );
  const source = query.stack ? await stackRows(found, query.stack) : found;
  const sorted = query.sort ? sortItems(await holdRows(source), query.sort) : source;
  const items = applyPipes<ResultItem>(sorted, query.pipes, {
    textOf: (item) => item.line.text,
    countItem: (count) => ({ line: line(String(count)) }),
  });
  if (!asRows) yield* pages(items);
  else yield* renderRows(items, query, options.width);
}

function wantsRows(query: ResultQuery): boolean {
  return (
    query.format !== 'text' || query.sort !== undefined || query.columns !== undefined || query.stack !== undefined
  );
}

function stackRows(items: AsyncIterable<ResultItem>, columns: readonly string[]): Promise<ResultItem[]> {
  const check = (known: readonly string[]): void => columns.forEach((name) => checkColumn(name, known));
  return stackItems(items, columns, { maxStacks: maxHeldRows, check });
}

async function* limited(
  items: AsyncIterable<ResultItem>,
  query: ResultQuery,
  asRows: boolean,
): AsyncGenerator<ResultItem> {
  let left = query.limit ?? Infinity;
  for await (const item of items) {
    if (asRows && !item.row) continue;
    // Read on to the end all the same: the summary counts everything.
    if (left-- > 0) yield item;
  }
}

async function* pages(items: AsyncIterable<ResultItem>): AsyncGenerator<Piece> {
  let page: Line[] = [];
  for await (const item of items) {
    page.push(item.line);
    if (page.length < pageSize) continue;
    yield { lines: page };
    page = [];
  }
  if (page.length > 0) yield { lines: page };
}

async function* renderRows(
  items: AsyncIterable<ResultItem>,
  query: ResultQuery,
  width: number | undefined,
): AsyncGenerator<Piece> {
  if (query.format === 'jsonl') {
    let page: string[] = [];
    let isChecked = false;
    for await (const item of items) {
      if (item.row && query.columns && !isChecked) checkColumns(query.columns, [item.row]);
      isChecked ||= item.row !== undefined;
      page.push(item.row ? formatJson(chosen(item.row, query.columns)) : item.line.text);
      if (page.length < pageSize) continue;
      yield { safe: page };
      page = [];
    }
    if (page.length > 0) yield { safe: page };
    return;
  }
  const held = await holdRows(items);
  const counted = held.find((item) => !item.row);
  if (counted) yield { safe: [counted.line.text] };
  else
    yield renderHeld(
      held.flatMap(({ row }) => (row ? [row] : [])),
      query,
      width,
    );
}

function renderHeld(rows: readonly Row[], query: ResultQuery, width: number | undefined): Piece {
  const wanted = query.columns ? checkColumns(query.columns, rows) : undefined;
  if (query.format === 'json') {
    const chosenRows = rows.map((row) => chosen(row, wanted));
    // A screen takes single lines, and pauses between them.
    return { safe: formatJson(chosenRows, 2).split('\n') };
  }
  const columns = wanted ?? columnsOf(rows);
  const cells = rows.map((row) => columns.map((name): Cell => row[name] ?? null));
  if (query.format === 'csv') return { safe: columns.length === 0 ? [] : [columns, ...cells].map(formatCsvRow) };
  if (query.format === 'md') {
    if (columns.length === 0) return { safe: [] };
    return {
      safe: [formatMarkdownRow(columns), `|${' --- |'.repeat(columns.length)}`, ...cells.map(formatMarkdownRow)],
    };
  }
  return { lines: rows.length === 0 ? [] : drawTable({ columns, cells, isChosen: wanted !== undefined, width }) };
}

interface Drawn {
  readonly columns: readonly string[];
  readonly cells: readonly (readonly Cell[])[];
  /** The investigator said which columns: then all of them are drawn. */
  readonly isChosen: boolean;
  readonly width: number | undefined;
}

/** A table that can be read: without columns that are empty and, where the screen is too narrow for all, without the last ones, which are named below. */
function drawTable({ columns, cells, isChosen, width }: Drawn): readonly Line[] {
  if (isChosen) return formatTable(columns, cells, { width });
  const filled = columns.map((_, at) => at).filter((at) => cells.some((row) => (row[at] ?? '') !== ''));
  const pick = (row: readonly Cell[], places: readonly number[]): readonly Cell[] =>
    places.map((at) => row[at] ?? null);
  const whole = cells.map((row) => pick(row, filled));
  const names = filled.map((at) => columns[at] ?? '');
  const count = countFitting([names, ...whole], width);
  const kept = filled.slice(0, count);
  const left = names.slice(count);
  const table = formatTable(
    names.slice(0, count),
    cells.map((row) => pick(row, kept)),
    { width },
  );
  if (left.length === 0) return table;
  return [...table, line(`not shown: ${left.join(', ')} ("columns A,B" chooses)`, 'quiet')];
}

function chosen(row: Row, columns: readonly string[] | undefined): Row {
  return columns ? Object.fromEntries(columns.map((name) => [name, row[name] ?? null])) : row;
}

function checkColumns(wanted: readonly string[], rows: readonly Row[]): readonly string[] {
  if (rows.length > 0) for (const name of wanted) checkColumn(name, columnsOf(rows));
  return wanted;
}

function checkColumn(name: string, columns: readonly string[]): void {
  if (columns.includes(name)) return;
  const near = nearest(name, columns);
  throw new ConsoleError(
    'COMMAND_USAGE',
    `expected a column (${columns.join(', ')}), got ${JSON.stringify(name)}${near ? `: did you mean ${near}?` : ''}`,
  );
}

async function holdRows(items: AsyncIterable<ResultItem> | Iterable<ResultItem>): Promise<ResultItem[]> {
  const held: ResultItem[] = [];
  for await (const item of items) {
    if (held.length >= maxHeldRows) {
      throw new ConsoleError(
        'COMMAND_USAGE',
        `expected at most ${maxHeldRows} rows to sort or to lay out, got more: add --limit, or use --format jsonl`,
      );
    }
    held.push(item);
  }
  return held;
}

function sortItems(items: ResultItem[], sort: NonNullable<ResultQuery['sort']>): ResultItem[] {
  if (items.length > 0) checkColumn(sort.column, columnsOf(items.flatMap(({ row }) => (row ? [row] : []))));
  const direction = sort.descending ? -1 : 1;
  return items.sort((a, b) => direction * compareCells(a.row?.[sort.column] ?? null, b.row?.[sort.column] ?? null));
}

/** Numbers by size before texts by character; what has no value comes last. */
function compareCells(a: Cell, b: Cell): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}
