import type { LineageSource } from '../lineage-event.ts';
import type { HostTimes } from './host-times.ts';

/** What every event of a source begins with. */
export interface Stamped {
  readonly source: LineageSource;
  readonly stream: number;
  readonly seq: number;
  readonly atNs: number;
  readonly slackNs: number;
  readonly wallMs: number;
}

export interface EventStamp {
  /** A new run: seq begins at 1 again. */
  readonly begin: (stream: number) => void;
  /** The next event of this run, at that CLOCK_BOOTTIME. */
  readonly at: (atNs: number, slackNs?: number) => Stamped;
  /** Events of all runs. */
  readonly count: () => number;
}

/** Numbers the events of a source, and says their time in both clocks. */
export function createEventStamp(source: LineageSource, times: HostTimes): EventStamp {
  let stream = 0;
  let seq = 0;
  let before = 0;
  return {
    begin: (next) => {
      before += seq;
      stream = next;
      seq = 0;
    },
    at: (atNs, slackNs = 0) => ({ source, stream, seq: ++seq, atNs, slackNs, wallMs: times.bootToWall(atNs) }),
    count: () => before + seq,
  };
}
