/** The lineage of this host as one thing: sources, fold and store behind the questions that are asked of them. */
import type { Pace } from '../base/pace.ts';
import type { LineageCounts } from './lineage-graph.ts';
import type { SourceStatus } from './lineage-source.ts';
import type { NodeQuery } from './lineage-store.ts';
import type { GapNode, ProcessNode } from './process-node.ts';

export interface LineageConfig {
  /** Use the kernel's audit, with rules of its own: arguments, working directories, login users, failed starts. */
  readonly audit: boolean;
  /** Folders whose file systems are watched for changes by processes (fanotify); what lies below them is kept. */
  readonly files: readonly string[];
  /** Name or executable of a process whose descendants alone are stored; undefined = all. */
  readonly root: string | undefined;
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

export interface LineageStatus {
  readonly bootId: string;
  readonly sources: readonly SourceStatus[];
  readonly counts: LineageCounts;
  readonly store: {
    readonly bytes: number;
    readonly events: number;
    readonly nodes: number;
    readonly oldestMs: number | undefined;
    /** Why the disk takes nothing now, for people; absent = it does. What it has missed is a gap there. */
    readonly problem?: string;
  };
  /** Told after what came before by more than the watermark waits. */
  readonly corrections: number;
  readonly outOfScope: number;
  readonly sweeps: number;
}

/** Something that consoles may watch: a process that began, executed, ended; a gap. Held until every source has passed it, at most 500 ms; a later correction has the same id and a higher revision. A gap is told at once, and once more when it was repaired. */
export type LineageNews =
  | { readonly kind: 'birth' | 'exec' | 'exit' | 'correction'; readonly node: ProcessNode }
  | { readonly kind: 'gap'; readonly gap: GapNode };

export interface Lineage {
  /** Replays the store, starts the sources, looks at /proc. Throws MonitorError where not even the connector works. */
  readonly start: () => Promise<void>;
  /** Everything on disk; sources stopped, the kernel as it was. */
  readonly stop: () => Promise<void>;
  /** Everything that was heard until now is on disk. */
  readonly save: () => Promise<void>;
  readonly byId: (id: string) => ProcessNode | undefined;
  /** The life of the pid at that moment (UTC ms), or its last one; in memory or on disk. */
  readonly byPid: (pid: number, atMs?: number) => ProcessNode | undefined;
  /** From memory and disk, each process once. */
  readonly find: (query: NodeQuery) => readonly ProcessNode[];
  /** As `find`, for what may be many: it gives way to the event loop as the pace says; stopped, it gives what it has. */
  readonly search: (query: NodeQuery, pace: Pace) => Promise<readonly ProcessNode[]>;
  readonly gaps: () => readonly GapNode[];
  readonly status: () => LineageStatus;
  /** @param takes Asked before a process is put together to be told; where it says no, that one is not told, and it is the listener's to count it. Absent = all are taken. */
  readonly subscribe: (listener: (news: LineageNews) => void, takes?: () => boolean) => () => void;
}
