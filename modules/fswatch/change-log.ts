/** The changes that were found, on disk: those to be told, and those that can be asked for. */
import type { Clock } from '../../src/base/clock.ts';
import type { Severity } from '../../src/protocol/alert.ts';
import { type Baseline, toBytes } from './baseline.ts';
import type { Change } from './change.ts';

export interface LoggedChange {
  readonly n: number;
  readonly atMs: number;
  readonly severity: Severity;
  readonly kind: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly times: number;
}

export interface HeldChanges {
  readonly count: number;
  readonly firstN: number;
  readonly lastN: number;
  readonly firstMs: number;
  readonly severity: Severity;
  readonly kinds: Readonly<Record<string, number>>;
}

export interface ChangeLog {
  /** Within a commit of the baseline. The same again within 15 minutes, with nothing else between for this path, is counted and not told again. */
  readonly add: (change: Change, options?: { readonly isTold?: boolean }) => void;
  /** Those that no alert tells yet, oldest first. */
  readonly untold: (limit: number) => readonly LoggedChange[];
  /** These were told; those are kept back, to be told in a summary. */
  readonly settle: (told: readonly number[], held: readonly number[]) => void;
  readonly held: () => HeldChanges | undefined;
  readonly setHeldTold: (lastN: number) => void;
  readonly countUntold: () => number;
  /** The newest, newest first; with a path only those of it and below it. */
  readonly newest: (limit: number, path?: string) => readonly LoggedChange[];
}

/** MIG's time in which the same object is not told again; here: the same change. */
const sameWithinMs = 15 * 60_000;
/** States of `told`: 0 not, 1 in an alert, 2 held for a summary. */
const [isTold, isHeld] = [1, 2];
const severityOrder: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'unknown'];

export function openChangeLog(
  baseline: Baseline,
  { clock, keep }: { readonly clock: Clock; readonly keep: number },
): ChangeLog {
  const { database } = baseline;
  const statements = {
    last: database.prepare('SELECT n, text, at FROM changes WHERE path = ? ORDER BY n DESC LIMIT 1'),
    again: database.prepare('UPDATE changes SET times = times + 1 WHERE n = ?'),
    add: database.prepare(
      'INSERT INTO changes (at, severity, kind, path, text, facts, told) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    prune: database.prepare('DELETE FROM changes WHERE n <= ? AND told = 1'),
    untold: database.prepare('SELECT * FROM changes WHERE told = 0 ORDER BY n LIMIT ?'),
    set: database.prepare('UPDATE changes SET told = ? WHERE n = ?'),
    held: database.prepare(
      'SELECT severity, kind, count(*) AS count, min(n) AS first, max(n) AS last, min(at) AS at FROM changes WHERE told = 2 GROUP BY severity, kind',
    ),
    tellHeld: database.prepare('UPDATE changes SET told = 1 WHERE told = 2 AND n <= ?'),
    count: database.prepare('SELECT count(*) AS count FROM changes WHERE told <> 1'),
    newest: database.prepare('SELECT * FROM changes ORDER BY n DESC LIMIT ?'),
    newestBelow: database.prepare(
      'SELECT * FROM changes WHERE path = ? OR (path >= ? AND path < ?) ORDER BY n DESC LIMIT ?',
    ),
  };
  const pruneEvery = 256;

  return {
    add: ({ kind, severity, path, text, facts }, { isTold: told = false } = {}) => {
      const at = clock.nowMs();
      const last = statements.last.get(toBytes(path)) as { n: number; text: string; at: number } | undefined;
      // SQLite keeps no lone surrogates: both sides are compared as it keeps them.
      if (last && last.text === text.toWellFormed() && Math.abs(at - last.at) < sameWithinMs) {
        statements.again.run(last.n);
        return;
      }
      const kept = JSON.stringify({ ...facts, text, path });
      const { lastInsertRowid } = statements.add.run(at, severity, kind, toBytes(path), text, kept, told ? isTold : 0);
      const n = Number(lastInsertRowid);
      if (n % pruneEvery === 0) statements.prune.run(n - keep);
    },
    untold: (limit) => statements.untold.all(limit).map(toChange),
    settle: (told, held) =>
      baseline.commit(() => {
        for (const n of told) statements.set.run(isTold, n);
        for (const n of held) statements.set.run(isHeld, n);
      }),
    held: () => toHeld(statements.held.all() as unknown as readonly HeldRow[]),
    setHeldTold: (lastN) => void statements.tellHeld.run(lastN),
    countUntold: () => (statements.count.get() as { count: number }).count,
    newest: (limit, path) => {
      if (path === undefined) return statements.newest.all(limit).map(toChange);
      const start = path === '/' ? '/' : `${path}/`;
      const range = [toBytes(path), toBytes(start), toBytes(`${start.slice(0, -1)}0`)] as const;
      return statements.newestBelow.all(...range, limit).map(toChange);
    },
  };
}

/** `facts` holds the text as well: JSON carries names that are no UTF-8, a text of SQLite does not. */
function toChange(row: unknown): LoggedChange {
  const { n, at, severity, kind, facts, times } = row as Record<'n' | 'at' | 'times', number> &
    Record<'kind' | 'facts', string> & { severity: Severity };
  const { text, ...others } = JSON.parse(facts) as { text: string };
  return { n, atMs: at, severity, kind, text, facts: others, times };
}

interface HeldRow {
  readonly severity: Severity;
  readonly kind: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly at: number;
}

function toHeld(rows: readonly HeldRow[]): HeldChanges | undefined {
  if (rows.length === 0) return undefined;
  const kinds = new Map<string, number>();
  for (const { kind, count } of rows) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  return {
    count: rows.reduce((sum, { count }) => sum + count, 0),
    firstN: Math.min(...rows.map(({ first }) => first)),
    lastN: Math.max(...rows.map(({ last }) => last)),
    firstMs: Math.min(...rows.map(({ at }) => at)),
    severity: severityOrder.find((one) => rows.some(({ severity }) => severity === one)) ?? 'unknown',
    kinds: Object.fromEntries(kinds),
  };
}
