/** What /proc/PID/stat says of a process, proc(5). */
export interface ProcessStat {
  /** "R", "S", "Z" (ended, not yet waited for), ... */
  readonly state: string;
  readonly parent: number;
  readonly isKernelThread: boolean;
  /** When it started, in clock ticks since the host booted: with its id it names a process for ever. */
  readonly startTicks: number;
}

/** PF_KTHREAD of include/linux/sched.h. */
const kernelThreadFlag = 0x0020_0000;

/** Undefined when the text is something else. The name of a process may hold anything, parentheses and line ends too. */
export function parseStat(text: string): ProcessStat | undefined {
  const end = text.lastIndexOf(')');
  const fields = text
    .slice(end + 1)
    .trim()
    .split(' ');
  const [state = ''] = fields;
  const [parent, flags, startTicks] = [1, 6, 19].map((at) => Number(fields[at] || Number.NaN));
  if (end < 0 || !/^[A-Za-z]$/.test(state)) return undefined;
  if (parent === undefined || flags === undefined || startTicks === undefined) return undefined;
  if (![parent, flags, startTicks].every((value) => Number.isSafeInteger(value) && value >= 0)) return undefined;
  return { state, parent, isKernelThread: (flags & kernelThreadFlag) !== 0, startTicks };
}
