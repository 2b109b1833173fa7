/**
 * From the clocks that sources speak in to the two that the lineage keeps: CLOCK_BOOTTIME and UTC.
 *
 * The connector's events carry CLOCK_MONOTONIC, which stands still while the host sleeps; audit's carry the wall clock, which somebody may set. Neither distance is
 * constant, so each is a history: of a moment it is the distance that held then. A change is noticed when the clocks are compared next, and holds from the comparison
 * before: nothing that runs on the host sees the time of its sleep. Pure but for the clocks.
 */
import type { HostClocks } from '../../native/clock-calls.ts';

export interface HostTimes {
  /** Compares the clocks: cheap (3 calls), to be called before each batch of events, and now and then where none come. */
  readonly refresh: () => void;
  /** CLOCK_BOOTTIME ns of CLOCK_MONOTONIC ns. */
  readonly monotonicToBoot: (monotonicNs: number) => number;
  /** UTC ms of CLOCK_BOOTTIME ns, by the wall clock of that moment. */
  readonly bootToWall: (bootNs: number) => number;
  /** CLOCK_BOOTTIME ns of UTC ms. Where the wall clock was set back it was that late twice: the last time counts. */
  readonly wallToBoot: (wallMs: number) => number;
  readonly bootNs: () => number;
}

/** Changes that are kept, of each distance. */
const maxChanges = 64;
/** Smaller changes are the steering of the wall clock (at most 0.5 ms a second), and noise of the measurement. */
const stepMs = 20;
const steeredMs = 0.5;
const sleepNs = 1e6;
const tries = 3;
/** What happened since the clocks were compared. */
const aheadNs = 5e9;

interface Change {
  /** From when on, in the clock that is converted from. */
  readonly from: number;
  offset: number;
}

export function createHostTimes(clocks: HostClocks): HostTimes {
  const first = compare(clocks);
  const slept: Change[] = [{ from: Number.NEGATIVE_INFINITY, offset: first.slept }];
  const wall: Change[] = [{ from: Number.NEGATIVE_INFINITY, offset: first.wall }];
  let last = first;

  const refresh = (): void => {
    const now = compare(clocks);
    note(slept, now.slept, sleepNs, last.monotonicNs);
    note(wall, now.wall, stepMs, last.bootNs);
    last = now;
  };
  return {
    refresh,
    monotonicToBoot: (monotonicNs) => monotonicNs + offsetAt(slept, monotonicNs),
    bootToWall: (bootNs) => bootNs / 1e6 + offsetAt(wall, bootNs),
    wallToBoot: (wallMs) => {
      for (let at = wall.length - 1; at > 0; at--) {
        const { from, offset } = wall[at] as Change;
        const bootNs = Math.round((wallMs - offset) * 1e6);
        // What the wall clock shows after it was set lies behind that moment, and not in what is to come.
        if (bootNs >= from - stepMs * 1e6 && bootNs <= last.bootNs + aheadNs) return bootNs;
      }
      return Math.round((wallMs - (wall[0] as Change).offset) * 1e6);
    },
    bootNs: clocks.bootNs,
  };
}

interface Comparison {
  readonly monotonicNs: number;
  readonly bootNs: number;
  /** CLOCK_BOOTTIME less CLOCK_MONOTONIC, ns. */
  readonly slept: number;
  /** UTC less CLOCK_BOOTTIME, ms. */
  readonly wall: number;
}

/** The quickest of some looks: between two clocks the process may have lost its processor. */
function compare(clocks: HostClocks): Comparison {
  let best: { readonly widthNs: number; readonly found: Comparison } | undefined;
  for (let look = 0; look < tries; look++) {
    const before = clocks.monotonicNs();
    const bootNs = clocks.bootNs();
    const wallMs = clocks.wallMs();
    const after = clocks.monotonicNs();
    const widthNs = after - before;
    if (best && widthNs >= best.widthNs) continue;
    const monotonicNs = before + widthNs / 2;
    best = { widthNs, found: { monotonicNs, bootNs, slept: bootNs - monotonicNs, wall: wallMs - bootNs / 1e6 } };
    if (widthNs < 20_000) break;
  }
  return (best as { readonly found: Comparison }).found;
}

function note(changes: Change[], offset: number, least: number, from: number): void {
  const newest = changes.at(-1) as Change;
  const difference = offset - newest.offset;
  if (Math.abs(difference) < least) {
    // The steered wall clock is followed in small steps: between them equal times of audit are equal times here. Of a sleep this is the noise of its measurement.
    if (least === stepMs && Math.abs(difference) >= steeredMs) newest.offset = offset;
    return;
  }
  changes.push({ from, offset });
  if (changes.length > maxChanges) changes.splice(0, 1);
}

function offsetAt(changes: readonly Change[], at: number): number {
  for (let index = changes.length - 1; index > 0; index--) {
    const change = changes[index] as Change;
    if (at >= change.from) return change.offset;
  }
  return (changes[0] as Change).offset;
}
