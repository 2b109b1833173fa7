export interface BackOff {
  /** How long to wait before the next attempt: twice as long as before the last, up to a limit. */
  readonly nextMs: () => number;
  /** After a success. */
  readonly reset: () => void;
}

export function createBackOff(leastMs: number, mostMs: number): BackOff {
  let waitMs = leastMs;
  return {
    nextMs: () => {
      const now = waitMs;
      waitMs = Math.min(mostMs, waitMs * 2);
      return now;
    },
    reset: () => {
      waitMs = leastMs;
    },
  };
}
