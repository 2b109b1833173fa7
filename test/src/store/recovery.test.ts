import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { emptyDraft } from '../../../src/console/draft.ts';
import { createAction, findAction, recoverActions, setActionStatus } from '../../../src/store/actions.ts';
import { createCommands, readCommands } from '../../../src/store/commands.ts';
import { adoptDraft, removeDraft, saveDraft } from '../../../src/store/drafts.ts';
import { addHistory, readHistory } from '../../../src/store/history.ts';
import { closeStore, openMemoryStore, type Store } from '../../../src/store/open-store.ts';
import { agentInfo } from '../../helpers/fake-link.ts';

/** A process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** The store as another console, which has ended meanwhile, used it. */
function asDeadConsole(store: Store): Store {
  const { lastInsertRowid } = store.database
    .prepare('INSERT INTO owner (pid, start) VALUES (?, ?)')
    .run(deadPid(), '12345');
  return { ...store, owner: Number(lastInsertRowid) };
}

function launch(store: Store): number {
  const action = { ...emptyDraft, name: 'who', target: 'local' };
  const id = createAction(store, { ref: `ref-${store.owner}`, action, investigator: 'j', nowMs: 1, expireAfterMs: 9 });
  createCommands(store, id, [agentInfo('web-01')], 1);
  setActionStatus(store, id, 'inflight', 1);
  return id;
}

describe('what a console left behind', () => {
  test('is given to the next one, once, and its open commands say why they failed', () => {
    const store = openMemoryStore();
    const id = launch(asDeadConsole(store));
    expect(recoverActions(store, 'the console ended', 5).map((one) => [one.id, one.status])).toEqual([
      [id, 'inflight'],
    ]);
    expect(recoverActions(store, 'the console ended', 5)).toEqual([]);
    expect(findAction(store, id)?.status).toBe('completed');
    expect([...readCommands(store, { action: id })]).toMatchObject([{ status: 'failed', error: 'the console ended' }]);
    closeStore(store);
  });

  test('stays with a console that is still at work', () => {
    const store = openMemoryStore();
    launch(store);
    expect(recoverActions(store, 'the console ended', 5)).toEqual([]);
    closeStore(store);
  });

  test('is a draft as well: the newest is taken over', () => {
    const store = openMemoryStore();
    const dead = asDeadConsole(store);
    saveDraft(dead, undefined, { ...emptyDraft, name: 'older' }, 1);
    const id = saveDraft(dead, undefined, { ...emptyDraft, name: 'newer' }, 2);
    expect(saveDraft(dead, id, { ...emptyDraft, name: 'newest' }, 3)).toBe(id);
    const adopted = adoptDraft(store);
    expect(adopted).toMatchObject({ id, action: { name: 'newest' }, savedMs: 3 });
    removeDraft(store, id);
    expect(adoptDraft(store)?.action.name).toBe('older');
    expect(adoptDraft(store)).toBeUndefined();
    closeStore(store);
  });

  test('is no draft of a console that is still at work', () => {
    const store = openMemoryStore();
    saveDraft(store, undefined, emptyDraft, 1);
    expect(adoptDraft(store)).toBeUndefined();
    closeStore(store);
  });
});

describe('history', () => {
  test('keeps lines in order, without repeats, blanks and monsters', () => {
    const store = openMemoryStore();
    for (const line of ['a', 'a', ' ', 'b', 'x'.repeat(10_001)]) addHistory(store, line, 1);
    expect(readHistory(store, 10)).toEqual(['a', 'b']);
    expect(readHistory(store, 1)).toEqual(['b']);
    closeStore(store);
  });
});
