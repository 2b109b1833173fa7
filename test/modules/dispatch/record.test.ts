import { expect, test } from 'vitest';
import { createRecord, wrapForMozdef } from '../../../modules/dispatch/record.ts';
import { readAgentId } from '../../../modules/dispatch/persist.ts';

const host = { hostname: 'h', environment: { os: 'linux', more: 1 }, tags: { a: 'b' } };
const queued = (message: string) => ({
  seq: 1,
  agent: 'me',
  n: 3,
  module: 'audit',
  at: '2026-01-01T00:00:00Z',
  message,
});

test("a record has MIG's four keys as they are, and which alert it is", () => {
  expect(createRecord(host, queued('{"Serial":5,"Data":{"k":"100%d"}}'))).toEqual({
    hostname: 'h',
    environment: { os: 'linux', more: 1 },
    tags: { a: 'b' },
    event: { Serial: 5, Data: { k: '100%d' } },
    id: 'me-3',
    module: 'audit',
    at: '2026-01-01T00:00:00Z',
  });
});

test('an alert that is no JSON is an event of its own, not the one before it', () => {
  expect(createRecord(host, queued('100% {broken')).event).toEqual({ severity: 'unknown', alert: '100% {broken' });
});

test("MozDef's event has the record in its details", () => {
  const record = createRecord(host, queued('{}'));
  expect(wrapForMozdef(record, { pid: 5 })).toEqual({
    timestamp: '2026-01-01T00:00:00Z',
    category: 'mig',
    hostname: 'h',
    processid: 5,
    processname: 'gumshoe-agent',
    severity: 'INFO',
    source: '',
    summary: 'mig dispatch event',
    tags: ['mig-dispatch'],
    details: record,
  });
});

test("the agent's identity stands in the mark of its processes", () => {
  expect(readAgentId('0f3k:dispatch')).toBe('0f3k');
  expect(readAgentId('root@a:b:dispatch')).toBe('root@a:b');
  expect(readAgentId(undefined)).toBeUndefined();
});
