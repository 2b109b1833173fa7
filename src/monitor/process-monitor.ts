/** The surface of the process monitor: who subscribes, what is told. `getProcessMonitor` (get-process-monitor.ts) gives the one shared instance. */
import type { StreamGap } from './process-stream.ts';

/** A process as far as it is known when something is told of it. Texts are raw: one character a byte (latin1). */
export interface ProcessFacts {
  readonly pid: number;
  /** Clock ticks since boot; with the pid it names the process until the host boots again. Undefined where it ended before anybody could look and its birth was not seen. */
  readonly startTicks: number | undefined;
  readonly parentPid: number | undefined;
  /** Its name, at most 15 bytes. */
  readonly comm: string | undefined;
  readonly executable: string | undefined;
  readonly args: readonly string[] | undefined;
  /** True where args had more bytes than are kept (8 KiB). */
  readonly isCut: boolean;
}

interface Told {
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly monotonicNs: number;
  readonly process: ProcessFacts;
  /** The kernel told it; it stood in /proc when the monitor began or somebody subscribed late; it was found in /proc after a gap. */
  readonly origin: 'event' | 'scan' | 'reconcile';
}

export interface ProcessExec extends Told {
  readonly kind: 'exec';
}

/** The last thread of a process is gone. */
export interface ProcessExit extends Told {
  readonly kind: 'exit';
  /** Undefined where a signal ended it, and where it ended in a gap. */
  readonly code: number | undefined;
  readonly signal: number | undefined;
  readonly hasCore: boolean;
  readonly durationMs: number | undefined;
  /** Who reaps it: its parent at its death. */
  readonly reaperPid: number | undefined;
}

export interface ProcessFork extends Told {
  readonly kind: 'fork';
  readonly parentPid: number;
}

/** A gap that was made good: what happened in it has been told, with origin "reconcile", as far as /proc shows it. */
export interface GapRepair {
  readonly gap: StreamGap;
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly repairedNs: number;
  readonly execs: number;
  readonly exits: number;
}

/** Either or both; a process whose name is not known matches no name. */
export interface ProcessFilter {
  /** Matches comm or the last part of the executable, whole. */
  readonly name?: string;
  readonly pid?: number;
}

/** Takes a subscription back. Idempotent. Its callback is not called again once it has resolved; it may be called inside the callback itself. */
export type Unsubscribe = () => Promise<void>;

export interface MonitorTelemetry {
  readonly events: number;
  readonly exec: number;
  readonly exit: number;
  readonly fork: number;
  readonly gaps: number;
  readonly drops: number;
  readonly reinitialisations: number;
  readonly reinitialisationsFailed: number;
  readonly scansFailed: number;
  readonly callbacks: number;
  /** Callbacks that threw. */
  readonly callbacksFailed: number;
  /** Of single subscribers that are too slow. */
  readonly callbacksDropped: number;
  readonly queueDepth: number;
  readonly mostQueued: number;
  readonly isHealthy: boolean;
  readonly reason: string | undefined;
  readonly receiveBufferBytes: number;
  /** Processes that run, as far as is known. */
  readonly processes: number;
}

export interface ProcessMonitor {
  /**
   * Once, whatever the number of calls: workers, netlink, event loop, then the scan of running processes, told to who subscribed to execs. Throws MonitorError, and may be called again then:
   * subscriptions are kept.
   */
  readonly initialize: () => Promise<void>;
  /** Before or after initialize. A late subscriber is told the processes that run (origin "scan"), then what happens from then on. Callbacks of one process are called in order, one at a time. */
  readonly subscribeExec: (
    callback: (exec: ProcessExec) => void | Promise<void>,
    filter?: ProcessFilter,
  ) => Unsubscribe;
  readonly subscribeExit: (
    callback: (exit: ProcessExit) => void | Promise<void>,
    filter?: ProcessFilter,
  ) => Unsubscribe;
  readonly subscribeFork: (
    callback: (fork: ProcessFork) => void | Promise<void>,
    filter?: ProcessFilter,
  ) => Unsubscribe;
  /** Gaps, told at once, in plain sight. */
  readonly subscribeGap: (callback: (gap: StreamGap) => void | Promise<void>) => Unsubscribe;
  /** When a gap has been repaired from /proc. */
  readonly subscribeRepair: (callback: (repair: GapRepair) => void | Promise<void>) => Unsubscribe;
  /** The processes that run, as far as is known: none before initialize. */
  readonly processes: () => readonly ProcessFacts[];
  readonly telemetry: () => MonitorTelemetry;
  /** Gives one reference back; the last one closes everything. More calls than references do nothing. */
  readonly stop: () => Promise<void>;
}
