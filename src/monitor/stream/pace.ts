/**
 * How long to pause between batches. On a calm host hardly: what a process runs can be read from /proc for as long as it lives, and many live for less than two milliseconds. On a busy
 * one longer, so that one wake-up serves many events: waking up is what costs.
 */
export interface Pace {
  /** For how long to pause after a batch, in microseconds. */
  readonly nextUs: (events: number, nowNs: number) => number;
}

export interface PaceLimits {
  readonly calmPauseUs: number;
  readonly pauseUs: number;
  /** Up to so many events a second a host is calm. */
  readonly calmPerSecond: number;
}

const windowNs = 50e6;

export function createPace({ calmPauseUs, pauseUs, calmPerSecond }: PaceLimits): Pace {
  const calmInWindow = (calmPerSecond * windowNs) / 1e9;
  let sinceNs = 0;
  let events = 0;
  let isCalm = true;
  return {
    nextUs: (more, nowNs) => {
      events += more;
      // Busy as soon as there were too many, calm after a window in which there were not.
      if (events > calmInWindow) isCalm = false;
      if (nowNs - sinceNs >= windowNs) {
        isCalm = events <= calmInWindow;
        [sinceNs, events] = [nowNs, 0];
      }
      return isCalm ? calmPauseUs : pauseUs;
    },
  };
}
