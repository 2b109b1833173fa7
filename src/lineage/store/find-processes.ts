import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { NodeQuery } from '../lineage-store.ts';
import type { ProcessNode } from '../process-node.ts';
import { decodeNode, type NodeColumns } from './encode-node.ts';

/** Newest start first. */
export function createFinder(database: DatabaseSync): (query: NodeQuery) => readonly ProcessNode[] {
  // One statement for each combination of conditions that was asked: there are few.
  const statements = new Map<string, StatementSync>();
  return (query) => {
    const { where, values } = toCondition(query);
    const text = `SELECT p.body AS body, p.id AS id, p.pid AS pid, p.cgroup AS cgroup, b.id AS bootId FROM process p JOIN boot b ON b.n = p.boot WHERE ${where} ORDER BY p.startMs DESC, p.start DESC LIMIT ?`;
    const statement = statements.get(text) ?? database.prepare(text);
    statements.set(text, statement);
    return statement.all(...values, query.limit).map((row) => {
      const { body, ...columns } = row as unknown as NodeColumns & { readonly body: string };
      return decodeNode(body, columns);
    });
  };
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
  if (name !== undefined) add('(p.name = ? OR p.program = ?)', name, name);
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
