/**
 * Brings the pages of the journal into the database, and nobody waits for the disk meanwhile.
 *
 * SQLite does so by itself in a commit, and waits there until the disk has everything: on a busy disk that is seconds in which this process is deaf. A thread with a connection of its own would cost
 * 10 MB, and could still not make the journal shorter while there is always somebody writing. So SQLite is told not to wait for the disk (synchronous = OFF), and threads of Node's own
 * do (fdatasync), in the order that SQLite would keep: the journal first, then what was copied from it, then the journal without anything. Whoever writes has to wait until it is over, for the
 * journal must not begin anew before the copy is safe; it waits in memory, not in a system call. So a power cut may lose the last commits, never the file.
 */
import { closeSync, fdatasync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { lockMs } from './open-database.ts';

export interface Checkpoints {
  /** Nothing may be written until it resolves. Throws what the disk says. */
  readonly run: () => Promise<void>;
  /** Ends one that runs; before the database is closed. */
  readonly stop: () => void;
  /** After the database was closed: while it is open, closing one of the file's descriptors would free SQLite's locks (fcntl). */
  readonly close: () => void;
}

const sync = promisify(fdatasync);

export function createCheckpoints(database: DatabaseSync, path: string): Checkpoints {
  database.exec('PRAGMA wal_autocheckpoint = 0');
  const file = openSync(path, 'r');
  // It lives as long as the database is open, and nobody locks it.
  const journal = openSync(`${path}-wal`, 'r');
  let running: Promise<void> | undefined;
  let isStopped = false;
  let isClosed = false;

  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    closeSync(file);
    closeSync(journal);
  };
  const checkpoint = (mode: 'PASSIVE' | 'TRUNCATE'): boolean =>
    Number(database.prepare(`PRAGMA wal_checkpoint(${mode})`).get()?.['busy']) === 0;
  const work = async (): Promise<void> => {
    await sync(journal);
    if (isStopped) return;
    database.exec('PRAGMA synchronous = OFF');
    checkpoint('PASSIVE');
    await sync(file);
    if (isStopped) return;
    // Somebody else who reads keeps the journal as it is, and is not waited for; then SQLite itself waits for the disk where it begins the journal anew.
    database.exec('PRAGMA busy_timeout = 0');
    if (!checkpoint('TRUNCATE')) database.exec('PRAGMA synchronous = NORMAL');
    database.exec(`PRAGMA busy_timeout = ${lockMs}`);
    await sync(journal);
  };
  return {
    run: () => {
      running ??= work().finally(() => (running = undefined));
      return running;
    },
    stop: () => {
      isStopped = true;
      // Closing brings all into the database, and waits for it.
      database.exec('PRAGMA synchronous = NORMAL');
    },
    close: () => {
      if (running) void running.then(close, close);
      else close();
    },
  };
}
