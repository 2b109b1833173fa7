/** Looks at /proc after each gap, and now and then: what was missed is found, and what is gone is known to be gone. */
import { messageOf } from '../../base/app-error.ts';
import type { GapEvent } from '../lineage-event.ts';

export interface RepairOptions {
  readonly sweep: () => Promise<unknown>;
  readonly onRepaired: (gaps: readonly GapEvent[]) => void;
  readonly monotonicMs: () => number;
  readonly log: (text: string) => void;
}

export interface Repair {
  /** /proc is to be looked at because of this gap. */
  readonly need: (gap: GapEvent) => void;
  /** Looks now, or once more when the look that runs is over. Resolves when a look that began after this call is over. */
  readonly look: () => Promise<void>;
  /** Begins a look where one is due. To be called often. */
  readonly turn: () => void;
  /** A look because of a gap goes on. */
  readonly isUrgent: () => boolean;
  readonly sweeps: () => number;
  /** Waits for what runs. */
  readonly stop: () => Promise<void>;
}

/** A host that loses events all the time is not helped by looks without end: between two of them passes at least as long as one took, up to this. */
const longestRestMs = 500;

export function createRepair({ sweep, onRepaired, monotonicMs, log }: RepairOptions): Repair {
  let gaps: GapEvent[] = [];
  let running: Promise<void> | undefined;
  let restUntilMs = 0;
  let sweeps = 0;
  let isUrgent = false;
  let isStopped = false;

  const run = async (): Promise<void> => {
    // Those alone that were told before it began.
    const repaired = gaps;
    gaps = [];
    isUrgent = repaired.length > 0;
    const beganMs = monotonicMs();
    try {
      await sweep();
      sweeps++;
      if (repaired.length > 0) onRepaired(repaired);
    } catch (error) {
      log(`/proc could not be looked at: ${messageOf(error)}`);
      gaps = [...repaired, ...gaps];
    }
    isUrgent = false;
    const endedMs = monotonicMs();
    restUntilMs = endedMs + Math.min(longestRestMs, endedMs - beganMs);
  };
  const begin = (): Promise<void> => {
    running = run().finally(() => (running = undefined));
    return running;
  };

  return {
    need: (gap) => void gaps.push(gap),
    look: async () => {
      // Who else waited may have begun one already: then that is the one.
      await running;
      if (!isStopped) await (running ?? begin());
    },
    turn: () => {
      if (gaps.length > 0 && !running && !isStopped && monotonicMs() >= restUntilMs) void begin();
    },
    isUrgent: () => isUrgent,
    sweeps: () => sweeps,
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}
