import type { Store } from './open-store.ts';

/** Settings of the case by name, as text. */
export function readSettings(store: Store): ReadonlyMap<string, string> {
  return new Map(
    store.database
      .prepare('SELECT name, value FROM setting')
      .all()
      .map((row) => [String(row['name']), String(row['value'])]),
  );
}

export function saveSetting(store: Store, name: string, value: string): void {
  store.database.prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)').run(name, value);
}
