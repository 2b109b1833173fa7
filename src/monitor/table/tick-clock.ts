/** From the time of events (CLOCK_MONOTONIC) to the one of /proc/PID/stat: clock ticks since boot, the host's sleep included. */
import { readFileSync } from 'node:fs';

/** USER_HZ: 100 on every architecture that Node runs on. */
export const nsOfTick = 10_000_000;

export interface TickClock {
  readonly ticksOf: (monotonicNs: number) => number;
  readonly nsOf: (ticks: number) => number;
  /** Ticks by which the two may disagree. */
  readonly tolerance: number;
  /** The host may have slept since the last look. */
  readonly look: () => void;
}

/** Uptime is told in hundredths of a second: a host that never slept has no difference below two of them. */
const neverSleptNs = 2 * nsOfTick;

export function createTickClock(options: {
  readonly procFolder: string;
  readonly monotonicNs: () => number;
}): TickClock {
  let sleptNs = 0;
  const look = (): void => {
    const nowNs = options.monotonicNs();
    const uptimeNs = readUptimeSeconds(options.procFolder) * 1e9;
    const differenceNs = Number.isFinite(uptimeNs) ? uptimeNs - nowNs : 0;
    sleptNs = Math.abs(differenceNs) < neverSleptNs ? 0 : differenceNs + nsOfTick / 2;
  };
  look();
  return {
    ticksOf: (monotonicNs) => Math.floor((monotonicNs + sleptNs) / nsOfTick),
    nsOf: (ticks) => ticks * nsOfTick - sleptNs,
    tolerance: 1,
    look,
  };
}

function readUptimeSeconds(procFolder: string): number {
  try {
    return Number(readFileSync(`${procFolder}/uptime`, 'latin1').split(' ')[0] || Number.NaN);
  } catch {
    // Then events and /proc are taken to have one time, as they have on a host that never slept.
    return Number.NaN;
  }
}
