/**
 * The stream of process events under everything else: a worker thread reads the kernel's connector, counts what was lost, and hands the rest over in the order of arrival.
 * The monitor (seed surface) and the lineage each open one of their own; the kernel tells all of them.
 */
import type { ProcessEvent, ProcessEventKind } from '../linux/connector/process-event.ts';

/** Events that are missing. What happened between its two times may have been told or not: look at /proc. */
export interface StreamGap {
  readonly kind: 'gap';
  /** CLOCK_MONOTONIC, nanoseconds: the last event before it, and the moment from which events are complete again, never too early: what follows the gap may be older. */
  readonly fromNs: number;
  readonly toNs: number;
  /** Exactly as many as the kernel threw away for this socket (Drops of /proc/net/netlink) or the reader had no room for; undefined where nobody can know: the socket was made anew. */
  readonly drops: number | undefined;
  readonly reason: 'overrun' | 'reopened';
}

export type StreamItem = ProcessEvent | StreamGap;

export interface StreamHealth {
  /** False from the first of what makes it so until events flow again: a failed socket, heartbeats that do not come back. */
  readonly isHealthy: boolean;
  /** Why not, for people. */
  readonly reason: string | undefined;
  /** What the kernel granted, in bytes. */
  readonly receiveBufferBytes: number;
  /** True where the kernel leaves out kinds that nobody asked for (Linux 6.6 or later). */
  readonly hasMask: boolean;
  readonly events: number;
  readonly gaps: number;
  readonly drops: number;
  /** Messages that were no events: truncated, of another sender, of an unknown kind. */
  readonly rejected: number;
  readonly reopened: number;
  readonly reopenFailed: number;
  /** Events between the kernel and the listener now. */
  readonly waiting: number;
}

export interface ProcessStreamOptions {
  /** Called with one or more items in order, never while an earlier call runs. What it throws ends nothing and is counted by the caller. */
  readonly onItems: (items: readonly StreamItem[]) => void;
  /** Whenever isHealthy or its reason changes. */
  readonly onHealth?: (health: StreamHealth) => void;
  /** Kinds to hear; absent = all. */
  readonly kinds?: readonly ProcessEventKind[];
  /** Default 16 MiB, forced. */
  readonly receiveBufferBytes?: number;
}

export interface ProcessStream {
  /**
   * Resolves when the kernel has acknowledged the subscription: every event from then on is told, or a gap is.
   * Throws MonitorError with what this process lacks (privilege, pid or user or network namespace, node:ffi, another system), within 2 s.
   */
  readonly start: () => Promise<void>;
  /** Resolves when the socket and the thread are gone; nothing is told after it. */
  readonly stop: () => Promise<void>;
  readonly health: () => StreamHealth;
}

export type OpenProcessStream = (options: ProcessStreamOptions) => ProcessStream;
