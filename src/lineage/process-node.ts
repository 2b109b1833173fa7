/** A process in the graph: one life of a pid, from its birth to its end, and how each fact is known. */
import type { FileChange } from './lineage-event.ts';

/** observed: a source told it. inferred: it follows from what was told of others, or from /proc later on. gap: it fell into a gap and may be otherwise. */
export type How = 'observed' | 'inferred' | 'gap';

export interface Known<Value> {
  readonly value: Value;
  readonly how: How;
}

export interface Moment {
  /** CLOCK_BOOTTIME, nanoseconds. */
  readonly atNs: number;
  /** UTC. */
  readonly wallMs: number;
  readonly how: How;
}

/**
 * pendingBirth: something was told of it, its birth was not (yet). leaderExited: its first thread has ended, others have not. exited: it is over, for ever.
 */
export type NodeState = 'pendingBirth' | 'live' | 'leaderExited' | 'exited';

export interface Execution extends Moment {
  readonly executable?: string;
  readonly args?: readonly string[];
  readonly isCut?: boolean;
  readonly cwd?: string;
  /** Of one that failed: the errno's name. */
  readonly error?: string;
}

export interface End extends Moment {
  readonly code?: number;
  /** The number of the signal. */
  readonly signal?: number;
  readonly hasCore?: boolean;
  /** exited: by itself. signalled. reconciled: it was no longer in /proc, how it ended nobody told. lost: its pid was born again. */
  readonly reason: 'exited' | 'signalled' | 'reconciled' | 'lost';
}

/** Another process: its id where it is known, its pid always. */
export interface NodeRef {
  readonly pid: number;
  readonly id?: string;
  readonly how: How;
}

export interface FileTouch extends Moment {
  readonly change: FileChange;
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
}

/** What a child has from its parent until it changes it, or is moved. */
export type InferredFact = 'comm' | 'loginSession' | 'session' | 'cgroup' | 'container';

export interface ProcessNode {
  /**
   * 16 characters (0-9a-v): the pid, and a hash of {boot id, pid namespace, pid, start}: the same whatever the order, and after a replay. As long as no start is known 20 characters
   * that say the pid and a moment of its life instead: `byId` finds the process by them also when its birth has given it the id that stays.
   */
  readonly id: string;
  readonly pid: number;
  readonly bootId: string;
  readonly pidNamespace?: number;
  /** Clock ticks since boot. */
  readonly startTicks?: number;
  readonly state: NodeState;
  readonly start?: Moment;
  readonly end?: End;
  /** Never changes once it is known. */
  readonly birthParent?: NodeRef;
  /** Now, or at its end: differs from birthParent after that one's end. Never a bare 1: the nearest subreaper or init, with how it is known. */
  readonly parent?: NodeRef;
  /** Ids of those whose birthParent it is, oldest first. */
  readonly children: readonly string[];
  readonly comm?: string;
  /** The last successful one's. */
  readonly executable?: Known<string>;
  readonly args?: Known<readonly string[]>;
  readonly cwd?: Known<string>;
  /** Oldest first; `executionCount` counts those beyond the limit, too. */
  readonly executions: readonly Execution[];
  readonly executionCount: number;
  readonly failedExecutions: readonly Execution[];
  readonly uid?: Known<number>;
  readonly gid?: Known<number>;
  readonly loginUid?: Known<number>;
  readonly loginSession?: number;
  readonly session?: number;
  readonly cgroup?: string;
  readonly container?: string;
  /** Which of these were told of its parent alone, whose they were at its birth; the others were observed. */
  readonly inferred?: readonly InferredFact[];
  readonly isKernelThread: boolean;
  readonly threads: number;
  readonly threadsEver: number;
  readonly files: readonly FileTouch[];
  readonly fileCount: number;
  /** ambiguous: evidence fits more than one life of the pid, and was given to this one, or none. gap: its life touches a gap. evicted: facts were dropped for want of room. */
  readonly marks: readonly ('ambiguous' | 'gap' | 'evicted')[];
  /** Counts up with each change after it was first told: by the engine, the fold leaves it 0. */
  readonly revision: number;
}

export interface GapNode {
  readonly source: string;
  readonly from: Moment;
  readonly until: Moment;
  readonly drops?: number;
  readonly reason: string;
  /** When /proc was looked at afterwards: from then on the table is right again. */
  readonly repairedMs?: number;
}
