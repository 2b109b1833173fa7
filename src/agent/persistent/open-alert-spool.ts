/**
 * The alerts of an agent in one SQLite file. Numbers never go back and are never given twice, whatever happens to the file: the last one stands in a
 * second file, too, and where both are lost the next is the time in milliseconds, which no agent raises more alerts than.
 */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import { createListeners } from '../../base/listeners.ts';
import type { Log } from '../../base/log.ts';
import { type Alert, maxAlertLength } from '../../protocol/alert.ts';
import { openAlertNumber } from './alert-number.ts';
import type { AlertSpool } from './alert-spool.ts';
import { openOrSetAside } from './open-or-set-aside.ts';

/**
 * | limit      | default | what happens when it is reached                                     |
 * |------------|---------|---------------------------------------------------------------------|
 * | mostAlerts | 10,000  | the oldest are dropped, received or not; what nobody had is logged  |
 * | mostAgeMs  | 30 d    | the same                                                            |
 * | pruneEvery | 100     | alerts between two looks at these limits                            |
 */
export interface SpoolLimits {
  readonly mostAlerts: number;
  readonly mostAgeMs: number;
  readonly pruneEvery: number;
}

export const spoolLimits: SpoolLimits = { mostAlerts: 10_000, mostAgeMs: 30 * 86_400_000, pruneEvery: 100 };

export interface AlertSpoolOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: SpoolLimits;
}

const anyConsole = 'console';
const lostEveryMs = 60_000;

const schema = `
  CREATE TABLE IF NOT EXISTS alerts (n INTEGER PRIMARY KEY, module TEXT NOT NULL, at TEXT NOT NULL, message TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS received (receiver TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;
`;
/** What files of earlier versions lack, one step a version. A key is the module's own number of an alert. */
const steps = [
  `ALTER TABLE alerts ADD COLUMN key INTEGER;
   CREATE UNIQUE INDEX alert_keys ON alerts (module, key) WHERE key IS NOT NULL;`,
];

/** Opens or makes it, mode 0600. Never throws: a file that cannot be used is set aside, and without any alerts are told live and kept nowhere. */
export function openAlertSpool({ path, clock, log, limits = spoolLimits }: AlertSpoolOptions): AlertSpool {
  const listeners = createListeners<[Alert]>((error) =>
    log.error('an alert was not handed on', { reason: messageOf(error) }),
  );
  const { database, isReplaced } = openOrSetAside(path, {
    prepare: prepareTables,
    nowMs: clock.nowMs,
    onProblem: ({ aside, reason }) => {
      if (aside === undefined) log.error('alerts are told but not kept', { path, reason });
      else log.error('the file of alerts is damaged: it is set aside and a new one begun', { path, aside, reason });
    },
  });
  const number = openAlertNumber(`${path}.last`, log);
  let last = Math.max(number.last(), database === undefined ? 0 : lastOf(database));
  if (last === 0 && isReplaced) last = clock.nowMs();
  let sincePrune = 0;
  let lostLogMs = -Infinity;
  const attempt = <Value>(what: string, otherwise: Value, work: (open: DatabaseSync) => Value): Value => {
    try {
      if (database?.isOpen) return work(database);
    } catch (error) {
      if (clock.monotonicMs() - lostLogMs >= lostEveryMs) log.error(what, { path, reason: messageOf(error) });
      lostLogMs = clock.monotonicMs();
    }
    return otherwise;
  };
  const tidy = (): void => {
    sincePrune = 0;
    attempt('old alerts are not dropped', undefined, (open) => prune(open, limits, clock.nowMs(), log));
  };
  tidy();

  const insert = database?.prepare('INSERT INTO alerts (n, module, at, message, key) VALUES (?, ?, ?, ?, ?)');
  const findKey = database?.prepare('SELECT message FROM alerts WHERE module = ? AND key = ?');
  const store = (
    module: string,
    message: string,
    key: number | null,
  ): { readonly alert: Alert; readonly isKept: boolean } => {
    const at = new Date(clock.nowMs()).toISOString();
    const alert: Alert = { n: ++last, module, at, message };
    number.write(last);
    const isKept = attempt('an alert is told but not kept', false, () => {
      insert?.run(alert.n, module, at, message, key);
      return true;
    });
    if (++sincePrune >= limits.pruneEvery) tidy();
    listeners.tell(alert);
    return { alert, isKept };
  };

  return {
    add: (module, message) => store(module, message.slice(0, maxAlertLength), null).alert,
    addOnce: (module, key, message) => {
      const text = message.slice(0, maxAlertLength);
      const found = attempt('an alert cannot be compared', undefined, () => findKey?.get(module, key)?.['message']);
      if (found === text) return 'had';
      // The same key for another text: a module that lost its folder and was told the wrong time. Both are kept.
      return store(module, text, found === undefined ? key : null).isKept ? 'kept' : 'told';
    },
    read: (after, limit) =>
      attempt('alerts cannot be read', [], (open) =>
        open
          .prepare('SELECT n, module, at, message FROM alerts WHERE n > ? ORDER BY n LIMIT ?')
          .all(Math.min(after, Number.MAX_SAFE_INTEGER), limit)
          .map(toAlert),
      ),
    received: (receiver) => attempt('what was received cannot be read', 0, (open) => receivedOf(open, receiver)),
    setReceived: (receiver, n) =>
      attempt('what was received is not kept', undefined, (open) => {
        // A receiver cannot have more than there is, and does not lose what it had.
        open
          .prepare(
            'INSERT INTO received (receiver, n) VALUES (?, ?) ON CONFLICT (receiver) DO UPDATE SET n = max(n, excluded.n)',
          )
          .run(receiver, Math.min(n, last));
      }),
    onAlert: listeners.add,
    close: () => {
      if (database?.isOpen) database.close();
      number.close();
    },
  };
}

function prepareTables(database: DatabaseSync): void {
  database.exec(schema);
  database.prepare('SELECT n, module, at, message FROM alerts LIMIT 0').all();
  database.prepare('SELECT receiver, n FROM received LIMIT 0').all();
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  for (const [at, step] of steps.entries())
    if (at >= version) database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${at + 1}; COMMIT`);
}

function lastOf(database: DatabaseSync): number {
  const row = database
    .prepare('SELECT max(coalesce((SELECT max(n) FROM alerts), 0), coalesce((SELECT max(n) FROM received), 0)) AS n')
    .get();
  return Number(row?.['n'] ?? 0);
}

function receivedOf(database: DatabaseSync, receiver: string): number {
  return Number(database.prepare('SELECT n FROM received WHERE receiver = ?').get(receiver)?.['n'] ?? 0);
}

function prune(database: DatabaseSync, limits: SpoolLimits, nowMs: number, log: Log): void {
  const oldest = new Date(nowMs - limits.mostAgeMs).toISOString();
  const dropped = database
    .prepare(
      'DELETE FROM alerts WHERE at < ? OR n <= (SELECT n FROM alerts ORDER BY n DESC LIMIT 1 OFFSET ?) RETURNING n',
    )
    .all(oldest, limits.mostAlerts)
    .map((row) => Number(row['n']));
  const had = receivedOf(database, anyConsole);
  const lost = dropped.filter((n) => n > had);
  if (lost.length > 0) log.warn('alerts that no console has received were dropped', { count: lost.length });
}

function toAlert(row: Readonly<Record<string, SQLOutputValue>>): Alert {
  return {
    n: Number(row['n']),
    module: String(row['module']),
    at: String(row['at']),
    message: String(row['message']),
  };
}
