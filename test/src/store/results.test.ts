import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countCommands, createAction, findAction, listActions, setActionStatus } from '../../../src/store/actions.ts';
import { createCommands, finishCommand, readCommands, reviseCommand } from '../../../src/store/commands.ts';
import { closeStore, openMemoryStore, type Store } from '../../../src/store/open-store.ts';
import { countFindings, readResults, storeReport } from '../../../src/store/results.ts';
import { emptyDraft } from '../../../src/console/draft.ts';
import { agentInfo, hostnameResult } from '../../helpers/fake-link.ts';

let store: Store;
let action = 0;
beforeEach(() => {
  store = openMemoryStore();
  action = createAction(store, {
    ref: 'ref-1',
    action: { ...emptyDraft, name: 'who', target: 'local', operations: [{ module: 'example', parameters: {} }] },
    investigator: 'julien',
    nowMs: 1000,
    expireAfterMs: 9000,
  });
  createCommands(store, action, [agentInfo('web-01'), agentInfo('web-02')], 1000);
});
afterEach(() => closeStore(store));

const key = (reportN: number, n = 1) => ({ action, n, reportN });

describe('actions and commands', () => {
  test('count up from 1 within the case', () => {
    expect(action).toBe(1);
    expect([...readCommands(store, { action })].map(({ n, agent, status }) => [n, agent.name, status])).toEqual([
      [1, 'web-01', 'sent'],
      [2, 'web-02', 'sent'],
    ]);
  });

  test('give counters that add up', () => {
    finishCommand(store, { action, n: 1 }, { status: 'success', nowMs: 2000 });
    expect(countCommands(store, action)).toEqual({
      sent: 2,
      done: 1,
      inflight: 1,
      success: 1,
      cancelled: 0,
      expired: 0,
      failed: 0,
      timeout: 0,
    });
  });

  test('are found by name, status and agent', () => {
    setActionStatus(store, action, 'inflight', 1000);
    expect(listActions(store, { name: 'WH%' })).toHaveLength(1);
    expect(listActions(store, { status: 'completed' })).toHaveLength(0);
    expect(listActions(store, { agent: '%-02', afterMs: 1000, beforeMs: 1000 })).toHaveLength(1);
    expect([...readCommands(store, { agent: 'web-0%', status: 'sent', actionName: 'who', limit: 1 })]).toHaveLength(1);
    expect(findAction(store, 2)).toBeUndefined();
  });

  test('keep their first final status unless the agent itself answers late', () => {
    expect(finishCommand(store, { action, n: 1 }, { status: 'expired', error: 'silent', nowMs: 2000 })).toBe(true);
    expect(finishCommand(store, { action, n: 1 }, { status: 'success', nowMs: 3000 })).toBe(false);
    reviseCommand(store, { action, n: 1 }, { status: 'success', nowMs: 3000 });
    expect([...readCommands(store, { action, n: 1 })][0]?.status).toBe('success');
  });
});

describe('reports', () => {
  test('are stored once, whatever is sent again', () => {
    const hits = { kind: 'hits', operation: 0, elements: { hostname: 'a' } } as const;
    expect(storeReport(store, key(1), hits, 1)).toBe(true);
    expect(storeReport(store, key(1), hits, 1)).toBe(false);
    expect(storeReport(store, key(1, 2), hits, 1)).toBe(true);
    expect(countFindings(store, action)).toEqual({ results: 0, hits: 2 });
  });

  test('of hits count each finding in them, whatever the module', () => {
    storeReport(
      store,
      key(1),
      { kind: 'hits', operation: 0, elements: { s1: [{ file: 'a' }, { file: 'b' }], s2: [{}] } },
      1,
    );
    storeReport(store, key(2), { kind: 'hits', operation: 0, elements: { listeningport: { 22: [{}], 80: null } } }, 1);
    storeReport(store, key(3), { kind: 'hits', operation: 0, elements: null }, 1);
    expect(countFindings(store, action)).toEqual({ results: 0, hits: 4 });
  });

  test('of hits are kept until the result replaces them', () => {
    storeReport(store, key(1), { kind: 'hits', operation: 0, elements: { hostname: 'early' } }, 1);
    expect([...readResults(store, { action, n: 1 })]).toMatchObject([
      { status: 'sent', partial: true, result: { foundanything: true, elements: { hostname: 'early' } } },
    ]);
    storeReport(store, key(2), hostnameResult('final'), 2);
    expect([...readResults(store, { action, n: 1 })]).toMatchObject([
      { status: 'success', partial: false, result: { elements: { hostname: 'final' } } },
    ]);
    expect(countFindings(store, action)).toEqual({ results: 1, hits: 0 });
  });

  test('that refuse the action end the command with the reason', () => {
    const error = { code: 'ACTION_INVALID', message: 'expected a name', hint: 'Name it.' };
    storeReport(store, key(1), { kind: 'refused', error }, 1);
    expect([...readCommands(store, { action, n: 1 })][0]).toMatchObject({
      status: 'failed',
      error: 'expected a name (Name it.)',
    });
  });

  test('of many hits are read in order', () => {
    for (let at = 1; at <= 1200; at++) {
      storeReport(store, key(at), { kind: 'hits', operation: 0, elements: { hostname: `h${at}` } }, at);
    }
    const names = [...readResults(store, { action, n: 1 })].map(({ result }) => result.elements);
    expect(names).toHaveLength(1200);
    expect([names[0], names[1199]]).toEqual([{ hostname: 'h1' }, { hostname: 'h1200' }]);
  });
});
