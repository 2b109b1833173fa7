/** The lineage's store in SQLite: one file, which its owner alone may read, bounded by age and size. */
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../base/app-error.ts';
import { setDatabaseAside, sqliteCodeOf, sqliteCodes } from '../base/private-database.ts';
import type { LineageStore, StoreLimits } from './lineage-store.ts';
import { type Checkpoints, createCheckpoints } from './store/checkpoints.ts';
import { createVacuum } from './store/vacuum.ts';
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
      const tables = createTables(database, options);
      return { database, tables, checkpoints: createCheckpoints(database, path), vacuum: createVacuum(database) };
    } catch (error) {
      database.close();
      throw toStoreError(path, error);
    }
  };
  let opened = open();

  const replaceDamaged = (reason: string): void => {
    closeAll(opened);
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
    earlierBoot: () => look((tables) => tables.earlierBoot()),
    settleEarlier: (nodes) => change((tables) => tables.settleEarlier(nodes)),
    endEarlierBoot: () => change((tables) => tables.endEarlierBoot()),
    find: (query) => look((tables) => tables.find(query)),
    keysOf: (query) => look((tables) => tables.keysOf(query)),
    load: (keys) => look((tables) => tables.load(keys)),
    childrenOf: (id) => look((tables) => tables.childrenOf(id)),
    gaps: () => look((tables) => tables.gaps()),
    repair: (gap, repairedMs) => change((tables) => tables.repair(gap, repairedMs)),
    heard: () => look((tables) => tables.heard()),
    setHeard: (heard) => change((tables) => tables.setHeard(heard)),
    prune: (now) => {
      const step = change((tables) => tables.pruneStep(now));
      return step.isDone ? { ...step, isDone: change(() => opened.vacuum()) } : step;
    },
    journalBytes: () => sizeOf(`${path}-wal`),
    checkpoint: async () => {
      const own = opened;
      try {
        await own.checkpoints.run();
      } catch (error) {
        if (own === opened && isDamage(error)) replaceDamaged(messageOf(error));
        throw toStoreError(path, error);
      }
    },
    size: () => ({ ...opened.tables.size(), bytes: sizeOf(path) + sizeOf(`${path}-wal`) }),
    close: () => closeAll(opened),
  };
}

interface Opened {
  readonly database: DatabaseSync;
  readonly tables: Tables;
  readonly checkpoints: Checkpoints;
  readonly vacuum: () => boolean;
}

function closeAll({ database, checkpoints }: Opened): void {
  checkpoints.stop();
  database.close();
  checkpoints.close();
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function isDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  return code === sqliteCodes.corrupt || code === sqliteCodes.notADatabase;
}
