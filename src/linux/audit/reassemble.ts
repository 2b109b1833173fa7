/**
 * Puts the records of audit together to events, by serial. Records of different events come mixed, and events may end in another order than they began:
 * they are told in the order of their serials. An event ends with its last record (endsEvent), or when it is older than a limit. A serial that is missing is
 * waited for a short while, then told as a gap. Source of the method: auparse of the audit tools, go-libaudit's Reassembler. Pure but for the clock.
 */
import type { Clock } from '../../base/clock.ts';
import type { AuditRecord } from './parse-record.ts';
import { endsEvent, recordTypes } from './record-types.ts';

/**
 * | limit      | default | what happens when it is reached                                                        |
 * |------------|---------|----------------------------------------------------------------------------------------|
 * | timeoutMs  | 1 s     | an event whose last record has not come is told as it is, incomplete                    |
 * | gapMs      | 300 ms  | a serial that has not come is told as missing                                           |
 * | maxEvents  | 4096    | the oldest event in flight is told as if its time were over                             |
 * | maxBytes   | 2 MiB   | further records of one event are counted, not kept                                      |
 */
export interface ReassemblyLimits {
  readonly timeoutMs: number;
  readonly gapMs: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export const reassemblyLimits: ReassemblyLimits = {
  timeoutMs: 1000,
  gapMs: 300,
  maxEvents: 4096,
  maxBytes: 2 * 1024 * 1024,
};

export interface RecordGroup {
  readonly serial: number;
  readonly timestamp: string;
  readonly records: readonly AuditRecord[];
  /** False where its last record did not come in time, or records were too much to keep. */
  readonly isComplete: boolean;
  /** It came after it had been told as missing: the gap was smaller by one. */
  readonly isLate: boolean;
}

export interface Gap {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface Reassembler {
  readonly push: (record: AuditRecord) => void;
  /** Tells what is ready by now: call it again and again, also when nothing comes. */
  readonly flush: () => void;
  /** Tells everything at once. */
  readonly end: () => void;
  readonly inFlight: () => number;
  /** The timestamp of the oldest event that is not told yet; undefined where all are. */
  readonly oldest: () => string | undefined;
}

interface Pending {
  readonly serial: number;
  readonly timestamp: string;
  readonly records: AuditRecord[];
  readonly sinceMs: number;
  bytes: number;
  isEnded: boolean;
  isCut: boolean;
}

/** How far `to` is ahead of `from` on the ring of 2^32 serials; negative when it is behind. */
export function serialDistance(from: number, to: number): number {
  return (to - from) | 0;
}

export function createReassembler(options: {
  readonly clock: Clock;
  readonly onEvent: (event: RecordGroup) => void;
  readonly onGap: (gap: Gap) => void;
  readonly limits?: Partial<ReassemblyLimits>;
}): Reassembler {
  const { clock, onEvent, onGap } = options;
  const limits = { ...reassemblyLimits, ...options.limits };
  /** In the order of serials; nearly always a record belongs to the end. */
  const pending: Pending[] = [];
  /** Behind their turn, oldest first. */
  const late = new Map<number, Pending>();
  const missing = createMissingSerials();
  let last: number | undefined;

  const tell = (event: Pending, isLate: boolean): void => {
    const isComplete = event.isEnded && !event.isCut && event.records.length > 0;
    onEvent({ serial: event.serial, timestamp: event.timestamp, records: event.records, isComplete, isLate });
  };

  const flush = (isForced = false): void => {
    let ready = 0;
    for (const event of pending) {
      const ageMs = clock.monotonicMs() - event.sinceMs;
      const isCrowded = isForced || pending.length - ready > limits.maxEvents;
      if (!event.isEnded && ageMs < limits.timeoutMs && !isCrowded) break;
      const skipped = last === undefined ? 0 : serialDistance(last, event.serial) - 1;
      if (skipped > 0) {
        if (ageMs < limits.gapMs && !isCrowded) break;
        const gap = { first: (event.serial - skipped) >>> 0, last: (event.serial - 1) >>> 0, count: skipped };
        missing.add(gap);
        onGap(gap);
      }
      last = event.serial;
      ready++;
      tell(event, false);
    }
    if (ready > 0) pending.splice(0, ready);
  };

  const find = (serial: number): { readonly at: number; readonly event: Pending | undefined } => {
    let at = pending.length;
    for (; at > 0; at--) {
      const event = pending[at - 1] as Pending;
      const ahead = serialDistance(event.serial, serial);
      if (ahead === 0) return { at: at - 1, event };
      if (ahead > 0) break;
    }
    return { at, event: undefined };
  };

  const create = ({ serial, timestamp }: AuditRecord): Pending => {
    const sinceMs = clock.monotonicMs();
    return { serial, timestamp, records: [], sinceMs, bytes: 0, isEnded: false, isCut: false };
  };

  const add = (event: Pending, record: AuditRecord): void => {
    event.bytes += record.body.length;
    if (event.bytes > limits.maxBytes) event.isCut = true;
    else if (record.type !== recordTypes.endOfEvent) event.records.push(record);
    if (endsEvent(record.type)) event.isEnded = true;
  };

  const pushLate = (record: AuditRecord): void => {
    const { serial, type } = record;
    const event = late.get(serial) ?? create(record);
    // The end of an event that was told already, by its PROCTITLE.
    if (type === recordTypes.endOfEvent && event.records.length === 0) return;
    add(event, record);
    if (event.isEnded) {
      late.delete(serial);
      tell(event, missing.take(serial));
    } else late.set(serial, event);
  };

  const flushLate = (isForced: boolean): void => {
    for (const event of late.values()) {
      const isOver = clock.monotonicMs() - event.sinceMs >= limits.timeoutMs || late.size > limits.maxEvents;
      if (!isOver && !isForced) return;
      late.delete(event.serial);
      tell(event, missing.take(event.serial));
    }
  };

  const push = (record: AuditRecord): void => {
    if (last !== undefined && serialDistance(last, record.serial) <= 0) {
      pushLate(record);
      if (late.size > limits.maxEvents) flushLate(false);
      return;
    }
    const found = find(record.serial);
    const event = found.event ?? create(record);
    // Joined in the middle of an event: of the first one its end alone says nothing.
    if (!found.event && last === undefined && record.type === recordTypes.endOfEvent) return;
    if (!found.event) pending.splice(found.at, 0, event);
    add(event, record);
    if (event.isEnded || pending.length > limits.maxEvents) flush();
  };

  return {
    push,
    flush: () => {
      flush();
      flushLate(false);
    },
    end: () => {
      flush(true);
      flushLate(true);
    },
    inFlight: () => pending.length + late.size,
    oldest: () => pending[0]?.timestamp,
  };
}

const maxGaps = 64;

/** The serials told as missing last, as ranges. */
function createMissingSerials() {
  const gaps: { first: number; count: number }[] = [];
  const find = (serial: number) =>
    gaps.find(({ first, count }) => serialDistance(first, serial) >= 0 && serialDistance(first, serial) < count);
  return {
    add: ({ first, count }: Gap): void => {
      gaps.push({ first, count });
      if (gaps.length > maxGaps) gaps.shift();
    },
    /** True once for each serial. */
    take: (serial: number): boolean => {
      const gap = find(serial);
      if (!gap) return false;
      const before = serialDistance(gap.first, serial);
      gaps.splice(gaps.indexOf(gap), 1);
      if (before > 0) gaps.push({ first: gap.first, count: before });
      const behind = gap.count - before - 1;
      if (behind > 0) gaps.push({ first: (serial + 1) >>> 0, count: behind });
      return true;
    },
  };
}
