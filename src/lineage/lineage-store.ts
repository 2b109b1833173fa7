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
  readonly name?: string | readonly string[];
  /** Lived at some moment between these. */
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** Touched this path, or one below it where it ends in a slash. */
  readonly path?: string;
  readonly limit: number;
}

/** The moment up to which everything that was heard is on disk. */
export interface Heard {
  readonly bootId: string;
  /** CLOCK_BOOTTIME, nanoseconds. */
  readonly atNs: number;
  readonly wallMs: number;
}

export interface LineageStore {
  /** A new number for a source's run. */
  readonly nextStream: () => number;
  /** In one transaction, or not at all. Throws StoreError-like AppError where the disk takes none. */
  readonly append: (events: readonly LineageEvent[]) => void;
  /** Final processes take the place of their events, in one transaction: children before their parents, or together. A process that is settled again is replaced. */
  readonly settle: (nodes: readonly ProcessNode[]) => void;
  /** Forgets events of processes that nobody wants to keep. */
  readonly drop: (nodes: readonly ProcessNode[]) => void;
  /** The events of this boot whose processes are not final, in the order they came. */
  readonly replay: () => Iterable<LineageEvent>;
  /** The boot before, where its events are still there: its processes are over whatever became of them. Undefined = none. To be asked before anything is appended. */
  readonly earlierBoot: () => { readonly bootId: string; readonly events: Iterable<LineageEvent> } | undefined;
  /** Processes of that boot, in as many calls as there may be. */
  readonly settleEarlier: (nodes: readonly ProcessNode[]) => void;
  /** All of them have taken the place of their events. Until then a later start finds the events again. */
  readonly endEarlierBoot: () => void;
  /** Newest start first. */
  readonly find: (query: NodeQuery) => readonly ProcessNode[];
  /** Numbers of what `find` would give, for `load`: newest start first. */
  readonly keysOf: (query: NodeQuery) => readonly number[];
  /** Those of them that are still there. */
  readonly load: (keys: readonly number[]) => readonly ProcessNode[];
  /** Ids of those whose birthParent it is, oldest first. */
  readonly childrenOf: (id: string) => readonly string[];
  /** Oldest first. */
  readonly gaps: () => readonly GapNode[];
  /** /proc was looked at after the gap that this event told. */
  readonly repair: (gap: { readonly stream: number; readonly seq: number }, repairedMs: number) => void;
  /** Undefined in a new store. */
  readonly heard: () => Heard | undefined;
  readonly setHeard: (heard: { readonly atNs: number; readonly wallMs: number }) => void;
  /** Forgets what is too old or too much, oldest first, and gives the room back: a step of some ten milliseconds a call, until it is done. */
  readonly prune: (nowMs: number) => { readonly processes: number; readonly isDone: boolean };
  /** What waits to be brought into the database. */
  readonly journalBytes: () => number;
  /** Brings it there, without that this thread waits for the disk. Nothing may be written until it resolves. Throws StoreError. */
  readonly checkpoint: () => Promise<void>;
  readonly size: () => {
    readonly bytes: number;
    readonly events: number;
    readonly nodes: number;
    readonly oldestMs: number | undefined;
  };
  readonly close: () => void;
}
