import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { hasVerdict, parseRestartRecord, type RestartRecord } from './restart-record.ts';

/**
 * The restarts of an agent on disk, one row each. A write has reached the disk when it returns; all of them throw what keeps it from there (full, locked,
 * damaged, a failed fsync) with the folder where that is, so that nothing is stopped on the word of a record that is not there.
 */
export interface RestartRecords {
  /** Stores a new record; throws for an id that is there already, too. */
  readonly add: (record: RestartRecord) => void;
  readonly update: (record: RestartRecord) => void;
  readonly find: (id: string) => RestartRecord | undefined;
  /** Those without a verdict, oldest first. */
  readonly unfinished: () => readonly RestartRecord[];
  /** Those asked for since, by wall time, oldest first; refused ones are left out. */
  readonly since: (wallMs: number) => readonly RestartRecord[];
  readonly close: () => void;
}

export interface RestartRecordsOptions {
  readonly path: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
  /** How long a statement waits for another process's write. */
  readonly busyTimeoutMs?: number;
}

/** How many rows are kept: of what was done, and of what was refused, which anybody may ask for as often as he likes. */
const mostRows = { done: 1000, refused: 200 };

/** The columns besides `record` repeat it for whoever reads the file with other tools. */
const schema = `
  CREATE TABLE IF NOT EXISTS restarts (
    id TEXT PRIMARY KEY, requestedat REAL NOT NULL, requester TEXT NOT NULL, source TEXT NOT NULL, module TEXT, method TEXT,
    state TEXT NOT NULL, durationms REAL, forced INTEGER NOT NULL, refused INTEGER NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS restarts_by_time ON restarts (requestedat);
`;
const columns = 'id, requestedat, requester, source, module, method, state, durationms, forced, refused, record';

/** The file is opened when it is needed first, and again as long as that fails: an agent starts without it. A damaged file is set aside. */
export function openRestartRecords(options: RestartRecordsOptions): RestartRecords {
  let opened: DatabaseSync | undefined;
  const database = (): DatabaseSync => (opened ??= openDatabase(options));
  const select = (where: string, ...values: readonly (string | number)[]): readonly RestartRecord[] =>
    database()
      .prepare(`SELECT record FROM restarts WHERE ${where}`)
      .all(...values)
      .map((row) => parseRestartRecord(String(row['record'])));
  const attempt = <Result>(work: () => Result): Result => namingFolder(dirname(options.path), work);
  return {
    add: (record) =>
      attempt(() => {
        database()
          .prepare(`INSERT INTO restarts (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
          .run(...valuesOf(record));
        forget(database());
      }),
    update: (record) =>
      attempt(() => {
        const [id, ...values] = valuesOf(record);
        const assignments = columns
          .split(', ')
          .slice(1)
          .map((column) => `${column} = ?`)
          .join(', ');
        database()
          .prepare(`UPDATE restarts SET ${assignments} WHERE id = ?`)
          .run(...values, id);
      }),
    find: (id) => attempt(() => select('id = ?', id)[0]),
    unfinished: () => attempt(() => select("state NOT IN ('success', 'degraded', 'failed') ORDER BY requestedat")),
    since: (wallMs) => attempt(() => select('requestedat >= ? AND refused = 0 ORDER BY requestedat', wallMs)),
    close: () => {
      opened?.close();
      opened = undefined;
    },
  };
}

/** SQLite says "database or disk is full", and not which. */
function namingFolder<Result>(folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const message = messageOf(cause);
    throw message.includes(folder) ? cause : new Error(`${message}, in ${folder}`, { cause });
  }
}

type Values = [string, ...(string | number | null)[]];

function valuesOf(record: RestartRecord): Values {
  return [
    record.id,
    record.requestedAtMs,
    record.requester,
    record.source,
    record.module ?? null,
    record.method ?? null,
    record.state,
    record.durationMs ?? null,
    record.forced ? 1 : 0,
    record.isRefused ? 1 : 0,
    // What was reported is for the process that comes after: with the verdict it has been delivered, or never will be.
    JSON.stringify(hasVerdict(record) ? { ...record, reports: [] } : record),
  ];
}

function forget(database: DatabaseSync): void {
  const oldest = `DELETE FROM restarts WHERE refused = ? AND state IN ('success', 'degraded', 'failed')
    AND id NOT IN (SELECT id FROM restarts WHERE refused = ? ORDER BY requestedat DESC LIMIT ?)`;
  database.prepare(oldest).run(0, 0, mostRows.done);
  database.prepare(oldest).run(1, 1, mostRows.refused);
}

function openDatabase(options: RestartRecordsOptions): DatabaseSync {
  const { path, log, clock } = options;
  makeFolder(dirname(path));
  // Made before SQLite opens it, so that its journal gets the same mode.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  try {
    return connect(options);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    const aside = `${path}.damaged-${Math.round(clock.nowMs())}`;
    renameSync(path, aside);
    for (const rest of ['-journal', '-wal', '-shm']) if (existsSync(path + rest)) rmSync(path + rest);
    log.error('restarts: the file of the records was damaged and is set aside', {
      path: aside,
      error: messageOf(error),
    });
    closeSync(openSync(path, 'a', 0o600));
    return connect(options);
  }
}

/** Level by level: Node's own recursion does not end where a file system (/proc) says that a folder it has is not there. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function connect({ path, busyTimeoutMs = 1000 }: RestartRecordsOptions): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    // A rollback journal, whose removal is synced too (EXTRA): what was stored outlives a power cut. The agent and its helper write in turns.
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA trusted_schema = OFF');
    const found = String(Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
    if (found !== 'ok') throw new Error(`database disk image is malformed: ${found}`);
    database.exec(schema);
    for (const row of database.prepare('SELECT record FROM restarts').iterate()) checkRecord(row['record']);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function checkRecord(text: unknown): void {
  try {
    parseRestartRecord(String(text));
  } catch (cause) {
    throw new Error(`database disk image is malformed: a record cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function isDamaged(error: unknown): boolean {
  return /malformed|not a database|corrupt/i.test(messageOf(error));
}
