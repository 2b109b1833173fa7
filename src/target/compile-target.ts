/**
 * Conditions on agents, as MIG's targets are: an SQL expression over one row of the table agents. SQLite evaluates it, in a database of its own in memory,
 * under an authorizer that lets an expression read the columns of that row and call a few functions, and nothing else.
 */
import { constants, DatabaseSync, type StatementSync } from 'node:sqlite';
import { messageOf } from '../base/app-error.ts';
import { agentColumns, columnValues } from './agent-columns.ts';
import type { AgentRow } from './agent-row.ts';
import { expandTag } from './expand-target.ts';
import { rewriteTarget, type SqlPart } from './rewrite-target.ts';
import { addRowFunctions, callable, operatorFunctions } from './row-functions.ts';
import { targetError } from './target-error.ts';
import { tokenizeTarget } from './tokenize-target.ts';

export interface TargetCondition extends Disposable {
  /** Whether the agent of this row is meant. A row that makes no sense of the condition (an unknown value) does not match. Never throws. */
  readonly matches: (row: AgentRow) => boolean;
}

/** True for what only a condition can be; anything else is a name, and means whatever the console calls so. */
export function isCondition(text: string): boolean {
  return /[=<>'"()%]|\s/.test(text) || /^tag:./.test(text);
}

/** Throws ProtocolError TARGET_INVALID, which says where in the text. `nowMs` is the time of NOW(). */
export function compileTarget(text: string, options: { readonly nowMs?: () => number } = {}): TargetCondition {
  const condition = expandTag(text);
  const parts = rewriteTarget(condition, tokenizeTarget(condition));
  if (parts.length === 0) throw targetError(condition, { from: 0, to: 0 }, 'expected a condition, got nothing');
  const table = openTable(options.nowMs ?? Date.now);
  try {
    const query = prepareCondition(table, condition, parts);
    return {
      matches: (row) => {
        table.put(row);
        try {
          return query.get() !== undefined;
        } catch {
          // A value that SQLite cannot work with (a text beyond its limit) is one that does not match.
          return false;
        }
      },
      [Symbol.dispose]: table.close,
    };
  } catch (error) {
    table.close();
    throw error;
  }
}

interface RowTable {
  readonly prepare: (sql: string) => StatementSync;
  /** Makes this the one row. */
  readonly put: (row: AgentRow) => void;
  readonly close: () => void;
}

const limits = { length: 4 * 1024 * 1024, sqlLength: 4 * 1024 * 1024, exprDepth: 500, attach: 0 };

function openTable(nowMs: () => number): RowTable {
  const database = new DatabaseSync(':memory:', { limits, enableDoubleQuotedStringLiterals: false });
  addRowFunctions(database, nowMs);
  const columns = Object.entries(agentColumns);
  database.exec(`CREATE TABLE agents (${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`);
  const insert = database.prepare(`INSERT INTO agents VALUES (${columns.map(() => '?').join(', ')})`);
  const clear = database.prepare('DELETE FROM agents');
  // Setting an authorizer makes every statement prepare anew at its next use, so it has to know whose turn it is.
  let isOwn = false;
  database.setAuthorizer((code, first, second) =>
    isOwn || isAllowed(code, first, second) ? constants.SQLITE_OK : constants.SQLITE_DENY,
  );
  return {
    prepare: (sql) => database.prepare(sql),
    put: (row) => {
      isOwn = true;
      try {
        clear.run();
        insert.run(...columnValues(row));
      } catch {
        // No row, no match: an agent may say more than fits.
      } finally {
        isOwn = false;
      }
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

/** https://sqlite.org/c3ref/c_alter_table.html: what the two texts are depends on the code. */
function isAllowed(code: number, first: string | null, second: string | null): boolean {
  if (code === constants.SQLITE_SELECT) return true;
  if (code === constants.SQLITE_READ) return first === 'agents' && Object.hasOwn(agentColumns, second ?? '');
  if (code !== constants.SQLITE_FUNCTION || second === null) return false;
  return callable.some((name) => name === second) || operatorFunctions.includes(second);
}

const opening = 'SELECT 1 FROM agents WHERE (';

function prepareCondition(table: RowTable, text: string, parts: readonly SqlPart[]): StatementSync {
  const sql = (count: number): string =>
    opening +
    parts
      .slice(0, count)
      .map((part) => ` ${part.sql}`)
      .join('');
  try {
    return table.prepare(`${sql(parts.length)} )`);
  } catch (error) {
    throw explain(table, text, parts, sql, error);
  }
}

/** SQLite names a token but not its place: the shortest beginning that cannot go on any more ends with it. */
function explain(
  table: RowTable,
  text: string,
  parts: readonly SqlPart[],
  sql: (count: number) => string,
  cause: unknown,
): Error {
  const message = messageOf(cause);
  const called = /function (\w+)\(\)/.exec(message)?.[1];
  const call = parts.find((part) => part.sql === called);
  if (call) return targetError(text, call.from, message, cause);
  if (!/syntax error|incomplete input/.test(message)) return targetError(text, { from: 0, to: 40 }, message, cause);
  let viable = 0;
  let broken = parts.length + 1;
  while (broken - viable > 1) {
    const middle = Math.floor((viable + broken) / 2);
    if (canGoOn(table, sql(middle))) viable = middle;
    else broken = middle;
  }
  const at = parts[viable];
  const place = at ? { from: at.from.from, to: at.to.to } : { from: text.length, to: text.length };
  return targetError(text, place, describeExpected(parts[viable - 1], at), cause);
}

function canGoOn(table: RowTable, sql: string): boolean {
  try {
    table.prepare(sql);
    return true;
  } catch (error) {
    return /incomplete input/.test(messageOf(error));
  }
}

function describeExpected(before: SqlPart | undefined, at: SqlPart | undefined): string {
  const isValue =
    before !== undefined && /^(?:agents\..*|'.*'|[\d.]+.*|->.*|\)|NULL|true|false|END)$/is.test(before.sql);
  const expected = isValue
    ? 'expected an operator such as =, LIKE or IN, or AND, OR, or the end'
    : 'expected a column, a text in single quotes or a number';
  return `${expected}${at ? '' : ', got the end'}`;
}
