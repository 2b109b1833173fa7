import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { AppError, messageOf, StoreError } from '../../base/app-error.ts';
import {
  isDamagedDatabase,
  openUnchecked,
  setDatabaseAside,
  sqliteCodeOf,
  sqliteCodes,
} from '../../base/private-database.ts';
import { prepareSchema } from './schema.ts';

/** Another process that looks into the file holds it for moments only. */
export const lockMs = 1000;

/**
 * Opens or makes the database, for its owner alone (0600). A damaged one is set aside and a new one begun, which `onDamaged` is told. Unlike small databases it is not read
 * from end to end: it may be gigabytes; damage that shows later shows then. Throws StoreError: LINEAGE_NEWER, LINEAGE_UNWRITABLE.
 */
export function openDatabase(
  path: string,
  { nowMs, onDamaged }: { readonly nowMs: () => number; readonly onDamaged: (text: string) => void },
): DatabaseSync {
  const isThere = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
  try {
    return tryOpen(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (!isThere || !isDamagedDatabase(error)) throw toStoreError(path, error);
    try {
      const aside = setDatabaseAside(path, nowMs());
      onDamaged(`${path} was damaged: it is set aside as ${aside}, and a new one begun: ${messageOf(error)}`);
      return tryOpen(path);
    } catch (again) {
      throw toStoreError(path, again);
    }
  }
}

/** What SQLite said, as something that can be acted upon. */
export function toStoreError(path: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const why = sqliteCodeOf(error) === sqliteCodes.full ? 'the disk is full' : messageOf(error);
  return new StoreError('LINEAGE_UNWRITABLE', `cannot write ${path}: ${why}`, { cause: error });
}

function tryOpen(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openUnchecked(path, {
    timeoutMs: lockMs,
    prepare: (database) => {
      prepareSchema(database, path);
      // Tables of another shape, or none behind the number of the version: it says so now.
      database.exec('SELECT pid, at, n, body FROM event LIMIT 1; SELECT n, id, held, body FROM process LIMIT 1');
    },
  });
}
