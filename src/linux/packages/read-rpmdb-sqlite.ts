import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** How the headers of a database are handed on. */
export interface BlobOptions {
  readonly maxBlobBytes: number;
  readonly onBlob: (blob: Buffer) => void;
}

const maxPackages = 200_000;
const maxCopiedBytes = 1024 * 1024 * 1024;
/** The table as rpm makes it; any other (a view, a virtual table, computed columns) could be made to run for ever. */
const tableText = "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)";

/**
 * The package headers in rpm's SQLite database. It is opened as a file that does not change: no lock, no journal, nothing is written beside it. Where its
 * log of changes (-wal) is not empty, both are copied to a temporary folder and opened there. Throws an Error when it is not such a database; headers that
 * are too large are counted.
 */
export function readRpmdbSqlite(path: string, options: BlobOptions): { readonly damaged: number } {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (!log || log.size === 0) return readTable(path, options);
  const size = statSync(path).size + log.size;
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
    return readTable(copy, options, { isCopy: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readTable(
  path: string,
  { maxBlobBytes, onBlob }: BlobOptions,
  { isCopy = false } = {},
): { readonly damaged: number } {
  const place = pathToFileURL(path);
  if (!isCopy) place.search = '?immutable=1';
  // Loaded here, because most systems have no such database.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(place, { readOnly: !isCopy });
  try {
    database.exec('PRAGMA trusted_schema = OFF');
    const table = database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'Packages'").get();
    if (table?.['sql'] !== tableText) throw new Error('has no table of packages as rpm makes it');
    const statement = database.prepare(
      'SELECT CASE WHEN length(blob) <= ? THEN blob END AS blob FROM Packages LIMIT ?',
    );
    let damaged = 0;
    for (const { blob } of statement.iterate(maxBlobBytes, maxPackages)) {
      if (blob instanceof Uint8Array) onBlob(Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength));
      else damaged++;
    }
    return { damaged };
  } finally {
    database.close();
  }
}
