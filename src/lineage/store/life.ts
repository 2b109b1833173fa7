/** The stretch of time that a process' events stand in. */
import type { ProcessNode } from '../process-node.ts';

export interface Life {
  readonly pid: number;
  /** CLOCK_BOOTTIME, nanoseconds: the first and the last that is known of it. */
  readonly start: number;
  readonly finish: number;
}

/**
 * So far outside of its life may an event of a process stand: audit's time is that of the last tick (4 or 10 ms) at the entry of the call, /proc's start a tick of 10 ms. Lives of one
 * pid that are nearer to each other are forgotten together.
 */
export const marginNs = 20_000_000;
/** Clocks of processors differ by half a millisecond. */
export const skewNs = 1_000_000;

export function lifeOf({ pid, start, end, executions, failedExecutions, files }: ProcessNode): Life {
  const known = [start, ...executions, ...failedExecutions, ...files, end].flatMap((moment) => moment?.atNs ?? []);
  const first = start?.atNs ?? smallest(known) ?? 0;
  const finish = end?.atNs ?? largest(known) ?? first;
  return { pid, start: first, finish: Math.max(first, finish) };
}

function smallest(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((least, number) => Math.min(least, number));
}

function largest(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((most, number) => Math.max(most, number));
}
