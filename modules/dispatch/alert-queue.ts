/**
 * Alerts on disk until every sink has had them, in SQLite. An alert is taken once, by agent and number. Each sink has a cursor of its own; what all have
 * passed is deleted. Bounded: the oldest go first, counted. What a receiver refused for good is kept aside.
 */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../src/base/app-error.ts';
import {
  isDamagedDatabase,
  openPrivateDatabase,
  setDatabaseAside,
  sqliteCodeOf,
  sqliteCodes,
} from '../../src/base/private-database.ts';
import type { Alert } from '../../src/protocol/alert.ts';
import { createDiskReserve } from './disk-reserve.ts';

export interface QueuedAlert extends Alert {
  readonly seq: number;
  /** The identity of the agent that numbered it. */
  readonly agent: string;
}

/** An alert that a receiver refused for good, and why. */
export interface AsideAlert extends Alert {
  readonly sink: string;
  readonly reason: string;
}

export interface SinkCounts {
  readonly queued: number;
  readonly sent: number;
  readonly undeliverable: number;
}

export interface AlertQueue {
  /** On disk when it returns; how many others had to go. Throws when the disk does not take it. */
  readonly add: (agent: string, alert: Alert) => number;
  /** The oldest that the sink has not had; first those kept aside that are to be tried again, which have negative numbers. */
  readonly next: (sink: string) => QueuedAlert | undefined;
  readonly setDelivered: (sink: string, seq: number) => void;
  readonly setAside: (sink: string, alert: QueuedAlert, reason: string) => void;
  /** Those kept aside, newest first. */
  readonly aside: (limit: number) => readonly AsideAlert[];
  /** Those kept aside are tried once more; how many. */
  readonly tryAsideAgain: () => number;
  readonly size: () => { readonly alerts: number; readonly bytes: number; readonly dropped: number };
  readonly counts: (sink: string) => SinkCounts;
  readonly close: () => void;
}

/** Undeliverable alerts: the newest are kept. */
const mostAside = 1000;

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 64;
  PRAGMA trusted_schema = OFF;
  CREATE TABLE IF NOT EXISTS alerts (seq INTEGER PRIMARY KEY AUTOINCREMENT, agent TEXT NOT NULL, n INTEGER NOT NULL, module TEXT NOT NULL,
    at TEXT NOT NULL, message TEXT NOT NULL, bytes INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS taken (agent TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sinks (name TEXT PRIMARY KEY, cursor INTEGER NOT NULL, sent INTEGER NOT NULL, undeliverable INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS aside (id INTEGER PRIMARY KEY AUTOINCREMENT, sink TEXT NOT NULL, agent TEXT NOT NULL, n INTEGER NOT NULL,
    module TEXT NOT NULL, at TEXT NOT NULL, message TEXT NOT NULL, reason TEXT NOT NULL, again INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO facts VALUES ('dropped', 0);
`;

/** Throws what SQLite says when the file can be neither used nor replaced. A damaged one is set aside, and a new one begun. */
export function openAlertQueue(options: {
  readonly folder: string;
  readonly sinks: readonly string[];
  readonly maxAlerts: number;
  readonly maxBytes: number;
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
}): AlertQueue {
  const { sinks, log } = options;
  const database = openDatabase(options);
  const count = (sql: string, ...values: readonly (string | number)[]): number =>
    Number(database.prepare(sql).get(...values)?.['value'] ?? 0);
  // A sink that is no longer there holds nothing back; a new one gets what still waits.
  database.prepare(`DELETE FROM sinks WHERE name NOT IN (SELECT value FROM json_each(?))`).run(JSON.stringify(sinks));
  for (const sink of sinks) database.prepare('INSERT OR IGNORE INTO sinks VALUES (?, 0, 0, 0)').run(sink);
  // When the disk is full, what was sent is known here at least, so that it is not sent twice.
  const cursors = new Map(sinks.map((sink) => [sink, count('SELECT cursor AS value FROM sinks WHERE name = ?', sink)]));
  const reserve = createDiskReserve(join(options.folder, 'reserve'));
  reserve.fill();
  let alerts = count('SELECT count(*) AS value FROM alerts');
  let bytes = count('SELECT sum(bytes) AS value FROM alerts');
  let isFailing = false;

  const transact = (work: () => void): void => {
    database.exec('BEGIN IMMEDIATE');
    try {
      work();
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      recount();
      throw error;
    }
  };
  /** What makes room may use the last there is. */
  const makeRoom = (work: () => void): void => {
    try {
      transact(work);
    } catch (error) {
      if (sqliteCodeOf(error) !== sqliteCodes.full) throw error;
      reserve.release();
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      transact(work);
    }
    reserve.fill();
  };
  const recount = (): void => {
    alerts = count('SELECT count(*) AS value FROM alerts');
    bytes = count('SELECT sum(bytes) AS value FROM alerts');
  };
  const forgetDelivered = (): void => {
    const passed = Math.min(...cursors.values());
    const gone = database.prepare('DELETE FROM alerts WHERE seq <= ? RETURNING bytes').all(passed);
    alerts -= gone.length;
    bytes -= gone.reduce((sum, row) => sum + Number(row['bytes']), 0);
  };
  const dropOldest = (): number => {
    let dropped = 0;
    while (alerts > options.maxAlerts || (bytes > options.maxBytes && alerts > 1)) {
      const row = database
        .prepare('DELETE FROM alerts WHERE seq = (SELECT min(seq) FROM alerts) RETURNING bytes')
        .get();
      if (!row) break;
      alerts--;
      bytes -= Number(row['bytes']);
      dropped++;
    }
    if (dropped > 0) database.prepare("UPDATE facts SET value = value + ? WHERE name = 'dropped'").run(dropped);
    return dropped;
  };
  /** What a full disk did not take when it was time. */
  const writeCursors = (): void => {
    if (!isFailing) return;
    for (const [sink, cursor] of cursors) {
      database.prepare('UPDATE sinks SET cursor = max(cursor, ?) WHERE name = ?').run(cursor, sink);
    }
    forgetDelivered();
  };
  /** Moves a sink on; a disk that does not take it costs at most a second delivery after a crash. */
  const advance = (sink: string, seq: number, column: 'sent' | 'undeliverable', more: () => void): void => {
    const cursor = Math.max(seq, cursors.get(sink) ?? 0);
    cursors.set(sink, cursor);
    try {
      makeRoom(() => {
        if (seq < 0) database.prepare('DELETE FROM aside WHERE id = ?').run(-seq);
        more();
        database.prepare(`UPDATE sinks SET cursor = ?, ${column} = ${column} + 1 WHERE name = ?`).run(cursor, sink);
        forgetDelivered();
      });
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        log(`what was sent cannot be written down, after a crash it would be sent again: ${messageOf(error)}`);
      isFailing = true;
    }
  };

  return {
    add: (agent, alert) => {
      if (alert.n <= count('SELECT n AS value FROM taken WHERE agent = ?', agent)) return 0;
      const size = Buffer.byteLength(alert.message) + 200;
      let dropped = 0;
      transact(() => {
        database
          .prepare('INSERT INTO alerts (agent, n, module, at, message, bytes) VALUES (?, ?, ?, ?, ?, ?)')
          .run(agent, alert.n, alert.module, alert.at, alert.message, size);
        database
          .prepare('INSERT INTO taken VALUES (?, ?) ON CONFLICT (agent) DO UPDATE SET n = excluded.n')
          .run(agent, alert.n);
        writeCursors();
        alerts++;
        bytes += size;
        dropped = dropOldest();
      });
      return dropped;
    },
    next: (sink) => {
      const row =
        database
          .prepare(
            'SELECT -id AS seq, agent, n, module, at, message FROM aside WHERE sink = ? AND again ORDER BY id LIMIT 1',
          )
          .get(sink) ??
        database
          .prepare('SELECT seq, agent, n, module, at, message FROM alerts WHERE seq > ? ORDER BY seq LIMIT 1')
          .get(cursors.get(sink) ?? 0);
      return row && { ...toAlert(row), seq: Number(row['seq']), agent: String(row['agent']) };
    },
    setDelivered: (sink, seq) => advance(sink, seq, 'sent', () => undefined),
    setAside: (sink, { seq, agent, n, module, at, message }, reason) =>
      advance(sink, seq, 'undeliverable', () => {
        database
          .prepare('INSERT INTO aside (sink, agent, n, module, at, message, reason) VALUES (?, ?, ?, ?, ?, ?, ?)')
          .run(sink, agent, n, module, at, message, reason);
        database.prepare('DELETE FROM aside WHERE id <= (SELECT max(id) FROM aside) - ?').run(mostAside);
      }),
    aside: (limit) =>
      database
        .prepare('SELECT * FROM aside ORDER BY id DESC LIMIT ?')
        .all(limit)
        .map((row) => ({ ...toAlert(row), sink: String(row['sink']), reason: String(row['reason']) })),
    tryAsideAgain: () => Number(database.prepare('UPDATE aside SET again = 1').run().changes),
    size: () => ({ alerts, bytes, dropped: count("SELECT value FROM facts WHERE name = 'dropped'") }),
    counts: (sink) => ({
      queued:
        count('SELECT count(*) AS value FROM alerts WHERE seq > ?', cursors.get(sink) ?? 0) +
        count('SELECT count(*) AS value FROM aside WHERE sink = ? AND again', sink),
      sent: count('SELECT sent AS value FROM sinks WHERE name = ?', sink),
      undeliverable: count('SELECT undeliverable AS value FROM sinks WHERE name = ?', sink),
    }),
    close: () => {
      try {
        makeRoom(writeCursors);
      } catch (error) {
        log(`what was sent last could not be written down: ${messageOf(error)}`);
      }
      database.close();
    },
  };
}

function toAlert(row: Readonly<Record<string, unknown>>): Alert {
  return {
    n: Number(row['n']),
    module: String(row['module']),
    at: String(row['at']),
    message: String(row['message']),
  };
}

function openDatabase(options: {
  readonly folder: string;
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
}): DatabaseSync {
  const path = join(options.folder, 'queue.db');
  const open = (): DatabaseSync =>
    openPrivateDatabase(path, { timeoutMs: 5000, prepare: (database) => database.exec(schema) });
  try {
    return open();
  } catch (error) {
    // Anything else is no reason to give the queue up.
    if (!isDamagedDatabase(error)) throw error;
    const aside = setDatabaseAside(path, options.nowMs());
    options.log(`the queue is damaged, it is set aside as ${aside} and a new one begun: ${messageOf(error)}`);
    return open();
  }
}
