/**
 * The baseline on disk: what every watched object was like when it was last looked at, and what was found to have changed. A change and the record it leads to are
 * committed together, before it is told; that it was told is committed after it. So an end at any moment tells a change at most once more, under the
 * same number, and never not at all.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../src/base/app-error.ts';
import { decodePath, encodePath, joinPath } from '../../src/search/walk/path-text.ts';
import type { ObjectState, ObjectType } from './object-state.ts';

export interface ObjectRecord extends ObjectState {
  readonly path: string;
  /** Lower-case hexadecimal; undefined = not yet taken; '' = cannot be taken (no file, too large, unreadable). */
  readonly sha256: string | undefined;
}

export interface Baseline {
  readonly get: (path: string) => ObjectRecord | undefined;
  readonly put: (record: ObjectRecord) => void;
  /** Only where the record is still that of this state. */
  readonly setChecksum: (record: ObjectRecord, sha256: string) => void;
  readonly remove: (path: string) => void;
  /** The entries of a folder. */
  readonly childrenOf: (folder: string) => readonly ObjectRecord[];
  /** What lies below a folder, at most `limit`, from the deepest on. */
  readonly below: (folder: string, limit: number) => readonly ObjectRecord[];
  readonly countBelow: (folder: string) => number;
  /** A folder that got another name, with all below it. */
  readonly move: (from: string, to: string) => void;
  /** Files whose checksum was not taken yet. */
  readonly withoutChecksum: (limit: number) => readonly ObjectRecord[];
  readonly isCollecting: () => boolean;
  /** Files behind this path, in an order that stays. */
  readonly filesAfter: (path: string | undefined, limit: number) => readonly ObjectRecord[];
  readonly count: () => number;
  /** Folders in which something is recorded. */
  readonly folders: () => Iterable<string>;
  readonly readNote: (key: string) => string | undefined;
  readonly writeNote: (key: string, value: string) => void;
  readonly removeNote: (key: string) => void;
  readonly noteKeys: () => readonly string[];
  /** All or nothing. */
  readonly commit: (work: () => void) => void;
  readonly database: DatabaseSync;
  readonly close: () => void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS objects (
    parent BLOB NOT NULL, name BLOB NOT NULL, type TEXT NOT NULL, inode INTEGER NOT NULL, born INTEGER NOT NULL, changed INTEGER NOT NULL,
    modified INTEGER NOT NULL, size INTEGER NOT NULL, mode INTEGER NOT NULL, uid INTEGER NOT NULL, gid INTEGER NOT NULL, target BLOB, sha256 TEXT,
    PRIMARY KEY (parent, name)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS unhashed ON objects (parent, name) WHERE sha256 IS NULL;
  CREATE TABLE IF NOT EXISTS changes (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, severity TEXT NOT NULL, kind TEXT NOT NULL, path BLOB NOT NULL, text TEXT NOT NULL,
    facts TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 1, told INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS untold ON changes (told, n) WHERE told <> 1;
  CREATE INDEX IF NOT EXISTS byPath ON changes (path, n);
  CREATE TABLE IF NOT EXISTS notes (key BLOB PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;
const columns = 'parent, name, type, inode, born, changed, modified, size, mode, uid, gid, target, sha256';
/** parent = the folder, or below it: between "folder/" and "folder0", the character behind the slash. */
const isBelow = '(parent = ? OR (parent >= ? AND parent < ?))';

function openDatabase(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { timeout: 5000 });
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${schema}`);
    return database;
  } catch (cause) {
    const wayOut = 'make room there, or move a damaged file away, then all is recorded anew';
    throw new Error(`the baseline ${path} cannot be used: ${messageOf(cause)}; ${wayOut}`, { cause });
  }
}

/** Opens or makes it. Throws where it cannot be used, on a full disk or a file that is no database, and says what can be done. */
export function openBaseline(folder: string): Baseline {
  const database = openDatabase(join(folder, 'baseline.db'));
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  };
  const statements = {
    get: prepare(`SELECT ${columns} FROM objects WHERE parent = ? AND name = ?`),
    put: prepare(`INSERT OR REPLACE INTO objects (${columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`),
    setChecksum: prepare('UPDATE objects SET sha256 = ? WHERE parent = ? AND name = ? AND inode = ? AND changed = ?'),
    remove: prepare('DELETE FROM objects WHERE parent = ? AND name = ?'),
    children: prepare(`SELECT ${columns} FROM objects WHERE parent = ?`),
    below: prepare(`SELECT ${columns} FROM objects WHERE ${isBelow} ORDER BY parent DESC, name DESC LIMIT ?`),
    countBelow: prepare(`SELECT count(*) AS count FROM objects WHERE ${isBelow}`),
    move: prepare(`UPDATE OR REPLACE objects SET parent = CAST(? || substr(parent, ?) AS BLOB) WHERE ${isBelow}`),
    unhashed: prepare(`SELECT ${columns} FROM objects WHERE sha256 IS NULL LIMIT ?`),
    after: prepare(
      `SELECT ${columns} FROM objects WHERE (parent, name) > (?, ?) AND type = 'file' ORDER BY parent, name LIMIT ?`,
    ),
    count: prepare('SELECT count(*) AS count FROM objects'),
    folders: prepare('SELECT DISTINCT parent FROM objects'),
    readNote: prepare('SELECT value FROM notes WHERE key = ?'),
    writeNote: prepare('INSERT OR REPLACE INTO notes VALUES (?, ?)'),
    noteKeys: prepare('SELECT key FROM notes'),
    removeNote: prepare('DELETE FROM notes WHERE key = ?'),
  };
  const records = (rows: readonly unknown[]): readonly ObjectRecord[] => rows.map((row) => toRecord(row as Row));
  const countOf = (row: unknown): number => Number((row as { count: bigint }).count);
  let known: number | undefined;

  return {
    database,
    get: (path) => {
      const row = statements.get.get(...splitPath(path));
      return row && toRecord(row as unknown as Row);
    },
    put: (record) => {
      known = undefined;
      const { type, inode, bornNs, changedNs, modifiedNs, size, mode, uid, gid, target, sha256 } = record;
      const link = target === '' ? null : toBytes(target);
      const facts = [type, inode, bornNs, changedNs, modifiedNs, size, mode, uid, gid, link, sha256 ?? null] as const;
      statements.put.run(...splitPath(record.path), ...facts);
    },
    setChecksum: ({ path, inode, changedNs }, sha256) =>
      void statements.setChecksum.run(sha256, ...splitPath(path), inode, changedNs),
    remove: (path) => {
      known = undefined;
      statements.remove.run(...splitPath(path));
    },
    childrenOf: (folder) => records(statements.children.all(toBytes(folder))),
    below: (folder, limit) => records(statements.below.all(...rangeBelow(folder), limit)),
    countBelow: (folder) => countOf(statements.countBelow.get(...rangeBelow(folder))),
    move: (from, to) => {
      statements.move.run(toBytes(to), toBytes(from).length + 1, ...rangeBelow(from));
      const [parent, name] = splitPath(to);
      const record = statements.get.get(...splitPath(from));
      if (record) statements.put.run(...Object.values({ ...record, parent, name }));
      statements.remove.run(...splitPath(from));
      known = undefined;
    },
    withoutChecksum: (limit) => records(statements.unhashed.all(limit)),
    isCollecting: () => statements.unhashed.get(1) !== undefined,
    filesAfter: (path, limit) => {
      const [parent, name] = path === undefined ? [Buffer.alloc(0), Buffer.alloc(0)] : splitPath(path);
      return records(statements.after.all(parent, name, limit));
    },
    count: () => (known ??= countOf(statements.count.get())),
    folders: function* folders() {
      for (const row of statements.folders.iterate()) {
        yield decodePath(Buffer.from((row as unknown as { parent: Uint8Array }).parent));
      }
    },
    readNote: (key) => (statements.readNote.get(toBytes(key)) as { value: string } | undefined)?.value,
    writeNote: (key, value) => void statements.writeNote.run(toBytes(key), value),
    noteKeys: () => statements.noteKeys.all().map((row) => decodePath(Buffer.from(row['key'] as Uint8Array))),
    removeNote: (key) => void statements.removeNote.run(toBytes(key)),
    commit: (work) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        work();
        database.exec('COMMIT');
      } catch (error) {
        known = undefined;
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
}

/** The bytes of a path: names that are no UTF-8 are kept apart. */
export function toBytes(path: string): Buffer {
  return Buffer.from(encodePath(path) as string);
}

/** The folder of a path and its name in it, as bytes. The root of the file system has no name. */
function splitPath(path: string): [Buffer, Buffer] {
  const at = path.lastIndexOf('/');
  return [toBytes(path.slice(0, at) || '/'), toBytes(path.slice(at + 1))];
}

function rangeBelow(folder: string): [Buffer, Buffer, Buffer] {
  const start = folder === '/' ? '/' : `${folder}/`;
  return [toBytes(folder), toBytes(start), toBytes(`${start.slice(0, -1)}0`)];
}

interface Row {
  readonly parent: Uint8Array;
  readonly name: Uint8Array;
  readonly type: string;
  readonly inode: bigint;
  readonly born: bigint;
  readonly changed: bigint;
  readonly modified: bigint;
  readonly size: bigint;
  readonly mode: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly target: Uint8Array | null;
  readonly sha256: string | null;
}

function toRecord(row: Row): ObjectRecord {
  return {
    path: joinPath(decodePath(Buffer.from(row.parent)), decodePath(Buffer.from(row.name))),
    type: row.type as ObjectType,
    inode: row.inode,
    bornNs: row.born,
    changedNs: row.changed,
    modifiedNs: row.modified,
    size: Number(row.size),
    mode: Number(row.mode),
    uid: Number(row.uid),
    gid: Number(row.gid),
    target: row.target === null ? '' : decodePath(Buffer.from(row.target)),
    sha256: row.sha256 ?? undefined,
  };
}
