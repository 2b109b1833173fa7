/** When the process of an event started: its pidfd says whether what /proc tells of the pid is told of it. */
import { parseStat } from '../../../linux/proc/parse-stat.ts';
import { readStart } from '../../../linux/proc/read-start.ts';

export interface PidfdCalls {
  readonly isThere: (pidfd: number) => boolean;
  readonly isNumbered: (pidfd: number) => boolean;
  /** The inode of a descriptor. */
  readonly inodeOf: (pidfd: number) => number;
}

/** In ticks since boot; undefined where the process had ended. */
export type StartOf = (pid: number, pidfd: number | undefined) => number | undefined;

/** Processes whose start is remembered. */
const mostKnown = 4096;

export function createWriterStarts(calls: PidfdCalls, procFolder = '/proc'): StartOf {
  const known = new Map<number, { readonly inode: number; readonly startTicks: number }>();
  /** Where all pidfds are one inode, nothing says that a later one is of the same process. */
  let isNumbered: boolean | undefined;
  return (pid, pidfd) => {
    if (pidfd === undefined || pid <= 0) return undefined;
    isNumbered ??= calls.isNumbered(pidfd);
    const inode = isNumbered ? calls.inodeOf(pidfd) : undefined;
    const earlier = known.get(pid);
    if (earlier && earlier.inode === inode) return earlier.startTicks;
    const startTicks = readTicks(`${procFolder}/${pid}/stat`);
    // Still there after it was read: it was it that was read.
    if (startTicks === undefined || !calls.isThere(pidfd)) return undefined;
    if (inode !== undefined) {
      if (known.size >= mostKnown) known.clear();
      known.set(pid, { inode, startTicks });
    }
    return startTicks;
  };
}

function readTicks(path: string): number | undefined {
  try {
    return parseStat(readStart(path))?.startTicks;
  } catch {
    // It ended in this moment, or may not be looked at.
    return undefined;
  }
}
