/** The few facts of a process that are needed at each fork and exec, with as few calls as can be: it may be gone in the next moment. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { parseArguments } from '../../linux/proc/parse-arguments.ts';
import { parseStatFacts, type ProcessStatFacts } from '../../linux/proc/parse-stat.ts';
import { readStart } from '../../linux/proc/read-start.ts';
import type { Program } from './life.ts';

/** Of the arguments of one process. */
const maxArgBytes = 8 * 1024;
const looks = 3;

/** A process as /proc shows it now. */
export interface Sighting {
  readonly pid: number;
  readonly startTicks: number;
  /** In the pid namespace of /proc. */
  readonly parentPid: number;
  /** No thread of it runs: it waits for its parent. */
  readonly isEnded: boolean;
  /** Its first thread has ended; others may run. */
  readonly isFirstEnded: boolean;
  readonly comm: string;
  /** Empty where it is not shown. */
  readonly image: string;
  /** As Life.threads. */
  readonly threads: number;
}

export interface ProcessLook {
  /** Undefined where there is no such process. Where it is likely to be gone, it is asked for in the way that is cheap then: an error that is thrown costs more than all the rest. */
  readonly see: (pid: number, isLikelyGone?: boolean) => Sighting | undefined;
  /** What it runs; of the process that was seen alone. Undefined where that is gone, or executes something else at each look. */
  readonly readProgram: (sighting: Sighting) => { readonly sighting: Sighting; readonly program: Program } | undefined;
  /** The threads that run: one that ended before others stands in the list as long as its process does. */
  readonly readThreads: (sighting: Sighting) => Set<number> | undefined;
}

/** Reads below a /proc folder; never throws. */
export function createProcessLook(procFolder: string): ProcessLook {
  const see = (pid: number, isLikelyGone = false): Sighting | undefined => {
    const path = `${procFolder}/${pid}/stat`;
    if (isLikelyGone && !existsSync(path)) return undefined;
    const stat = readStat(path);
    return stat && toSighting(pid, stat);
  };
  return {
    see,
    readProgram: (seen) => {
      const folder = `${procFolder}/${seen.pid}`;
      let before = seen;
      for (let look = 0; look < looks; look++) {
        const line = parseArguments(readText(`${folder}/cmdline`, maxArgBytes + 1), maxArgBytes);
        const executable = readLink(`${folder}/exe`);
        const after = see(seen.pid);
        if (!after || after.startTicks !== seen.startTicks || after.isEnded) return undefined;
        if (after.image === before.image) {
          const program = { executable, args: line?.args, isCut: line?.isCut ?? false, image: after.image };
          return { sighting: after, program };
        }
        before = after;
      }
      return undefined;
    },
    readThreads: ({ pid, isFirstEnded }) => {
      try {
        const tids = new Set(readdirSync(`${procFolder}/${pid}/task`).map(Number));
        if (isFirstEnded) tids.delete(pid);
        return tids;
      } catch {
        // Gone: its exits tell, or the next look.
        return undefined;
      }
    },
  };
}

function toSighting(pid: number, stat: ProcessStatFacts): Sighting {
  const { startTicks, parent, state, threads, comm, image } = stat;
  const isFirstEnded = state === 'Z' || state === 'X';
  const isEnded = isFirstEnded && threads <= 1;
  return {
    pid,
    startTicks,
    parentPid: parent,
    isEnded,
    isFirstEnded,
    comm,
    image: isShown(image) ? image : '',
    threads,
  };
}

/** The kernel shows another user's addresses to nobody who may not trace it: zeros, alike for all that it runs. Source: do_task_stat() in fs/proc/array.c. */
function isShown(image: string): boolean {
  return image.split(' ')[1] !== '0';
}

function readStat(path: string): ProcessStatFacts | undefined {
  return parseStatFacts(readText(path));
}

/** Empty where it is gone, or the right is missing. */
function readText(path: string, maxBytes?: number): string {
  try {
    return readStart(path, maxBytes);
  } catch {
    // What is missing is said fact by fact.
    return '';
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path, 'latin1');
  } catch {
    // A thread of the kernel has none, of a process of another user it may not be read.
    return undefined;
  }
}
