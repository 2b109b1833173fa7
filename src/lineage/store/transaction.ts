import type { DatabaseSync } from 'node:sqlite';

/** All of the work or none. What it throws is thrown. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // Where the disk was full SQLite has rolled back already, and a second time is an error of its own.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
