import { expect, test } from 'vitest';
import { formatAlertMessage, type Alert } from '../../../src/protocol/alert.ts';
import {
  acknowledgeAlerts,
  countAlerts,
  countDropped,
  countUnacknowledged,
  lastAlertOf,
  listAlerts,
  storeAlert,
} from '../../../src/store/alerts.ts';
import { openMemoryStore } from '../../../src/store/open-store.ts';

const web = { id: 'id-web', name: 'web-01' };
const small = { alertsOfAgent: 3, bytesOfAgent: 2000, agents: 2, bytes: 3000 };

function alert(n: number, values: Partial<Alert> = {}): Alert {
  const at = new Date(Date.parse('2026-11-21T10:00:00Z') + n * 1000).toISOString();
  return { n, module: 'fswatch', at, message: formatAlertMessage('high', `change ${n}`), ...values };
}

test('an alert is kept as it came, with what it says', () => {
  const store = openMemoryStore();
  expect(storeAlert(store, web, alert(1), 5000)).toEqual({ id: 1, unacknowledged: 1 });
  expect(listAlerts(store)).toEqual([
    {
      id: 1,
      agent: 'id-web',
      agentName: 'web-01',
      n: 1,
      module: 'fswatch',
      at: '2026-11-21T10:00:01.000Z',
      severity: 'high',
      text: 'change 1',
      message: '{"severity":"high","alert":"change 1"}',
      receivedMs: 5000,
      acknowledgedMs: undefined,
    },
  ]);
  expect(lastAlertOf(store, 'id-web')).toBe(1);
  expect(lastAlertOf(store, 'id-db')).toBeUndefined();
});

test('an alert that comes twice is kept once', () => {
  const store = openMemoryStore();
  storeAlert(store, web, alert(1), 1);
  storeAlert(store, web, alert(2), 1);
  expect(storeAlert(store, web, alert(1), 2)).toBeUndefined();
  expect(storeAlert(store, web, alert(2), 2)).toBeUndefined();
  expect(countAlerts(store)).toBe(2);
});

test('an agent that lost its records and counts from 1 again is heard', () => {
  const store = openMemoryStore();
  storeAlert(store, web, alert(500), 1);
  expect(storeAlert(store, web, alert(1, { at: '2026-11-22T00:00:00Z' }), 2)).toBeDefined();
  expect(lastAlertOf(store, 'id-web')).toBe(1);
});

test('alerts are found by agent, module, severity and whether they are new', () => {
  const store = openMemoryStore();
  storeAlert(store, web, alert(1), 1);
  storeAlert(store, { id: 'id-db', name: 'db-01' }, alert(1, { module: 'audit', message: 'plain words' }), 1);
  const texts = (filter: Parameters<typeof listAlerts>[1]): readonly string[] =>
    listAlerts(store, filter).map(({ text }) => text);
  expect(texts({})).toEqual(['plain words', 'change 1']);
  expect(texts({ agent: 'web-01' })).toEqual(['change 1']);
  expect(texts({ agent: 'id-db' })).toEqual(['plain words']);
  expect(texts({ either: 'audit' })).toEqual(['plain words']);
  expect(texts({ severity: 'unknown' })).toEqual(['plain words']);
  expect(acknowledgeAlerts(store, { id: 1 }, 9)).toBe(1);
  expect(texts({ isNew: true })).toEqual(['plain words']);
  expect(acknowledgeAlerts(store, {}, 9)).toBe(1);
  expect(countUnacknowledged(store)).toBe(0);
});

test('of an agent only the newest are kept, and what was dropped is counted', () => {
  const store = openMemoryStore();
  for (let n = 1; n <= 10; n++) storeAlert(store, web, alert(n), n, small);
  expect(listAlerts(store).map(({ n }) => n)).toEqual([10, 9, 8]);
  expect(countDropped(store)).toBe(7);
  storeAlert(store, web, alert(11, { message: 'x'.repeat(1700) }), 11, small);
  expect(listAlerts(store).map(({ n }) => n)).toEqual([11]);
  expect(lastAlertOf(store, 'id-web')).toBe(11);
});

test('what is new changes by what was dropped too', () => {
  const store = openMemoryStore();
  const changes = [1, 2, 3, 4].map((n) => storeAlert(store, web, alert(n), n, small)?.unacknowledged);
  expect(changes).toEqual([1, 1, 1, 0]);
});

test('an agent under ever new names fills nothing either', () => {
  const store = openMemoryStore();
  for (let at = 0; at < 20; at++) storeAlert(store, { id: `id-${at}`, name: 'liar' }, alert(1), at, small);
  expect(countAlerts(store)).toBe(2);
  expect(countUnacknowledged(store)).toBe(2);
});

test('all agents together have a limit too: whoever has most gives way', () => {
  const store = openMemoryStore();
  const large = 'x'.repeat(1000);
  storeAlert(store, { id: 'id-db', name: 'db-01' }, alert(1, { message: large }), 1, small);
  storeAlert(store, web, alert(1, { message: 'y' }), 2, small);
  const room = { ...small, bytes: 2600 };
  expect(storeAlert(store, web, alert(2, { message: large }), 3, room)?.unacknowledged).toBe(0);
  expect(listAlerts(store).map(({ agentName, n }) => `${agentName} ${n}`)).toEqual(['web-01 2', 'db-01 1']);
});

test('a flood is kept within bounded time and space', () => {
  const store = openMemoryStore();
  const message = '\u001b[2J\n'.repeat(13_000);
  const startedMs = performance.now();
  for (let n = 1; n <= 3000; n++) storeAlert(store, web, alert(n, { message }), n);
  expect(performance.now() - startedMs).toBeLessThan(20_000);
  expect(countAlerts(store) * Buffer.byteLength(message)).toBeLessThanOrEqual(32 * 1024 * 1024);
  expect(countAlerts(store) + countDropped(store)).toBe(3000);
});
