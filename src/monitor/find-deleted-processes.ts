import { MonitorError, messageOf } from '../base/app-error.ts';
import { isGone } from '../linux/errno.ts';
import { parseStatFacts } from '../linux/proc/parse-stat.ts';
import { readStart } from '../linux/proc/read-start.ts';
import { listProcesses } from './table/scan-processes.ts';

/**
 * Those of the given processes (pid to its start in clock ticks since boot; undefined where that is not known) that have ended: their pid is gone, has gone to
 * another process, or only waits for its parent. Throws MonitorError PROC_UNREADABLE where /proc cannot be listed, or hides processes (hidepid): that is
 * "unknown", not "none".
 */
export function findDeletedProcesses(
  processes: ReadonlyMap<number, number | undefined>,
  options: { readonly procFolder?: string } = {},
): ReadonlySet<number> {
  const { procFolder = '/proc' } = options;
  const present = new Set(listProcesses(procFolder));
  const deleted = new Set<number>();
  for (const [pid, startTicks] of processes) {
    if (!present.has(pid) || !isRunning(`${procFolder}/${pid}/stat`, startTicks)) deleted.add(pid);
  }
  return deleted;
}

function isRunning(path: string, startTicks: number | undefined): boolean {
  try {
    const stat = parseStatFacts(readStart(path));
    if (!stat || (startTicks !== undefined && stat.startTicks !== startTicks)) return false;
    // A first thread that ended before others is no end.
    return (stat.state !== 'Z' && stat.state !== 'X') || stat.threads > 1;
  } catch (cause) {
    if (isGone(cause)) return false;
    throw new MonitorError('PROC_UNREADABLE', `cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
}
