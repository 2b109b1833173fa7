/** From audit's records to events of the lineage: put together by serial, read, stamped; what is missing becomes gaps. Pure but for the clocks. */
import type { Clock } from '../../base/clock.ts';
import type { AuditRecord } from '../../linux/audit/parse-record.ts';
import { createReassembler, type RecordGroup } from '../../linux/audit/reassemble.ts';
import { recordTypes } from '../../linux/audit/record-types.ts';
import type { LineageEvent } from '../lineage-event.ts';
import type { nameCall } from './audit-calls.ts';
import type { EventStamp } from './event-stamp.ts';
import type { HostTimes } from './host-times.ts';
import { readAuditEvent } from './read-audit-event.ts';

/**
 * Audit says when a call was entered, by the clock of the last tick: at most 10 ms before (a kernel of 100 ticks a second; most have 250 or 1,000), cut to
 * milliseconds; and the two clocks are compared to less than one.
 */
const beforeNs = 1e6;
const slackNs = 12e6;
/** From the call to the socket, while nobody is late: the kernel's own queue, and the pause between two looks. */
const lagNs = 60e6;

export interface ListenerOptions {
  readonly calls: Parameters<typeof nameCall>[0];
  readonly maxArgBytes: number;
  readonly times: HostTimes;
  readonly clock: Clock;
  readonly stamp: EventStamp;
  readonly onEvents: (events: readonly LineageEvent[]) => void;
  /** Whether the number that a clone returned is one of the reader's pid namespace: it is one of the caller's. */
  readonly isOurNumber: (pid: number) => boolean;
  /** Somebody added or deleted a rule. */
  readonly onRulesChanged: () => void;
}

export interface AuditListener {
  readonly onRecord: (record: AuditRecord) => void;
  readonly onOverrun: (records: number) => void;
  readonly onPause: (isDrained: boolean) => void;
  readonly onGap: (fromNs: number, reason: string, drops?: number) => void;
  /** Tells what is in flight. */
  readonly end: () => void;
  readonly counts: () => { readonly records: number; readonly gaps: number; readonly drops: number };
  readonly watermarkNs: () => number;
}

export function createAuditListener(options: ListenerOptions): AuditListener {
  const { calls, maxArgBytes, times, clock, stamp, onEvents } = options;
  const counts = { records: 0, gaps: 0, drops: 0 };
  let events: LineageEvent[] = [];
  let lastToldNs = times.bootNs();
  let lastDrainedNs = lastToldNs;
  let watermarkNs = 0;

  const toBoot = (timestamp: string): number => times.wallToBoot(Number(timestamp) * 1000) - beforeNs;
  const onGap = (fromNs: number, reason: string, drops?: number): void => {
    counts.gaps++;
    const untilNs = Math.max(times.bootNs(), fromNs);
    // A call is recorded when it is over, and numbered then: what was lost behind an event may have been called before it.
    events.push({
      kind: 'gap',
      ...stamp.at(fromNs - lagNs),
      untilNs,
      ...(drops === undefined ? {} : { drops }),
      reason,
    });
  };
  const onEvent = ({ records, timestamp }: RecordGroup): void => {
    const fact = readAuditEvent(records, { calls, maxArgBytes });
    const atNs = toBoot(timestamp);
    lastToldNs = Math.max(lastToldNs, atNs);
    if (!fact || (fact.kind === 'clone' && !options.isOurNumber(fact.pid))) return;
    events.push({ ...fact, ...stamp.at(atNs, slackNs) });
  };
  const reassembler = createReassembler({
    clock,
    onEvent,
    onGap: ({ count }) => {
      counts.drops += count;
      onGap(lastToldNs, 'events of audit never came: their serials are missing', count);
    },
  });
  const flush = (): void => {
    if (events.length === 0) return;
    const told = events;
    events = [];
    onEvents(told);
  };
  return {
    onRecord: (record) => {
      counts.records++;
      if (record.type === recordTypes.configChange && /\bop=(add|remove)_rule\b/.test(record.body)) {
        options.onRulesChanged();
      }
      reassembler.push(record);
    },
    onOverrun: (records) => onGap(lastDrainedNs, 'the buffer for records of audit was full', records || undefined),
    onPause: (isDrained) => {
      times.refresh();
      reassembler.flush();
      flush();
      const oldest = reassembler.oldest();
      if (oldest !== undefined) watermarkNs = Math.max(watermarkNs, toBoot(oldest));
      if (!isDrained) return;
      lastDrainedNs = times.bootNs();
      if (oldest === undefined) watermarkNs = Math.max(watermarkNs, lastDrainedNs - lagNs);
    },
    onGap: (fromNs, reason, drops) => {
      onGap(fromNs, reason, drops);
      flush();
    },
    end: () => {
      reassembler.end();
      flush();
    },
    counts: () => counts,
    watermarkNs: () => watermarkNs,
  };
}
