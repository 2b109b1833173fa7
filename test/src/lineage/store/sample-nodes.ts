import type { ExecutionEvent, LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import type { ProcessNode } from '../../../../src/lineage/process-node.ts';

export const bootId = '11111111-2222-3333-4444-555555555555';
/** UTC of the boot in samples. */
export const bootMs = 1_700_000_000_000;

export function told(
  seq: number,
  atMs: number,
): Pick<ExecutionEvent, 'source' | 'stream' | 'seq' | 'atNs' | 'slackNs' | 'wallMs'> {
  return { source: 'connector', stream: 1, seq, atNs: atMs * 1e6, slackNs: 0, wallMs: bootMs + atMs };
}

/** A life as the connector tells it. */
export function eventsOf(
  seq: number,
  pid: number,
  parentPid: number,
  bornMs: number,
  endedMs: number,
): readonly LineageEvent[] {
  return [
    { kind: 'birth', ...told(seq, bornMs), pid, parentPid },
    { kind: 'exec', ...told(seq + 1, bornMs), pid, tid: pid },
    { kind: 'exit', ...told(seq + 2, endedMs), pid, tid: pid, status: 0, reaperPid: parentPid },
  ];
}

export function sampleNode(
  id: string,
  pid: number,
  bornMs: number,
  endedMs: number,
  more: Partial<ProcessNode> = {},
): ProcessNode {
  const moment = (atMs: number) => ({ atNs: atMs * 1e6, wallMs: bootMs + atMs, how: 'observed' }) as const;
  return {
    id,
    pid,
    bootId,
    startTicks: Math.floor(bornMs / 10),
    state: 'exited',
    start: moment(bornMs),
    end: { ...moment(endedMs), code: 0, reason: 'exited' },
    children: [],
    executions: [],
    executionCount: 0,
    failedExecutions: [],
    isKernelThread: false,
    threads: 0,
    threadsEver: 1,
    files: [],
    fileCount: 0,
    marks: [],
    revision: 0,
    ...more,
  };
}
