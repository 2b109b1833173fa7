import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../base/app-error.ts';

export interface OpenedDatabase {
  /** Undefined where nothing can be kept. */
  readonly database: DatabaseSync | undefined;
  /** A damaged file was set aside: what stood in it is not there. */
  readonly isReplaced: boolean;
}

/**
 * Opens or makes a database, mode 0600, and its folder. Never throws: a file that is damaged is set aside and a new one begun, which `onProblem` is
 * told, as it is where there is no database at all. `prepare` makes or checks the tables.
 */
export function openOrSetAside(
  path: string,
  options: {
    readonly prepare: (database: DatabaseSync) => void;
    readonly nowMs: () => number;
    readonly onProblem: (problem: { readonly aside: string | undefined; readonly reason: string }) => void;
  },
): OpenedDatabase {
  const isThere = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
  try {
    return { database: tryOpen(path, options.prepare), isReplaced: false };
  } catch (error) {
    if (!isThere || !isDamage(error)) {
      options.onProblem({ aside: undefined, reason: messageOf(error) });
      return { database: undefined, isReplaced: false };
    }
    const aside = `${path}.damaged-${options.nowMs()}`;
    options.onProblem({ aside, reason: messageOf(error) });
    try {
      renameSync(path, aside);
      for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
      return { database: tryOpen(path, options.prepare), isReplaced: true };
    } catch (again) {
      options.onProblem({ aside: undefined, reason: messageOf(again) });
      return { database: undefined, isReplaced: true };
    }
  }
}

function tryOpen(path: string, prepare: (database: DatabaseSync) => void): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const umask = process.umask(0o077);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 2000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF');
    prepare(database);
    // At most 10,000 rows: a look at all of them finds damage now, not when one is to be written.
    const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (found !== 'ok') throw Object.assign(new Error(`damaged: ${String(found)}`), { errcode: 11 });
    return database;
  } catch (error) {
    database?.close();
    throw error;
  } finally {
    process.umask(umask);
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, and SQLITE_ERROR: tables of another shape. Not: no room, no permission, locked. */
function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === 11 || code === 26 || code === 1;
}
