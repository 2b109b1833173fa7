import type { Store } from './open-store.ts';

const maxLines = 10_000;
const maxLineLength = 10_000;

/** Keeps a typed line; a repeat of the last one and a monstrous one are left out. */
export function addHistory(store: Store, line: string, nowMs: number): void {
  if (line.trim() === '' || line.length > maxLineLength) return;
  const last = store.database.prepare('SELECT line FROM history ORDER BY id DESC LIMIT 1').get();
  if (last?.['line'] === line) return;
  const { lastInsertRowid } = store.database
    .prepare('INSERT INTO history (line, at_ms) VALUES (?, ?)')
    .run(line, nowMs);
  store.database.prepare('DELETE FROM history WHERE id <= ?').run(Number(lastInsertRowid) - maxLines);
}

/** The newest lines, oldest first. */
export function readHistory(store: Store, limit: number): readonly string[] {
  return store.database
    .prepare('SELECT line FROM history ORDER BY id DESC LIMIT ?')
    .all(limit)
    .map((row) => String(row['line']))
    .reverse();
}
