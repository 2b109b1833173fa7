import type { DatabaseSync } from 'node:sqlite';

/** So many pages of 4 KiB a step: some ten milliseconds. */
const pagesAStep = 512;

/** A step of giving pages that nothing stands in back to the file system, which has them when the journal is brought into the database; true when there is no more to do. */
export function createVacuum(database: DatabaseSync): () => boolean {
  const pragma = (name: string): number => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
  let isWorking = false;
  return () => {
    const free = pragma('freelist_count');
    // A few free pages will be used soon; moving them about would only cost.
    isWorking = isWorking ? free > 0 : free * 8 > pragma('page_count');
    if (isWorking) database.exec(`PRAGMA incremental_vacuum(${pagesAStep})`);
    return !isWorking || free <= pagesAStep;
  };
}
