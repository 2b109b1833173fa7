import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../base/app-error.ts';
import { isDamagedDatabase, openPrivateDatabase, setDatabaseAside } from '../../base/private-database.ts';

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
    if (!isThere || !isDamagedDatabase(error)) {
      options.onProblem({ aside: undefined, reason: messageOf(error) });
      return { database: undefined, isReplaced: false };
    }
    try {
      options.onProblem({ aside: setDatabaseAside(path, options.nowMs()), reason: messageOf(error) });
      return { database: tryOpen(path, options.prepare), isReplaced: true };
    } catch (again) {
      options.onProblem({ aside: undefined, reason: messageOf(again) });
      return { database: undefined, isReplaced: true };
    }
  }
}

function tryOpen(path: string, prepare: (database: DatabaseSync) => void): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openPrivateDatabase(path, {
    timeoutMs: 2000,
    prepare: (database) => {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF');
      prepare(database);
    },
  });
}
