import type { Clock } from '../../src/base/clock.ts';

/** The timer of the looking: one look at a time, no sooner than something is due. */
export interface Looks {
  /** Call it whenever something may have become due sooner. */
  readonly schedule: () => void;
  readonly stop: () => void;
}

const soonestMs = 10;
const latestMs = 60_000;

export function createLooks(options: {
  readonly look: () => Promise<void>;
  /** When something is due; undefined where nothing waits. */
  readonly nextMs: () => number | undefined;
  readonly settleMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: (error: unknown) => void;
}): Looks {
  const { look, nextMs, settleMs, clock, signal, report } = options;
  let timer: NodeJS.Timeout | undefined;
  let dueMs = 0;
  let isLooking = false;

  const schedule = (): void => {
    if (isLooking || signal.aborted) return;
    const nowMs = clock.monotonicMs();
    // What happens now settles no sooner than this: the time of the others need not be looked for, ten thousand times a second.
    if (timer && dueMs <= nowMs + settleMs) return;
    const next = nextMs();
    clearTimeout(timer);
    timer = undefined;
    if (next === undefined) return;
    const afterMs = Math.min(Math.max(soonestMs, next - nowMs), latestMs);
    dueMs = nowMs + afterMs;
    timer = setTimeout(() => {
      timer = undefined;
      isLooking = true;
      void look()
        .catch(report)
        .finally(() => {
          isLooking = false;
          schedule();
        });
    }, afterMs);
  };
  return { schedule, stop: () => clearTimeout(timer) };
}
