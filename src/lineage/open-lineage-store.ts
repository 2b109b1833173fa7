/** The lineage's store in SQLite: one file, which its owner alone may read, bounded by age and size. */
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../base/app-error.ts';
import { setDatabaseAside, sqliteCodeOf, sqliteCodes } from '../base/private-database.ts';
import type { LineageStore, StoreLimits } from './lineage-store.ts';
import { openDatabase, toStoreError } from './store/open-database.ts';
import { createTables, type Tables } from './store/tables.ts';
import { inTransaction } from './store/transaction.ts';

export interface LineageStoreOptions {
  /** Of the database; its journal stands beside it. */
  readonly path: string;
  /** Of the boot whose events are appended. */
  readonly bootId: string;
  readonly limits: StoreLimits;
  readonly nowMs: () => number;
  /** What happened to the file, for people. */
  readonly log: (text: string) => void;
}

/** Throws StoreError: LINEAGE_NEWER, LINEAGE_UNWRITABLE. A damaged file is set aside, now or when it shows, and a new one begun. */
export function openLineageStore(options: LineageStoreOptions): LineageStore {
  const { path, log, nowMs } = options;
  const open = (): Opened => {
    const database = openDatabase(path, { nowMs, onDamaged: log });
    try {
      return { database, tables: createTables(database, options) };
    } catch (error) {
      database.close();
      throw toStoreError(path, error);
    }
  };
  let opened = open();

  const replaceDamaged = (reason: string): void => {
    opened.database.close();
    const aside = setDatabaseAside(path, nowMs());
    log(`${path} is damaged: it is set aside as ${aside}, and a new one begun: ${reason}`);
    opened = open();
  };
  /** What fails leaves the store as it was, and is told as something that can be acted upon. */
  const change = <Result>(work: (tables: Tables) => Result): Result => {
    try {
      return inTransaction(opened.database, () => work(opened.tables));
    } catch (error) {
      if (isDamage(error)) replaceDamaged(messageOf(error));
      else opened.tables.recount();
      throw toStoreError(path, error);
    }
  };
  const look = <Result>(work: (tables: Tables) => Result): Result => {
    try {
      return work(opened.tables);
    } catch (error) {
      if (isDamage(error)) replaceDamaged(messageOf(error));
      throw toStoreError(path, error);
    }
  };

  return {
    nextStream: () => change((tables) => tables.nextStream()),
    append: (events) => change((tables) => tables.append(events)),
    settle: (nodes) => change((tables) => tables.settle(nodes)),
    drop: (nodes) => change((tables) => tables.drop(nodes)),
    replay: () => opened.tables.replay(),
    settleEarlierBoot: (fold) => change((tables) => tables.settleEarlierBoot(fold)),
    find: (query) => look((tables) => tables.find(query)),
    childrenOf: (id) => look((tables) => tables.childrenOf(id)),
    gaps: () => look((tables) => tables.gaps()),
    repair: (gap, repairedMs) => change((tables) => tables.repair(gap, repairedMs)),
    heard: () => look((tables) => tables.heard()),
    setHeard: (heard) => change((tables) => tables.setHeard(heard)),
    prune: (now) => {
      const forgotten = pruneInSteps(change, now);
      giveRoomBack(opened.database);
      return forgotten;
    },
    size: () => ({ ...opened.tables.size(), bytes: bytesOf(path) }),
    close: () => opened.database.close(),
  };
}

interface Opened {
  readonly database: DatabaseSync;
  readonly tables: Tables;
}

function pruneInSteps(change: <Result>(work: (tables: Tables) => Result) => Result, nowMs: number): number {
  let forgotten = 0;
  // In transactions of their own: a journal as large as the file would need the room that there is not.
  for (let isDone = false; !isDone;) {
    const step = change((current) => current.pruneStep(nowMs));
    forgotten += step.processes;
    isDone = step.isDone;
  }
  return forgotten;
}

/** Pages that nothing stands in go back to the file system, and so does the journal. */
function giveRoomBack(database: DatabaseSync): void {
  const free = Number(database.prepare('PRAGMA freelist_count').get()?.['freelist_count']);
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  // A few free pages will be used soon; moving them about would only cost.
  if (free * 8 > pages) database.exec('PRAGMA incremental_vacuum');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

function bytesOf(path: string): number {
  return ['', '-wal'].reduce((sum, suffix) => sum + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function isDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  return code === sqliteCodes.corrupt || code === sqliteCodes.notADatabase;
}
