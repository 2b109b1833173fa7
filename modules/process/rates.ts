/** How many events a second, by kind, over the last second, ten and sixty. */
import type { Clock } from '../../src/base/clock.ts';
import type { RateElement } from './elements.ts';

const seconds = 60;
const kinds = ['fork', 'exec', 'exit'] as const;

export interface Rates {
  readonly add: (kind: RateElement['event']) => void;
  readonly read: () => readonly RateElement[];
}

export function createRates(clock: Clock): Rates {
  const beganMs = clock.monotonicMs();
  /** By the second modulo 61: sixty full ones, and the one that goes on. */
  const counts = Object.fromEntries(kinds.map((kind) => [kind, new Float64Array(seconds + 1)])) as Record<
    RateElement['event'],
    Float64Array
  >;
  let current = 0;
  const advance = (): void => {
    const now = Math.floor((clock.monotonicMs() - beganMs) / 1000);
    for (let second = Math.max(current + 1, now - seconds); second <= now; second++) {
      for (const kind of kinds) counts[kind][second % (seconds + 1)] = 0;
    }
    current = Math.max(current, now);
  };
  /** On average over so many full seconds, or as many as there were. */
  const average = (kind: RateElement['event'], window: number): number => {
    const full = Math.min(window, current);
    let sum = 0;
    for (let ago = 1; ago <= full; ago++) sum += counts[kind][(current - ago) % (seconds + 1)] ?? 0;
    return full === 0 ? 0 : Math.round((sum / full) * 10) / 10;
  };
  return {
    add: (kind) => {
      advance();
      const at = current % (seconds + 1);
      counts[kind][at] = (counts[kind][at] ?? 0) + 1;
    },
    read: () => {
      advance();
      return kinds.map((kind) => ({
        event: kind,
        second: average(kind, 1),
        ten: average(kind, 10),
        minute: average(kind, seconds),
      }));
    },
  };
}
