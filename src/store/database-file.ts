/** Files that hold a database: made readable by their owner alone, and what SQLite says about them in words. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, StoreError } from '../base/app-error.ts';

/** Makes the file and its folders where they are missing. Throws StoreError STORE_UNWRITABLE. */
export function makeDatabaseFile(path: string): void {
  try {
    makeFolder(dirname(path));
    // Made before SQLite opens it, so that its journal files get the same mode.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  } catch (cause) {
    throw new StoreError('STORE_UNWRITABLE', `expected to write ${path}: ${messageOf(cause)}`, { cause });
  }
}

/** Level by level: Node's own recursion does not end where a file system (/proc) says that a folder it has is not there. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** The StoreError behind what SQLite threw; `what` the file should be: "the database of a case". */
export function explainDatabaseFailure(cause: unknown, path: string, what: string): StoreError {
  if (cause instanceof StoreError) return cause;
  const message = messageOf(cause);
  if (/locked|busy/i.test(message)) {
    return new StoreError('STORE_LOCKED', `${path} is held by another program: ${message}`, { cause });
  }
  if (/readonly|unable to open|disk I\/O|full/i.test(message)) {
    return new StoreError('STORE_UNWRITABLE', `expected to write ${path}: ${message}`, { cause });
  }
  return new StoreError('STORE_CORRUPT', `expected ${path} to be ${what}: ${message}`, { cause });
}
