/** The successors of wtmp and lastlog, which are SQLite databases: wtmpdb and lastlog2 (both by T. Kukuk, in Debian 13 and openSUSE). */
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../../base/app-error.ts';
import type { HostFiles } from '../host/host-files.ts';
import type { Login } from './login.ts';

interface Source {
  readonly file: string;
  readonly table: string;
  readonly query: string;
  readonly ticksPerMs: number;
}

const maxRows = 100_000;
const maxDatabaseBytes = 512 * 1024 * 1024;

/** User, time, tty, host: the columns of every query. */
const sources: readonly Source[] = [
  {
    file: '/var/lib/lastlog/lastlog2.db',
    table: 'Lastlog2',
    query: 'SELECT Name, Time, TTY, RemoteHost FROM Lastlog2 LIMIT ?',
    ticksPerMs: 1 / 1000,
  },
  {
    file: '/var/lib/wtmpdb/wtmp.db',
    table: 'wtmp',
    // Type 3 is a session; times are microseconds.
    query: 'SELECT User, Login, TTY, RemoteHost FROM wtmp WHERE Type = 3 ORDER BY ID DESC LIMIT ?',
    ticksPerMs: 1000,
  },
];

/** Tells every login of the databases that are there, and returns the files that could be read. */
export function readLoginDatabases(files: HostFiles, note: (user: string, login: Login) => void): readonly string[] {
  return sources.filter((source) => readDatabase(files, source, note)).map(({ file }) => file);
}

function readDatabase(files: HostFiles, source: Source, note: (user: string, login: Login) => void): boolean {
  const { file, ticksPerMs } = source;
  const path = files.resolve(file);
  const stats = path === undefined ? undefined : files.stat(path);
  if (path === undefined || !stats?.isFile()) return false;
  if (stats.size > maxDatabaseBytes) {
    files.problems.add(`${file}: ${stats.size} bytes, larger than the ${maxDatabaseBytes} that are read`);
    return false;
  }
  try {
    for (const [user, time, tty, from] of readRows(String(files.placeOf(path)), source)) {
      const timeMs = typeof time === 'number' ? time / ticksPerMs : Number.NaN;
      if (typeof user !== 'string' || !(Math.abs(timeMs) <= 8.64e15) || timeMs === 0) continue;
      note(user, { timeMs, from: textOf(from), tty: textOf(tty), source: file });
    }
    return true;
  } catch (error) {
    files.problems.add(`${file} could not be read: ${messageOf(error)}`);
    return false;
  }
}

/** "immutable" keeps SQLite from locking, and from writing a journal beside the evidence; what a writer has not yet merged is then not seen. */
function readRows(path: string, { table, query }: Source): readonly (readonly unknown[])[] {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: true, allowExtension: false });
  try {
    database.exec('PRAGMA trusted_schema = OFF');
    // A view of that name could compute for ever.
    const found = database
      .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE")
      .get(table);
    if (!found) throw new Error(`expected a table ${table}, got none`);
    const statement = database.prepare(query);
    statement.setReturnArrays(true);
    return statement.all(maxRows) as unknown as readonly (readonly unknown[])[];
  } finally {
    database.close();
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 256) : '';
}
