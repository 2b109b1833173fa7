import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { NodeQuery } from '../lineage-store.ts';
import type { ProcessNode } from '../process-node.ts';
import { decodeNode, type NodeColumns } from './encode-node.ts';

export interface Finder {
  /** Newest start first. */
  readonly find: (query: NodeQuery) => readonly ProcessNode[];
  readonly keysOf: (query: NodeQuery) => readonly number[];
  readonly load: (keys: readonly number[]) => readonly ProcessNode[];
}

const columns = 'p.body AS body, p.id AS id, p.pid AS pid, p.cgroup AS cgroup, b.id AS bootId';
const whole = `SELECT ${columns} FROM process p JOIN boot b ON b.n = p.boot`;

export function createFinder(database: DatabaseSync): Finder {
  // One statement for each combination of conditions that was asked: there are few.
  const statements = new Map<string, StatementSync>();
  const ask = (head: string, query: NodeQuery, order: string): readonly Readonly<Record<string, unknown>>[] => {
    const { where, values } = toCondition(query);
    const text = `${head} WHERE ${where} ORDER BY ${order} LIMIT ?`;
    const statement = statements.get(text) ?? database.prepare(text);
    statements.set(text, statement);
    return statement.all(...values, query.limit);
  };
  const one = database.prepare(`${whole} WHERE p.n = ?`);
  return {
    find: (query) => ask(whole, query, 'p.startMs DESC, p.start DESC').map(toNode),
    // By the index alone, where nothing else is asked: no process is read for it.
    keysOf: (query) => ask('SELECT p.n AS n FROM process p', query, 'p.startMs DESC').map((row) => Number(row['n'])),
    load: (keys) =>
      keys.flatMap((key) => {
        const row = one.get(key);
        return row ? [toNode(row)] : [];
      }),
  };
}

function toNode(row: Readonly<Record<string, unknown>>): ProcessNode {
  // Made by the statements above.
  const { body, ...others } = row as unknown as NodeColumns & { readonly body: string };
  return decodeNode(body, others);
}

function toCondition({ pid, id, parentId, name, fromMs, untilMs, path }: NodeQuery): {
  readonly where: string;
  readonly values: readonly SQLInputValue[];
} {
  const terms: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (term: string, ...given: readonly SQLInputValue[]): void => {
    terms.push(term);
    values.push(...given);
  };
  if (id !== undefined) add('p.id = ?', id);
  if (pid !== undefined) add('p.pid = ?', pid);
  if (parentId !== undefined) add('p.parent = ?', parentId);
  if (name !== undefined) {
    const names = typeof name === 'string' ? [name] : name;
    const places = names.map(() => '?').join(', ');
    add(`(p.name IN (${places}) OR p.program IN (${places}))`, ...names, ...names);
  }
  if (fromMs !== undefined) add('p.endMs >= ?', fromMs);
  if (untilMs !== undefined) add('p.startMs <= ?', untilMs);
  if (path?.endsWith('/') === true) {
    // All texts that begin with it: the character behind "/" is "0".
    const end = `${path.slice(0, -1)}0`;
    add('p.n IN (SELECT process FROM touch WHERE path >= ? AND path < ?)', path, end);
  } else if (path !== undefined) {
    add('p.n IN (SELECT process FROM touch WHERE path = ?)', path);
  }
  return { where: terms.length === 0 ? '1' : terms.join(' AND '), values };
}
