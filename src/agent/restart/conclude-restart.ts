import type { RestartOutcome, RestartVerdict } from '../../protocol/restart-outcome.ts';
import type { OperationEnd } from '../run-operation.ts';
import type { RestartProgress } from './restart-desk.ts';
import { hasVerdict, type RestartRecord } from './restart-record.ts';

const maxReason = 4096;

/** What a record says to whoever asks what became of the restart. */
export function describeProgress(record: RestartRecord): RestartProgress {
  if (!hasVerdict(record)) return { state: 'inProgress', end: undefined };
  return { state: record.state as RestartVerdict, end: concludeRestart(record) };
}

/** The end of the operation, from a record that has its verdict. Only a restart that is a success in all respects succeeded. */
export function concludeRestart(record: RestartRecord): OperationEnd {
  const isSuccess = record.state === 'success';
  const what = record.module === undefined ? 'agentrestart' : `agentrestart ${record.module}`;
  const reasons = record.reason === undefined ? [] : [`${what}: ${record.state}: ${record.reason}`];
  const errors = [...reasons, ...record.notes.map((note) => `${what}: ${note}`)];
  return {
    status: isSuccess ? 'success' : 'failed',
    partial: false,
    durationMs: record.durationMs ?? 0,
    result: {
      foundanything: isSuccess,
      success: isSuccess,
      elements: outcomeOf(record),
      statistics: null,
      errors: errors.length === 0 ? null : errors,
    },
  };
}

function outcomeOf(record: RestartRecord): RestartOutcome {
  return {
    state: record.state as RestartVerdict,
    ...given('module', record.module),
    ...given('oldpid', record.oldPid),
    ...given('newpid', record.newPid),
    ...given('durationms', record.durationMs),
    forced: record.forced,
    ...given('method', record.method),
    ...given('unit', record.unit),
    requester: record.requester.slice(0, 1024),
    source: record.source,
    requestedat: new Date(record.requestedAtMs).toISOString(),
    ...given('reason', record.reason?.slice(0, maxReason)),
  };
}

function given<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
