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

/** More of the same line. */
export interface ProcessStatFacts extends ProcessStat {
  /** One character a byte where the text was read so; at most 15 bytes, more for threads of the kernel. */
  readonly comm: string;
  /** setsid(2)'s; 0 = none, or one of another pid namespace. */
  readonly session: number;
  /** 0 for one whose last thread is gone. */
  readonly threads: number;
  /** Another one after each execve, where the reader may trace the process: the place of its first code and stack. */
  readonly image: string;
}

/** As parseStat, and the rest. Undefined also where a field of these is missing. */
export function parseStatFacts(text: string): ProcessStatFacts | undefined {
  const stat = parseStat(text);
  const begin = text.indexOf('(');
  const end = text.lastIndexOf(')');
  if (!stat || begin < 0 || begin > end) return undefined;
  const fields = text
    .slice(end + 1)
    .trim()
    .split(' ');
  const [session, threads] = [3, 17].map((at) => Number(fields[at] || Number.NaN));
  if (session === undefined || threads === undefined) return undefined;
  if (!Number.isSafeInteger(session) || !Number.isSafeInteger(threads) || threads < 0) return undefined;
  const image = [23, 25, 45].map((at) => fields[at]).join(' ');
  return { ...stat, comm: text.slice(begin + 1, end), session, threads, image };
}

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
