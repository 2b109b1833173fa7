/** Time as it is injected everywhere: tests bring their own. */
export interface Clock {
  /** Wall time in milliseconds since 1970, UTC. */
  readonly nowMs: () => number;
  /** Monotonic time in milliseconds, for durations and deadlines. */
  readonly monotonicMs: () => number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
