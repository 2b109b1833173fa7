/** A look at all processes of /proc. */
import { setImmediate } from 'node:timers/promises';
import { MonitorError, messageOf } from '../../base/app-error.ts';
import { readProcessIds } from '../../linux/proc/read-processes.ts';
import { readStart } from '../../linux/proc/read-start.ts';
import type { Program } from './life.ts';
import type { ProcessLook, Sighting } from './look-at-process.ts';

/** A process that ran at the time of a scan. */
export interface Found extends Sighting {
  /** CLOCK_MONOTONIC before it was looked at. */
  readonly sightedNs: number;
  /** Undefined where it runs what is known already. */
  readonly program: Program | undefined;
  /** Undefined = one. */
  readonly tids: Set<number> | undefined;
}

/** So many are looked at before others have their turn: a few milliseconds. */
const batch = 64;

/**
 * All that run, by pid; ended ones that wait for their parents are left out, and so are those that end meanwhile. `isKnown` saves the reading of programs.
 * Throws MonitorError PROC_UNREADABLE.
 */
export async function scanProcesses(options: {
  readonly procFolder: string;
  readonly look: ProcessLook;
  readonly monotonicNs: () => number;
  readonly isKnown: (sighting: Sighting) => boolean;
}): Promise<ReadonlyMap<number, Found>> {
  const { look, monotonicNs, isKnown } = options;
  const found = new Map<number, Found>();
  let count = 0;
  for (const pid of listProcesses(options.procFolder)) {
    if (++count % batch === 0) await setImmediate();
    const sightedNs = monotonicNs();
    const sighting = look.see(pid);
    if (!sighting || sighting.isEnded) continue;
    const read = isKnown(sighting) ? undefined : look.readProgram(sighting);
    found.set(pid, {
      ...(read?.sighting ?? sighting),
      sightedNs,
      program: read?.program,
      tids: sighting.threads > 1 ? look.readThreads(sighting) : undefined,
    });
  }
  return found;
}

/**
 * The process ids of a /proc folder. Throws MonitorError PROC_UNREADABLE, also for a folder without any, there is no host without processes; and for a /proc that hides some: what is
 * not shown there would be taken to have ended.
 */
export function listProcesses(procFolder: string): readonly number[] {
  let pids: readonly number[];
  try {
    pids = readProcessIds(procFolder);
  } catch (cause) {
    throw new MonitorError('PROC_UNREADABLE', `cannot list the processes in ${procFolder}: ${messageOf(cause)}`, {
      cause,
    });
  }
  if (pids.length === 0) throw new MonitorError('PROC_UNREADABLE', `expected processes in ${procFolder}, found none`);
  if (procFolder === '/proc') checkFirst(pids);
  return pids;
}

/** Every pid namespace has its first process; where that is not shown (hidepid=2) or says nothing (hidepid=1), others do not, either. */
function checkFirst(pids: readonly number[]): void {
  try {
    if (pids.includes(1) && readStart('/proc/1/stat') !== '') return;
  } catch {
    // It is there, and may not be read.
  }
  throw new MonitorError('PROC_UNREADABLE', '/proc does not show process 1: it hides processes (hidepid)');
}
