/**
 * The forest flat and complete: each process once, those above before those below, as they are drawn. Times are RFC 3339 in UTC by the endpoint's clock. Texts are UTF-8, a byte that is
 * none of it a lone surrogate.
 */
import type { Change, Found, State } from './words.ts';

/** observed: a source told it. inferred: it follows from what was told of others, or from /proc later on. gap: it fell into a gap and may be otherwise. */
export type How = 'observed' | 'inferred' | 'gap';

export interface Elements {
  /** What was asked, in words. */
  readonly question: string;
  /** When it was answered. */
  readonly askedAt: string;
  readonly bootId: string;
  readonly processes: readonly ProcessElement[];
  /** Processes that fit and are not told, above `limit`. */
  readonly omitted: number;
  /** Those that touch the answer; with "gaps" all that are known. */
  readonly gaps: readonly GapElement[];
  /** Only when asked for. */
  readonly status?: StatusElement;
}

export interface ProcessElement {
  /** For ever: boot, pid namespace, pid and start in one short text. */
  readonly id: string;
  readonly pid: number;
  /** asked: it is what was asked for. above, below: its ancestor, its descendant. */
  readonly found: Found;
  /** 0 = nothing is drawn above it. */
  readonly depth: number;
  /** The id of the process that it is drawn below: its parent at birth, with "at" the one at that time. */
  readonly below: string | null;
  /** Its last name; of an executable that is known more of, its last part. */
  readonly name: string;
  readonly state: State;
  readonly start: MomentElement | null;
  readonly end: EndElement | null;
  /** From its start to its end, or until it was asked. */
  readonly durationMs: number | null;
  readonly birthParent: RefElement | null;
  /** Now, or at its end. */
  readonly parent: RefElement | null;
  readonly executable: TextElement | null;
  readonly arguments: { readonly values: readonly string[]; readonly isCut: boolean; readonly how: How } | null;
  readonly cwd: TextElement | null;
  /** What it ran, oldest first, at most 64; `executionCount` counts all. */
  readonly executions: readonly ExecutionElement[];
  readonly executionCount: number;
  /** What it could not run. */
  readonly failedExecutions: readonly ExecutionElement[];
  readonly user: UserElement | null;
  readonly group: number | null;
  /** Who logged in, whoever it runs as. */
  readonly login: UserElement | null;
  readonly loginSession: number | null;
  readonly session: number | null;
  readonly container: string | null;
  readonly cgroup: string | null;
  /** Which of name, loginSession, session, container and cgroup its parent had at its birth, and nobody told of itself. */
  readonly inferred: readonly string[];
  readonly isKernelThread: boolean;
  readonly threads: number;
  readonly threadsEver: number;
  readonly files: readonly FileElement[];
  readonly fileCount: number;
  /** ambiguous, gap, evicted: why what is told of it may be less than all. */
  readonly marks: readonly string[];
  /** Those it started in its life, and how many of them are not in this answer. */
  readonly children: number;
  readonly childrenLeftOut: number;
  readonly revision: number;
}

export interface MomentElement {
  readonly at: string;
  /** Nanoseconds since boot: what orders events of one millisecond. */
  readonly bootNs: number;
  readonly how: How;
}

export interface EndElement extends MomentElement {
  readonly code: number | null;
  /** "KILL" */
  readonly signal: string | null;
  readonly signalNumber: number | null;
  readonly hasCore: boolean;
  /** exited, signalled; reconciled: it was gone from /proc, how nobody told; lost: its pid was born again. */
  readonly reason: string;
}

export interface RefElement {
  readonly pid: number;
  readonly id: string | null;
  readonly name: string | null;
  readonly how: How;
}

export interface TextElement {
  readonly value: string;
  readonly how: How;
}

export interface UserElement {
  readonly id: number;
  /** Where the endpoint's own file has it. */
  readonly name: string | null;
  readonly how: How;
}

export interface ExecutionElement extends MomentElement {
  readonly executable: string | null;
  readonly arguments: readonly string[] | null;
  readonly isCut: boolean;
  readonly cwd: string | null;
  /** "ENOENT", of one that failed. */
  readonly error: string | null;
}

export interface FileElement extends MomentElement {
  readonly change: Change;
  readonly path: string;
  /** What it was called before: of a rename, or of one that was moved in from elsewhere (created). */
  readonly from: string | null;
  /** What it is called since: of one that was moved elsewhere (deleted). */
  readonly to: string | null;
  /** It is what was asked for. */
  readonly isAsked: boolean;
}

export interface GapElement {
  readonly source: string;
  readonly from: string;
  readonly until: string;
  readonly durationMs: number;
  /** Events that are missing, where it is known. */
  readonly drops: number | null;
  readonly reason: string;
  /** When /proc had been looked at afterwards: from then on the table is right again. */
  readonly repairedAt: string | null;
  /** The id of the process of this answer among whose children it is drawn; null = above all. */
  readonly below: string | null;
}

export interface StatusElement {
  readonly sources: readonly SourceElement[];
  readonly live: number;
  readonly ended: number;
  readonly placeholders: number;
  readonly evicted: number;
  readonly ambiguous: number;
  readonly events: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly corrections: number;
  readonly outOfScope: number;
  readonly sweeps: number;
  readonly gaps: number;
  /** On disk. */
  readonly storedBytes: number;
  readonly storedEvents: number;
  readonly storedProcesses: number;
  readonly oldest: string | null;
  /** Why the disk takes nothing now. */
  readonly problem: string | null;
}

export interface SourceElement {
  readonly source: string;
  /** False = the configuration of the agent does not ask for it. */
  readonly isWanted: boolean;
  readonly isWorking: boolean;
  readonly lacks: string | null;
  readonly events: number;
  readonly gaps: number;
  readonly drops: number;
  /** How far behind the present it is. */
  readonly behindMs: number | null;
}

export interface Statistics {
  /** Processes that were looked at. */
  readonly examined: number;
  /** Of them those that meet the conditions. */
  readonly matched: number;
  readonly shown: number;
  readonly omitted: number;
  readonly gaps: number;
  /** Names of those that work now. */
  readonly sources: readonly string[];
  readonly outOfOrder: number;
}
