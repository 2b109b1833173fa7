import type { HeartbeatLimits } from './heartbeat.ts';
import type { PaceLimits } from './pace.ts';

export interface ReaderLimits extends HeartbeatLimits, PaceLimits {
  readonly reopenLeastMs: number;
  readonly reopenMostMs: number;
}

export const readerLimits: ReaderLimits = {
  calmPauseUs: 500,
  pauseUs: 2500,
  calmPerSecond: 400,
  quietMs: 10_000,
  repeatMs: 5000,
  mostMissed: 3,
  reopenLeastMs: 50,
  reopenMostMs: 5000,
};
