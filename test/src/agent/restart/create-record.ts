import type { RestartRecord } from '../../../../src/agent/restart/restart-record.ts';

/** A restart that was just asked for, at wall time 1,000,000 and monotonic time 50,000. */
export function createRecord(more: Partial<RestartRecord> = {}): RestartRecord {
  return {
    id: 'a:0',
    state: 'accepted',
    requester: 'alice',
    source: 'console',
    requestedAtMs: 1_000_000,
    requestedMonoMs: 50_000,
    timeoutMs: 30_000,
    deadlineMonoMs: 140_000,
    attempt: 1,
    bootId: 'boot-1',
    agent: { pid: 500, startTicks: 5 },
    argvHash: 'hash',
    forced: false,
    notes: [],
    isRefused: false,
    reports: [],
    ...more,
  };
}
