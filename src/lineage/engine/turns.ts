import type { EngineLimits } from './limits.ts';

/** Calls the work every so often until it is told to stop. */
export type Schedule = (work: () => void, everyMs: number) => () => void;

export interface Turns {
  readonly start: (schedule?: Schedule) => void;
  readonly stop: () => void;
}

/** One timer for all that is done now and then: what is due is done in this order, and nothing is done twice for a turn that came late. */
export function createTurns({
  monotonicMs,
  limits,
  write,
  settle,
  sweep,
  heard,
  prune,
}: {
  readonly monotonicMs: () => number;
  readonly limits: EngineLimits;
} & Readonly<Record<'write' | 'settle' | 'sweep' | 'heard' | 'prune', () => void>>): Turns {
  const beganMs = monotonicMs();
  const jobs = [
    { work: write, everyMs: 0, lastMs: beganMs },
    { work: settle, everyMs: limits.settleMs, lastMs: beganMs },
    { work: sweep, everyMs: limits.sweepMs, lastMs: beganMs },
    { work: heard, everyMs: limits.heardMs, lastMs: beganMs },
    { work: prune, everyMs: limits.pruneMs, lastMs: beganMs },
  ];
  let end: (() => void) | undefined;
  const turn = (): void => {
    const nowMs = monotonicMs();
    for (const job of jobs) {
      if (nowMs - job.lastMs < job.everyMs) continue;
      job.lastMs = nowMs;
      job.work();
    }
  };
  return {
    start: (schedule = everyInterval) => (end = schedule(turn, limits.turnMs)),
    stop: () => {
      end?.();
      end = undefined;
    },
  };
}

const everyInterval: Schedule = (work, everyMs) => {
  const timer = setInterval(work, everyMs);
  return () => clearInterval(timer);
};
