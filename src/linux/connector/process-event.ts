/**
 * What the kernel's process connector tells, one message each. Source: include/uapi/linux/cn_proc.h, drivers/connector/cn_proc.c.
 * `pid` is the process (the kernel's tgid), `tid` the thread (the kernel's pid), as in the pid namespace of the reader. A process of one thread has both alike.
 */
interface Stamp {
  /** The processor that told it, and the number of the message on that processor (u32, turns over): a gap is a loss where all kinds are listened to. */
  readonly cpu: number;
  readonly sequence: number;
  /** CLOCK_MONOTONIC, nanoseconds. Between processors it may go back by half a millisecond: the order of arrival is the order. */
  readonly monotonicNs: number;
}

/** Arrives before any other event of its child. `parentPid` is the real parent, also with CLONE_PARENT. A thread where tid and pid differ: then the parent is that of its process. */
export interface ForkEvent extends Stamp {
  readonly kind: 'fork';
  readonly pid: number;
  readonly tid: number;
  readonly parentPid: number;
  readonly parentTid: number;
}

/** A successful execve. An exec by another thread than the first is preceded by the exit of the first; the process goes on. */
export interface ExecEvent extends Stamp {
  readonly kind: 'exec';
  readonly pid: number;
  readonly tid: number;
}

/** The end of a thread; the process ends with its last one. The parent is the reaper at that moment; 0 and 0 where a last thread is not the first. */
export interface ExitEvent extends Stamp {
  readonly kind: 'exit';
  readonly pid: number;
  readonly tid: number;
  /** As wait(2) has it: code in bits 8 to 15, signal in bits 0 to 6, core in bit 7. */
  readonly status: number;
  readonly parentPid: number;
  readonly parentTid: number;
}

export interface OwnerEvent extends Stamp {
  readonly kind: 'uid' | 'gid';
  readonly pid: number;
  readonly tid: number;
  readonly real: number;
  readonly effective: number;
}

export interface SessionEvent extends Stamp {
  readonly kind: 'sid';
  readonly pid: number;
  readonly tid: number;
}

/** 0 and 0 where a tracer has left. */
export interface TraceEvent extends Stamp {
  readonly kind: 'ptrace';
  readonly pid: number;
  readonly tid: number;
  readonly tracerPid: number;
  readonly tracerTid: number;
}

export interface NameEvent extends Stamp {
  readonly kind: 'comm';
  readonly pid: number;
  readonly tid: number;
  /** At most 15 bytes, one character a byte (latin1), chosen by the process. */
  readonly comm: string;
}

export interface CoreEvent extends Stamp {
  readonly kind: 'coredump';
  readonly pid: number;
  readonly tid: number;
  readonly parentPid: number;
  readonly parentTid: number;
}

export type ProcessEvent =
  | ForkEvent
  | ExecEvent
  | ExitEvent
  | OwnerEvent
  | SessionEvent
  | TraceEvent
  | NameEvent
  | CoreEvent;

export type ProcessEventKind = ProcessEvent['kind'];
