/** Events on disk until the processes that they tell of are final. */
import type { DatabaseSync } from 'node:sqlite';
import type { LineageEvent } from '../lineage-event.ts';
import type { ProcessNode } from '../process-node.ts';
import { decodeEvent, encodeEvent, type EventRow, kindNumber } from './encode-event.ts';
import { type Life, lifeOf, marginNs, skewNs } from './life.ts';

export interface EventLog {
  /** Within a transaction, as all that writes. */
  readonly add: (events: readonly LineageEvent[]) => void;
  readonly all: () => Iterable<LineageEvent>;
  /** Of this life, and what stands beside it within the margin. */
  readonly forget: (life: Life) => void;
  /** Its parent's record that it returned it. */
  readonly forgetClone: (node: ProcessNode) => void;
  /** When another life of the pid began so near behind the end that their events cannot be told apart by time: the first of these. */
  readonly nextBirth: (life: Life) => number | undefined;
  /** The last trace of a life so near before. */
  readonly previousTrace: (life: Life) => number | undefined;
  readonly forgetAll: () => void;
  /** What repeats in a life (threads, names, owners, files), the older half of it: how many, and between when. */
  readonly thin: () => { readonly events: number; readonly fromMs: number; readonly untilMs: number };
  readonly count: () => number;
  /** They were rolled back: what is counted is counted anew. */
  readonly recount: () => void;
}

const repeating = (['thread', 'comm', 'owner', 'file', 'execfailed', 'clone'] as const).map(kindNumber).join(', ');
const [birth, exit, clone] = [kindNumber('birth'), kindNumber('exit'), kindNumber('clone')];
/** A thread's end repeats as well, that of the first one does not. */
const repeats = `(kind IN (${repeating}) OR (kind = ${exit} AND a <> pid))`;

export function createEventLog(database: DatabaseSync): EventLog {
  const statements = {
    add: database.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    all: 'SELECT * FROM event ORDER BY n',
    forget: database.prepare('DELETE FROM event WHERE pid = ? AND at >= ? AND at <= ?'),
    forgetClone: database.prepare(
      `DELETE FROM event WHERE pid = ? AND at >= ? AND at <= ? AND kind = ${clone} AND a = ?`,
    ),
    next: database.prepare(
      `SELECT min(at) AS at FROM event WHERE pid = ? AND at > ? AND at >= ? AND at <= ? AND kind = ${birth}`,
    ),
    previous: database.prepare(
      `SELECT max(at) AS at FROM event WHERE pid = ? AND at >= ? AND at < ? AND kind IN (${birth}, ${exit})`,
    ),
    extent: database.prepare('SELECT count(*) AS count, coalesce(max(n), 0) AS high FROM event'),
    middle: database.prepare(`SELECT (min(n) + max(n)) / 2 AS n FROM event WHERE ${repeats}`),
    wall: database.prepare(
      `SELECT coalesce(min(wall), 0) AS low, coalesce(max(wall), 0) AS high FROM event WHERE n <= ? AND ${repeats}`,
    ),
    thin: database.prepare(`DELETE FROM event WHERE n <= ? AND ${repeats}`),
  };
  const readExtent = () => statements.extent.get() as { count: number; high: number };
  let { count, high: n } = readExtent();
  let hasClones = database.prepare(`SELECT 1 FROM event WHERE kind = ${clone} LIMIT 1`).get() !== undefined;

  return {
    add: (events) => {
      for (const event of events) {
        if (event.kind === 'clone') hasClones = true;
        statements.add.run(...encodeEvent(event, ++n));
      }
      count += events.length;
    },
    all: function* () {
      // A statement of its own: a second reader must not turn the first one back.
      for (const row of database.prepare(statements.all).iterate()) {
        const event = decodeEvent(row as unknown as EventRow);
        if (event) yield event;
      }
    },
    forget: ({ pid, start, finish }) => {
      count -= Number(statements.forget.run(pid, start - marginNs, finish + marginNs).changes);
    },
    forgetClone: (node) => {
      if (!hasClones || !node.birthParent) return;
      const { start } = lifeOf(node);
      const { changes } = statements.forgetClone.run(
        node.birthParent.pid,
        start - marginNs,
        start + marginNs,
        node.pid,
      );
      count -= Number(changes);
    },
    nextBirth: ({ pid, start, finish }) =>
      toMoment(statements.next.get(pid, start, finish - skewNs, finish + marginNs)),
    previousTrace: ({ pid, start }) => toMoment(statements.previous.get(pid, start - marginNs, start)),
    forgetAll: () => {
      database.exec('DELETE FROM event');
      count = 0;
    },
    thin: () => {
      const middle = statements.middle.get()?.['n'] as number | null;
      if (middle === null) return { events: 0, fromMs: 0, untilMs: 0 };
      const { low: fromMs, high: untilMs } = statements.wall.get(middle) as { low: number; high: number };
      const events = Number(statements.thin.run(middle).changes);
      count -= events;
      return { events, fromMs, untilMs };
    },
    count: () => count,
    recount: () => ({ count, high: n } = readExtent()),
  };
}

function toMoment(row: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const at = row?.['at'];
  return typeof at === 'number' ? at : undefined;
}
