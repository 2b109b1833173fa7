/** The lineage on disk: events until their process is final, then the process itself. A kill at any moment leaves a store whose replay gives the same graph. */
import type { LineageEvent } from './lineage-event.ts';
import type { GapNode, ProcessNode } from './process-node.ts';

export interface StoreLimits {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

export interface NodeQuery {
  readonly pid?: number;
  readonly id?: string;
  readonly parentId?: string;
  /** comm or the last part of the executable, whole. */
  readonly name?: string;
  /** Lived at some moment between these. */
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** Touched this path, or one below it where it ends in a slash. */
  readonly path?: string;
  readonly limit: number;
}

export interface LineageStore {
  /** A new number for a source's run. */
  readonly nextStream: () => number;
  /** In one transaction, or not at all. Throws StoreError-like AppError where the disk takes none. */
  readonly append: (events: readonly LineageEvent[]) => void;
  /** Final processes take the place of their events, in one transaction. */
  readonly settle: (nodes: readonly ProcessNode[]) => void;
  /** The events of this boot whose processes are not final, in the order they came. */
  readonly replay: () => Iterable<LineageEvent>;
  readonly find: (query: NodeQuery) => readonly ProcessNode[];
  readonly gaps: () => readonly GapNode[];
  /** Forgets what is too old or too much, oldest first; how many processes that were. */
  readonly prune: (nowMs: number) => number;
  readonly size: () => {
    readonly bytes: number;
    readonly events: number;
    readonly nodes: number;
    readonly oldestMs: number | undefined;
  };
  readonly close: () => void;
}
