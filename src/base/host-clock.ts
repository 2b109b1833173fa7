import type { Clock } from './clock.ts';

/** Like systemClock, but the monotonic time is the host's (CLOCK_MONOTONIC): all processes since a boot can compare theirs. */
export const hostClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
};
