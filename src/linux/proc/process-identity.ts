import { readFileSync } from 'node:fs';
import { parseStat } from './parse-stat.ts';

/** A process for the life of the host: its id may be given to another after its end, the time of its start tells them apart. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since the host booted, proc_pid_stat(5). */
  readonly startTicks: number;
}

/** Undefined where there is no such process, or /proc does not show it. A zombie still has an identity. */
export function readIdentity(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat && { pid, startTicks: stat.startTicks };
}

/** True while this very process runs; a zombie does not. */
export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  const stat = readStat(pid);
  return stat !== undefined && stat.startTicks === startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

/** Another one for each boot of the host; empty where it cannot be read. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    // No Linux, or /proc is hidden: then restarts are told apart by process and time alone.
    return '';
  }
}

function readStat(pid: number): ReturnType<typeof parseStat> {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined; // no such process
  }
}
