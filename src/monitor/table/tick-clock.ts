/** From the time of events (CLOCK_MONOTONIC) to the one of /proc/PID/stat: clock ticks since boot, the host's sleep included. */
import { readFileSync } from 'node:fs';

/** USER_HZ: 100 on every architecture that Node runs on. */
export const nsOfTick = 10_000_000;

export interface TickClock {
  readonly ticksOf: (monotonicNs: number) => number;
  readonly nsOf: (ticks: number) => number;
  /**
   * Whether a process that /proc says to have started then may be the one whose fork was told at that time: the kernel notes the start first, and under load some ticks
   * before it tells.
   */
  readonly isBirth: (startTicks: number, bornNs: number) => boolean;
  /** Ticks by which a time of events may be before the one of /proc: none on a host that never slept. */
  readonly tolerance: () => number;
  /** The host may have slept since the last look. */
  readonly look: () => void;
}

/** Ticks that a fork takes at most. */
const longestBirth = 10;

/** Uptime is told in hundredths of a second: a host that never slept has no difference below two of them. */
const neverSleptNs = 2 * nsOfTick;

export function createTickClock(options: {
  readonly procFolder: string;
  readonly monotonicNs: () => number;
}): TickClock {
  let sleptNs = 0;
  const look = (): void => {
    const differenceNs = readDifferenceNs(options);
    sleptNs = Math.abs(differenceNs) < neverSleptNs ? 0 : differenceNs + nsOfTick / 2;
  };
  look();
  const ticksOf = (monotonicNs: number): number => Math.floor((monotonicNs + sleptNs) / nsOfTick);
  const tolerance = (): number => (sleptNs === 0 ? 0 : 1);
  return {
    ticksOf,
    nsOf: (ticks) => ticks * nsOfTick - sleptNs,
    isBirth: (startTicks, bornNs) => {
      const ticks = ticksOf(bornNs);
      return startTicks <= ticks + tolerance() && startTicks >= ticks - longestBirth;
    },
    tolerance,
    look,
  };
}

/** Of the two clocks; read again where something came between. */
function readDifferenceNs(options: { readonly procFolder: string; readonly monotonicNs: () => number }): number {
  let [best, tookNs] = [0, Number.POSITIVE_INFINITY];
  for (let turn = 0; turn < 5 && tookNs > 1e6; turn++) {
    const beforeNs = options.monotonicNs();
    const uptimeNs = readUptimeSeconds(options.procFolder) * 1e9;
    const afterNs = options.monotonicNs();
    if (Number.isFinite(uptimeNs) && afterNs - beforeNs < tookNs) {
      [best, tookNs] = [uptimeNs - beforeNs, afterNs - beforeNs];
    }
  }
  return best;
}

function readUptimeSeconds(procFolder: string): number {
  try {
    return Number(readFileSync(`${procFolder}/uptime`, 'latin1').split(' ')[0] || Number.NaN);
  } catch {
    // Then events and /proc are taken to have one time, as they have on a host that never slept.
    return Number.NaN;
  }
}
