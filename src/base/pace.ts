import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Keeps long synchronous work polite: it gives way to the event loop again and again, so that a stop message can be read. */
export interface Pace {
  readonly signal: AbortSignal;
  /** True when the work has gone on long enough, and for ever after a stop. */
  readonly isDue: () => boolean;
  /** Lets the event loop turn once. */
  readonly rest: () => Promise<void>;
}

export function createPace(options: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly everyMs?: number;
}): Pace {
  const { clock, signal, everyMs = 50 } = options;
  let lastMs = clock.monotonicMs();
  return {
    signal,
    isDue: () => signal.aborted || clock.monotonicMs() - lastMs >= everyMs,
    rest: async () => {
      await setImmediate();
      lastMs = clock.monotonicMs();
    },
  };
}
