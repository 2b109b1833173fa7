/** All that /proc tells of one process, in one consistent look. */
import { readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { parseArguments } from './parse-arguments.ts';
import { parseCgroup } from './parse-cgroup.ts';
import { parseStatFacts, type ProcessStatFacts } from './parse-stat.ts';
import { parseOwner } from './parse-status.ts';
import { readProcessIds } from './read-processes.ts';
import { readStart } from './read-start.ts';

/** Texts are raw, one character a byte (latin1). Undefined is what the process has not, or the reader may not know. */
export interface ProcessDetails {
  readonly pid: number;
  /** Clock ticks since the host booted: with the pid it names the process until the next boot. */
  readonly startTicks: number;
  /** In the pid namespace of /proc; 0 = none, or one outside of it. */
  readonly parentPid: number;
  /** "R", "S", "D", "Z" (ended, not waited for), ... */
  readonly state: string;
  /** Ended and not waited for. A first thread that ended before others is none: the process goes on. */
  readonly isZombie: boolean;
  readonly isKernelThread: boolean;
  readonly threads: number;
  readonly comm: string;
  /** With " (deleted)" behind it where its file is gone. */
  readonly executable: string | undefined;
  readonly args: readonly string[] | undefined;
  /** True where args had more bytes than were asked for. */
  readonly isCut: boolean;
  readonly cwd: string | undefined;
  readonly realUid: number | undefined;
  readonly effectiveUid: number | undefined;
  readonly realGid: number | undefined;
  readonly effectiveGid: number | undefined;
  /** Of the user who logged in (auid), and the number of that login. */
  readonly loginUid: number | undefined;
  readonly loginSession: number | undefined;
  /** setsid(2)'s. */
  readonly session: number | undefined;
  /** The inode of its pid namespace. */
  readonly pidNamespace: number | undefined;
  readonly cgroup: string | undefined;
  readonly container: string | undefined;
}

export interface ReadProcessOptions {
  /** Default "/proc". */
  readonly procFolder?: string;
  /** Bytes of arguments that are kept. Default 131,072: the longest that one argument can be. */
  readonly maxArgBytes?: number;
  /** Another way to the files, for tests of what happens between two of them. */
  readonly files?: ProcessFiles;
}

/** Both give undefined where it is not there or may not be read: what is missing is said fact by fact. */
export interface ProcessFiles {
  /** The beginning of a file, latin1. */
  readonly read: (path: string, maxBytes?: number) => string | undefined;
  readonly readLink: (path: string) => string | undefined;
}

const defaultArgBytes = 128 * 1024;
const notSet = 4_294_967_295;
const looks = 4;

/**
 * Undefined where there is no such process, where the number is that of a thread, and where its pid went to another while it was looked at, again and again.
 * Reads its start before and after: all of the facts are of one process, and of one program. Of a process that executes something else at each look only what
 * an execve leaves as it is: what it runs is not known. Never throws.
 */
export function readProcess(pid: number, options: ReadProcessOptions = {}): ProcessDetails | undefined {
  const { procFolder = '/proc', maxArgBytes = defaultArgBytes, files = realFiles } = options;
  const folder = `${procFolder}/${pid}`;
  let before = readStat(files, folder);
  for (let look = 0; before && look < looks; look++) {
    const details = readDetails(files, pid, folder, before, maxArgBytes);
    const after = readStat(files, folder);
    if (!after) return undefined;
    const isSame = before.startTicks === after.startTicks;
    const isSameProgram = before.image === after.image;
    if (isSame && (isSameProgram || look === looks - 1)) {
      if (!details) return undefined;
      const program = isSameProgram ? {} : { executable: undefined, args: undefined, isCut: false };
      return { ...details, ...fromStat(after), ...program };
    }
    before = after;
  }
  return undefined;
}

/**
 * All processes of a /proc folder, lowest id first; those that end meanwhile are left out. Gives way to the event loop again and again, and ends early when the
 * signal is aborted. Throws what reading the folder throws (errno).
 */
export async function readAllProcesses(
  options: ReadProcessOptions & { readonly signal?: AbortSignal } = {},
): Promise<readonly ProcessDetails[]> {
  const found: ProcessDetails[] = [];
  let count = 0;
  for (const pid of readProcessIds(options.procFolder ?? '/proc')) {
    if (++count % batch === 0) await setImmediate();
    if (options.signal?.aborted) break;
    const details = readProcess(pid, options);
    if (details) found.push(details);
  }
  return found;
}

/** A few milliseconds. */
const batch = 32;

const realFiles: ProcessFiles = {
  read: (path, maxBytes) => {
    try {
      return readStart(path, maxBytes);
    } catch {
      // Gone, or the right is missing (ptrace access, hidepid).
      return undefined;
    }
  },
  readLink: (path) => {
    try {
      return readlinkSync(path, 'latin1');
    } catch {
      // A thread of the kernel or an ended process has none, of a process of another user it may not be read.
      return undefined;
    }
  },
};

/** The inode of a process's pid namespace; undefined where it is gone or may not be traced by the reader. */
export function readPidNamespace(process: number | 'self', procFolder = '/proc'): number | undefined {
  return toInode(realFiles.readLink(`${procFolder}/${process}/ns/pid`));
}

function toInode(link: string | undefined): number | undefined {
  const inode = /^pid:\[(\d{1,15})\]$/.exec(link ?? '')?.[1];
  return inode === undefined ? undefined : Number(inode);
}

function fromStat(stat: ProcessStatFacts) {
  const isEnded = stat.state === 'Z' || stat.state === 'X';
  return {
    startTicks: stat.startTicks,
    parentPid: stat.parent,
    state: stat.state,
    isZombie: isEnded && stat.threads <= 1,
    isKernelThread: stat.isKernelThread,
    threads: stat.threads,
    comm: stat.comm,
    session: stat.session > 0 ? stat.session : undefined,
  };
}

function readDetails(
  files: ProcessFiles,
  pid: number,
  folder: string,
  stat: ProcessStatFacts,
  maxArgBytes: number,
): ProcessDetails | undefined {
  const owner = parseOwner(files.read(`${folder}/status`) ?? '');
  if (owner && owner.threadGroup !== pid) return undefined;
  const cgroup = parseCgroup(files.read(`${folder}/cgroup`) ?? '');
  const line = stat.isKernelThread
    ? undefined
    : parseArguments(files.read(`${folder}/cmdline`, maxArgBytes + 1) ?? '', maxArgBytes);
  return {
    pid,
    ...fromStat(stat),
    executable: stat.isKernelThread ? undefined : files.readLink(`${folder}/exe`),
    args: line?.args,
    isCut: line?.isCut ?? false,
    cwd: stat.isKernelThread ? undefined : files.readLink(`${folder}/cwd`),
    realUid: owner?.realUid,
    effectiveUid: owner?.effectiveUid,
    realGid: owner?.realGid,
    effectiveGid: owner?.effectiveGid,
    loginUid: readNumber(files, `${folder}/loginuid`),
    loginSession: readNumber(files, `${folder}/sessionid`),
    pidNamespace: toInode(files.readLink(`${folder}/ns/pid`)),
    cgroup: cgroup?.path,
    container: cgroup?.container,
  };
}

function readStat(files: ProcessFiles, folder: string): ProcessStatFacts | undefined {
  return parseStatFacts(files.read(`${folder}/stat`) ?? '');
}

/** Undefined for what is not set: 2^32 - 1. */
function readNumber(files: ProcessFiles, path: string): number | undefined {
  const text = files.read(path)?.trim() ?? '';
  return /^\d{1,10}$/.test(text) && Number(text) !== notSet ? Number(text) : undefined;
}
