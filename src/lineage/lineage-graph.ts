/**
 * The fold's surface: events in, in any order, and a graph out that is the same for the same set of events. Pure: no clock, no files.
 * `revision` of its nodes is always 0: how often something changed after it was told depends on when it was told, which only the one who tells knows (open-lineage.ts counts).
 */
import type { LineageEvent } from './lineage-event.ts';
import type { GapNode, ProcessNode } from './process-node.ts';

export interface LineageOptions {
  readonly bootId: string;
  /** Of the reader. */
  readonly pidNamespace: number | undefined;
  /** Nanoseconds of a clock tick, 10^7 where a second has 100. */
  readonly tickNs: number;
  readonly limits?: Partial<LineageLimits>;
}

/**
 * | limit          | default | what happens when it is reached                                          |
 * |----------------|---------|--------------------------------------------------------------------------|
 * | placeholders   | 65,536  | of those without a birth the oldest is dropped, and counted              |
 * | tombstones     | 131,072 | of those that have ended the oldest are final early where it is settled, else dropped, and counted: down to three quarters |
 * | tombstoneFacts | 49,152  | likewise, of all that was told of them; nothing is dropped below twice as many |
 * | tombstoneMs    | 60 s    | an ended one is kept at least so long (unless the number forbids), and while children live |
 * | executions     | 64      | further ones of a process are counted, first and last are kept           |
 * | files          | 256     | likewise                                                                 |
 * | children       | 1,024   | ids of forgotten children that a node still lists: further ones are on disk alone, found by `parentId` |
 */
export interface LineageLimits {
  readonly placeholders: number;
  readonly tombstones: number;
  readonly tombstoneFacts: number;
  readonly tombstoneMs: number;
  readonly executions: number;
  readonly files: number;
  readonly children: number;
}

export interface LineageCounts {
  readonly events: number;
  readonly duplicates: number;
  /** Events that came after one that they should have come before: a birth after what its process did, an exec after the exit, ... */
  readonly outOfOrder: number;
  readonly live: number;
  readonly ended: number;
  readonly placeholders: number;
  readonly evicted: number;
  readonly ambiguous: number;
  /** Events for what was settled already: they are not in the graph any more, and change nothing. */
  readonly late: number;
}

/** What is known of a process without putting its node together: a twentieth of the work, and the same however many children and files it has. */
export interface ProcessOutline {
  readonly id: string;
  readonly pid: number;
  /** Whether its node would have a start. */
  readonly hasStart: boolean;
  readonly hasEnded: boolean;
  readonly executionCount: number;
}

export interface LineageGraph {
  readonly add: (event: LineageEvent) => void;
  readonly byId: (id: string) => ProcessNode | undefined;
  /** The life of the pid at that time (atNs), or its last one. */
  readonly byPid: (pid: number, atNs?: number) => ProcessNode | undefined;
  /** Of the process that byPid would give. */
  readonly outline: (pid: number, atNs?: number) => ProcessOutline | undefined;
  /** All lives of a pid that are kept, oldest first. */
  readonly lives: (pid: number) => readonly ProcessNode[];
  /** All that are kept, in no particular order; without those that surely did not live between these moments (UTC ms). May be read piece by piece, while events are added. */
  readonly nodes: (fromMs?: number, untilMs?: number) => Iterable<ProcessNode>;
  readonly gaps: () => readonly GapNode[];
  readonly counts: () => LineageCounts;
  /**
   * Pids that are thought to live now, with the start where it is known: what a look at /proc is compared with. A start that only a birth event told may be one tick more than
   * /proc's: the kernel takes the start a moment before it tells of the birth.
   */
  readonly livePids: () => ReadonlyMap<number, number | undefined>;
  /**
   * Every source has told all up to this moment: what has ended since long enough and has no living children is final. Gives those back and forgets them, but for the
   * stub that late events are recognised by. `most`: so many at once, further calls give the others; none are left when fewer come. `keepMs`: instead of tombstoneMs.
   */
  readonly settle: (
    untilNs: number,
    options?: { readonly most?: number; readonly keepMs?: number },
  ) => readonly ProcessNode[];
}
