import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../base/app-error.ts';
import { explainDatabaseFailure, makeDatabaseFile } from './database-file.ts';
import { migrations } from './migrations.ts';
import { registerOwner } from './owners.ts';

/** A case that is open. Functions of this folder take it as their first argument. */
export interface Store {
  readonly database: DatabaseSync;
  /** The file; undefined for a store in memory, which ends with the program. */
  readonly path: string | undefined;
  /** This program's row in the table of owners. */
  readonly owner: number;
}

/** About 20 ms of reading. */
const maxCheckedBytes = 16 * 1024 * 1024;
/** How long a statement waits for another console's write before it gives up. */
const defaultBusyTimeoutMs = 5000;

/** Opens or creates the case in this file, readable by its owner alone. Throws StoreError with the way out. */
export function openStore(path: string, options: { readonly busyTimeoutMs?: number } = {}): Store {
  makeDatabaseFile(path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: options.busyTimeoutMs ?? defaultBusyTimeoutMs });
    return prepare(database, path);
  } catch (cause) {
    database?.close();
    throw explain(cause, path);
  }
}

/** A store that lives as long as the program: for tests, and where the file cannot be used. */
export function openMemoryStore(): Store {
  return prepare(new DatabaseSync(':memory:'), undefined);
}

export function closeStore(store: Store): void {
  if (store.database.isOpen) store.database.close();
}

/** Runs `work` as one transaction that holds the write lock from its start. */
export function transact<Value>(store: Pick<Store, 'database'>, work: () => Value): Value {
  const { database } = store;
  if (database.isTransaction) return work();
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function prepare(database: DatabaseSync, path: string | undefined): Store {
  // WAL lets two consoles read while one writes; NORMAL is safe against a killed program (a power cut may lose the last moment).
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF');
  checkPages(database, path);
  transact({ database }, () => migrate(database, path));
  return { database, path, owner: registerOwner(database) };
}

/** Reads every page of a file that is not too large for it, so that damage shows before the console relies on the case. */
function checkPages(database: DatabaseSync, path: string | undefined): void {
  if (path === undefined || statSync(path).size > maxCheckedBytes) return;
  const found = String(Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
  if (found !== 'ok') throw new StoreError('STORE_CORRUPT', `expected ${path} to be the database of a case: ${found}`);
}

function migrate(database: DatabaseSync, path: string | undefined): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) {
    throw new StoreError(
      'STORE_NEWER',
      `expected a case of schema ${migrations.length} or older, got schema ${version} in ${path ?? 'memory'}`,
    );
  }
  for (const step of migrations.slice(version)) database.exec(step);
  database.exec(`PRAGMA user_version = ${migrations.length}`);
}

/** The StoreError behind what SQLite threw while the store was used; anything else comes back as it is. */
export function explainStoreFailure(error: unknown, store: Store): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_SQLITE_ERROR' ? explain(error, store.path ?? 'memory') : error;
}

function explain(cause: unknown, path: string): StoreError {
  return explainDatabaseFailure(cause, path, 'the database of a case');
}
