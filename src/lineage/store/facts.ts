import type { DatabaseSync } from 'node:sqlite';

type FactName = 'stream' | 'eventBoot' | 'heardBoot' | 'heardAt' | 'heardWall';

export interface Facts {
  readonly get: (name: FactName) => number | undefined;
  readonly set: (name: FactName, value: number) => void;
}

/** Single numbers that the store must not forget. */
export function createFacts(database: DatabaseSync): Facts {
  const select = database.prepare('SELECT value FROM fact WHERE name = ?');
  const upsert = database.prepare(
    'INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return {
    get: (name) => {
      const row = select.get(name);
      return row ? Number(row['value']) : undefined;
    },
    set: (name, value) => void upsert.run(name, value),
  };
}
