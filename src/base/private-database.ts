import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** The result codes of SQLite that say what is wrong with a file (sqlite3.h). */
export const sqliteCodes = { error: 1, corrupt: 11, full: 13, notADatabase: 26 } as const;

/** The primary result code of an error of node:sqlite; 0 for any other error. */
export function sqliteCodeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

/** The file is damaged, no database, or has tables of another shape. Not: no room, no permission, locked. */
export function isDamagedDatabase(error: unknown): boolean {
  const { error: otherShape, corrupt, notADatabase } = sqliteCodes;
  return [otherShape, corrupt, notADatabase].some((code) => code === sqliteCodeOf(error));
}

export interface PrivateDatabaseOptions {
  readonly timeoutMs: number;
  readonly prepare: (database: DatabaseSync) => void;
}

/**
 * Opens or makes a small database that its owner alone may read, with its journal. `prepare` sets it up; then every page is looked at, so that damage
 * shows now and not when something is to be written. Throws what SQLite says, with nothing left open.
 */
export function openPrivateDatabase(path: string, { timeoutMs, prepare }: PrivateDatabaseOptions): DatabaseSync {
  return openUnchecked(path, {
    timeoutMs,
    prepare: (database) => {
      prepare(database);
      const found = String(database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']);
      if (found !== 'ok') throw Object.assign(new Error(`damaged: ${found}`), { errcode: sqliteCodes.corrupt });
    },
  });
}

/** The same for one that may be gigabytes: what `prepare` does not touch is not looked at. */
export function openUnchecked(path: string, { timeoutMs, prepare }: PrivateDatabaseOptions): DatabaseSync {
  const umask = process.umask(0o077);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: timeoutMs });
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw error;
  } finally {
    process.umask(umask);
  }
}

/** Gives a damaged file and its journal another name; returns it. Throws where the folder does not let it. */
export function setDatabaseAside(path: string, nowMs: number): string {
  const aside = `${path}.damaged-${Math.round(nowMs)}`;
  renameSync(path, aside);
  for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  return aside;
}
