import type { HeartbeatLimits } from './heartbeat.ts';

export interface ReaderLimits extends HeartbeatLimits {
  /** Between batches, so that one wake-up serves many events. */
  readonly pauseUs: number;
  readonly reopenLeastMs: number;
  readonly reopenMostMs: number;
}

export const readerLimits: ReaderLimits = {
  pauseUs: 2000,
  quietMs: 10_000,
  repeatMs: 5000,
  mostMissed: 3,
  reopenLeastMs: 50,
  reopenMostMs: 5000,
};
