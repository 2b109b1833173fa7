/**
 * Rows in the formats that other programs read. What comes out holds no hidden character and is complete as it is: it must not be made visible again.
 * JSON carries hidden characters as \u escapes, which its readers undo; CSV and Markdown, made for eyes and spreadsheets, carry them made visible.
 */
import { visible } from '../../base/visible.ts';
import type { Cell, Row } from '../../module/line.ts';

const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** A value as JSON in plain characters: the same value for who parses it, and harmless for who looks at it. */
export function formatJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent) ?? 'null';
  // A line end between two keys is not text of the value: JSON.stringify escapes those inside texts itself.
  return json.replace(hidden, (character) => (character === '\n' ? character : escapeUnits(character)));
}

export function formatCsvRow(cells: readonly Cell[]): string {
  return cells.map(formatCsvCell).join(',');
}

/** Quoted as RFC 4180 says. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function formatCsvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = visible(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${text}` : text;
  return /[",]|^[\s']|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function formatMarkdownRow(cells: readonly Cell[]): string {
  return `| ${cells.map((cell) => formatMarkdownCell(cell)).join(' | ')} |`;
}

/** Nothing an endpoint sent may become markup: links, HTML, code or another column. */
function formatMarkdownCell(cell: Cell): string {
  return cell === null ? '' : visible(String(cell)).replace(/[\\`*_{}[\]<>()#!|~&]/g, (mark) => `\\${mark}`);
}

/** All columns of the rows, in the order of their first appearance. */
export function columnsOf(rows: Iterable<Row>): readonly string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function escapeUnits(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
