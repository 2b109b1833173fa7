/** The tables of the lineage's database, step by step: the number of a step is its place in the list, counting from 1, and stands in user_version. */
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../base/app-error.ts';

/**
 * Times in nanoseconds are REAL: after 104 days of uptime they are more than an integer of JavaScript can be read back from, as the same double they come back as they were.
 * Texts are latin1, one character a byte, so that paths are compared byte by byte (BINARY compares their UTF-8, which has the same order).
 */
const steps: readonly string[] = [
  `
  CREATE TABLE fact (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
  CREATE TABLE boot (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE event (            -- of one boot, those of one process together: that is how they are forgotten
    pid INTEGER NOT NULL,         -- 0 where it is of none (a gap)
    at REAL NOT NULL,             -- ns
    n INTEGER NOT NULL,           -- the order they came in
    kind INTEGER NOT NULL,        -- its place in a list, as the source's: encode-event.ts
    source INTEGER NOT NULL,
    stream INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    slack REAL NOT NULL,
    wall REAL NOT NULL,
    a INTEGER, b INTEGER, c INTEGER,
    body TEXT,
    PRIMARY KEY (pid, at, n)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE process (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    boot INTEGER NOT NULL REFERENCES boot(n),
    pid INTEGER NOT NULL,
    start REAL NOT NULL,          -- ns, of the first that is known of it
    finish REAL NOT NULL,
    startMs REAL NOT NULL,
    endMs REAL NOT NULL,
    parent TEXT,
    name TEXT,                    -- comm
    program TEXT,                 -- the last part of its executable, where that is another name
    cgroup TEXT,
    held INTEGER NOT NULL,        -- 1: its events are still there, for another life of its pid, or of a child's, stands too near
    touches INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX process_pid ON process (pid, start);
  CREATE INDEX process_start ON process (startMs);
  CREATE INDEX process_end ON process (endMs);
  CREATE INDEX process_parent ON process (parent) WHERE parent IS NOT NULL;
  CREATE INDEX process_name ON process (name) WHERE name IS NOT NULL;
  CREATE INDEX process_program ON process (program) WHERE program IS NOT NULL;
  CREATE INDEX process_cgroup ON process (cgroup) WHERE cgroup IS NOT NULL;
  CREATE TABLE touch (path TEXT NOT NULL, process INTEGER NOT NULL, PRIMARY KEY (path, process)) STRICT, WITHOUT ROWID;
  CREATE TABLE gap (
    stream INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    endMs REAL NOT NULL,
    repairedMs REAL,
    body TEXT NOT NULL,
    PRIMARY KEY (stream, seq)
  ) STRICT, WITHOUT ROWID;
  `,
  `CREATE INDEX process_held ON process (pid) WHERE held = 1;`,
];

/** Makes the tables, or brings those of an earlier version up to this one. Throws StoreError where a later version made them. */
export function prepareSchema(database: DatabaseSync, path: string): void {
  // Before the first table, or it has no effect: without it a file never gets smaller.
  database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  // NORMAL: a commit is in the kernel's hands, not yet on the platter. Whatever ends this process loses nothing that was committed; a power cut may lose the last
  // commits, since the last checkpoint, never the file. What was lost so is a gap at the next start, as the boot is another then. checkpoints.ts takes over from here.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8192');
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > steps.length) {
    throw new StoreError(
      'LINEAGE_NEWER',
      `${path} has version ${version} of the lineage's tables, expected at most ${steps.length}`,
    );
  }
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}
