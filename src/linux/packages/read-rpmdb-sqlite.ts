import { copyFileSync, lstatSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from './byte-source.ts';
import { parseSqliteRecord } from './parse-sqlite-record.ts';
import { openSqlite, readTable } from './parse-sqlite.ts';

/** How the headers of a database are handed on. */
export interface BlobOptions {
  readonly maxBlobBytes: number;
  readonly onBlob: (blob: Buffer) => void;
}

const maxCopiedBytes = 1024 * 1024 * 1024;
/** The table as rpm makes it; what else is called Packages is not rpm's. */
const tableText = "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)";

/** The package headers in rpm's SQLite database, as the file stands. Throws an Error when it is not such a database; damaged rows are counted. */
export function parseRpmdbSqlite(
  source: ByteSource,
  { maxBlobBytes, onBlob }: BlobOptions,
): { readonly damaged: number } {
  const file = openSqlite(source);
  let rootPage: number | undefined;
  readTable(file, 1, {
    maxPayloadBytes: 65_536,
    onPayload: (payload) => {
      const [, , , root, text] = parseSqliteRecord(payload) ?? [];
      if (typeof root === 'number' && text instanceof Buffer && text.toString() === tableText) rootPage = root;
    },
  });
  if (rootPage === undefined) throw new Error('has no table of packages as rpm makes it');
  let broken = 0;
  const { damaged } = readTable(file, rootPage, {
    maxPayloadBytes: maxBlobBytes,
    onPayload: (payload) => {
      const blob = parseSqliteRecord(payload)?.[1];
      if (blob instanceof Buffer) onBlob(blob);
      else broken++;
    },
  });
  return { damaged: damaged + broken };
}

/** True when changes stand in the database's log (-wal) that are not in its file yet. */
export function hasUnfinishedChanges(path: string): boolean {
  const log = lstatSync(`${path}-wal`, { throwIfNoEntry: false });
  return log !== undefined && log.isFile() && log.size > 0;
}

/**
 * Calls back with the path of a copy that has the changes of the log in it, made by SQLite itself in a temporary folder: the database is not touched.
 * Throws an Error when it is too large or damaged.
 */
export function withFinishedCopy<T>(path: string, use: (copy: string) => T): T {
  const size = statSync(path).size + statSync(`${path}-wal`).size;
  if (size > maxCopiedBytes) {
    throw new Error(
      `has unfinished changes and ${size} bytes, at most ${maxCopiedBytes} are copied: run rpm --rebuilddb`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'gumshoe-rpmdb-'));
  try {
    const copy = join(folder, 'rpmdb.sqlite');
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    // Loaded here, because it is rarely needed.
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const database = new DatabaseSync(copy);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    return use(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
