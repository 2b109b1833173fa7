/** The launcher's drafts: saved at every change, so that one survives its console. */
import { checkAction, type Action } from '../protocol/action.ts';
import { deadOwners } from './owners.ts';
import { transact, type Store } from './open-store.ts';

export interface StoredDraft {
  readonly id: number;
  readonly action: Action;
  readonly savedMs: number;
}

/** Saves a draft under its id, or under a new one; returns the id. */
export function saveDraft(store: Store, id: number | undefined, action: Action, nowMs: number): number {
  const body = JSON.stringify(action);
  if (id !== undefined) {
    const { changes } = store.database
      .prepare('UPDATE draft SET body = ?, saved_ms = ? WHERE id = ?')
      .run(body, nowMs, id);
    if (Number(changes) > 0) return id;
  }
  const { lastInsertRowid } = store.database
    .prepare('INSERT INTO draft (body, saved_ms, owner) VALUES (?, ?, ?)')
    .run(body, nowMs, store.owner);
  return Number(lastInsertRowid);
}

export function removeDraft(store: Store, id: number): void {
  store.database.prepare('DELETE FROM draft WHERE id = ?').run(id);
}

/** The newest draft whose console has ended, which now belongs to this one; undefined when there is none. */
export function adoptDraft(store: Store): StoredDraft | undefined {
  return transact(store, () => {
    const rows = store.database.prepare('SELECT * FROM draft WHERE owner <> ? ORDER BY id DESC').all(store.owner);
    const dead = deadOwners(
      store.database,
      rows.map((row) => Number(row['owner'])),
    );
    const row = rows.find((candidate) => dead.has(Number(candidate['owner'])));
    if (!row) return undefined;
    const id = Number(row['id']);
    store.database.prepare('UPDATE draft SET owner = ? WHERE id = ?').run(store.owner, id);
    const { action } = checkAction(JSON.parse(String(row['body'])));
    return { id, action, savedMs: Number(row['saved_ms']) };
  });
}
