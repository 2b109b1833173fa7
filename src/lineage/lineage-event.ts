/**
 * What sources tell the lineage: normalised facts, each with where it comes from. The graph is a function of the set of them: their order of arrival and repetitions change nothing.
 *
 * Times: `atNs` is CLOCK_BOOTTIME in nanoseconds (a start time of /proc/PID/stat is atNs / 10^7 where a tick is 10 ms), `wallMs` the same moment as UTC, by the clock of that moment.
 * `slackNs`: the true moment lies between atNs and atNs + slackNs (audit: the coarse tick, from the entry of the call on; /proc: a tick). 0 = exact.
 */
export type LineageSource = 'connector' | 'audit' | 'proc' | 'fanotify';

/** `stream` numbers a run of a source, for ever, in one store; (stream, seq) names an event: seen twice it counts once. seq counts up from 1 within its stream. */
interface Told {
  readonly source: LineageSource;
  readonly stream: number;
  readonly seq: number;
  readonly atNs: number;
  readonly slackNs: number;
  readonly wallMs: number;
}
/** Texts are raw, one character a byte (latin1): what a process is called need not be UTF-8. */
export interface ExecFacts {
  readonly executable?: string;
  readonly args?: readonly string[];
  /** True where args had more bytes than are kept. */
  readonly isCut?: boolean;
  readonly cwd?: string;
  readonly comm?: string;
}
export interface OwnerFacts {
  readonly uid?: number;
  readonly gid?: number;
  /** The user who logged in (auid); absent = not set. */
  readonly loginUid?: number;
  /** Of audit or /proc/PID/sessionid: the login. */
  readonly loginSession?: number;
  /** setsid(2)'s. */
  readonly session?: number;
}

/** A process was born. `parentPid` is its real parent at that moment. */
export interface BirthEvent extends Told {
  readonly kind: 'birth';
  readonly pid: number;
  readonly parentPid: number;
}
/** audit: fork, vfork, clone or clone3 returned `child`, which may be a process or a thread: what else is known decides. */
export interface CloneEvent extends Told {
  readonly kind: 'clone';
  readonly pid: number;
  readonly child: number;
}
export interface ThreadEvent extends Told {
  readonly kind: 'thread';
  readonly pid: number;
  readonly tid: number;
}
/** A successful execve. The connector has no facts; audit has, and the parent it saw. */
export interface ExecutionEvent extends Told {
  readonly kind: 'exec';
  readonly pid: number;
  /** The thread that called it. */
  readonly tid?: number;
  readonly parentPid?: number;
  readonly facts?: ExecFacts;
  readonly owner?: OwnerFacts;
}
export interface FailedExecutionEvent extends Told {
  readonly kind: 'execfailed';
  readonly pid: number;
  readonly parentPid?: number;
  /** The name of the errno, "ENOENT". */
  readonly error: string;
  readonly facts?: ExecFacts;
  readonly owner?: OwnerFacts;
}
/** connector: a thread ended; the process with its last one. */
export interface EndEvent extends Told {
  readonly kind: 'exit';
  readonly pid: number;
  readonly tid: number;
  /** As wait(2) has it. */
  readonly status: number;
  /** 0 = not told. */
  readonly reaperPid: number;
}
/** audit: exit_group was called; a signal leaves no record. Evidence of an end only where the connector is silent. */
export interface ExitCallEvent extends Told {
  readonly kind: 'exitcall';
  readonly pid: number;
  readonly code: number;
}
export interface OwnerChangeEvent extends Told {
  readonly kind: 'owner';
  readonly pid: number;
  readonly tid: number;
  readonly owner: OwnerFacts;
}
export interface RenamedEvent extends Told {
  readonly kind: 'comm';
  readonly pid: number;
  readonly tid: number;
  readonly comm: string;
}
export interface CoreDumpEvent extends Told {
  readonly kind: 'core';
  readonly pid: number;
}
/** /proc showed it at that moment. */
export interface SightingEvent extends Told {
  readonly kind: 'seen';
  readonly pid: number;
  readonly startTicks: number;
  readonly parentPid: number;
  readonly isKernelThread: boolean;
  /** It has ended and was not waited for. */
  readonly isZombie: boolean;
  readonly threads: number;
  /** The inode of its pid namespace. */
  readonly pidNamespace?: number;
  /** The path of its cgroup that names a container, or the whole path where none does. */
  readonly cgroup?: string;
  /** The container's id, where the cgroup has one. */
  readonly container?: string;
  /** PR_SET_CHILD_SUBREAPER where it is known. */
  readonly facts?: ExecFacts;
  readonly owner?: OwnerFacts;
}
/** A look at /proc did not show a process that was thought to live. */
export interface GoneEvent extends Told {
  readonly kind: 'gone';
  readonly pid: number;
  readonly startTicks?: number;
}
/** This source may have missed events between atNs and untilNs. `drops`: how many, where it is known. */
export interface GapEvent extends Told {
  readonly kind: 'gap';
  readonly untilNs: number;
  readonly drops?: number;
  /** For people: "the socket's buffer was full", "the lineage did not run". */
  readonly reason: string;
}
export type FileChange = 'created' | 'written' | 'renamed' | 'deleted' | 'executed';
/**
 * The kernel gives no time of a change: it happened between atNs, when nothing waited to be read, and atNs + slackNs, when it was read. In one stream, seq is the order of changes.
 */
export interface FileEvent extends Told {
  readonly kind: 'file';
  readonly pid: number;
  /** The start of the writer, in ticks since boot; absent where it had ended before its change was read. */
  readonly startTicks?: number;
  readonly change: FileChange;
  readonly path: string;
  /** What it was called before: of one that was renamed, or moved in from outside the chosen folders (created). */
  readonly from?: string;
  /** What it is called now: of one that was moved out of the chosen folders (deleted). */
  readonly to?: string;
}

export type LineageEvent =
  | BirthEvent
  | CloneEvent
  | ThreadEvent
  | ExecutionEvent
  | FailedExecutionEvent
  | EndEvent
  | ExitCallEvent
  | OwnerChangeEvent
  | RenamedEvent
  | CoreDumpEvent
  | SightingEvent
  | GoneEvent
  | GapEvent
  | FileEvent;
