/** Where the lineage hears of processes: the connector, audit, /proc, fanotify. One interface for all, and one contract suite. */
import type { LineageEvent, LineageSource } from './lineage-event.ts';

export interface SourceStatus {
  readonly source: LineageSource;
  /** Whether it tells anything now. */
  readonly isWorking: boolean;
  /** What it lacks here, or why it does not work, for people; undefined = nothing. */
  readonly lacks: string | undefined;
  readonly events: number;
  readonly gaps: number;
  readonly drops: number;
  /** All before this (CLOCK_BOOTTIME ns) has been told. */
  readonly watermarkNs: number;
}

/** A number for a new run of a source, for ever unique in the store. */
export type NextStream = () => number;

export interface SourceOptions {
  readonly onEvents: (events: readonly LineageEvent[]) => void;
  readonly log: (text: string) => void;
  readonly nextStream: NextStream;
}

export interface OpenedSource {
  readonly start: () => Promise<void>;
  /** Everything that was changed in the kernel is as it was before. */
  readonly stop: () => Promise<void>;
  readonly status: () => SourceStatus;
}
