/** The store as the engine uses it: what it does not take waits, is tried again, and becomes a gap there before it fills the memory. Nothing here throws but `open` and `save`. */
import { AppError, messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { GapEvent, LineageEvent } from '../lineage-event.ts';
import type { LineageStore } from '../lineage-store.ts';
import type { ProcessNode } from '../process-node.ts';
import { createFifo } from './fifo.ts';
import type { EngineLimits } from './limits.ts';

export interface DiskOptions {
  readonly openStore: () => LineageStore;
  readonly clock: Clock;
  readonly log: (text: string) => void;
  readonly limits: EngineLimits;
  /** It takes something again, after it did not: what was written before may be gone. */
  readonly onRecovered: () => void;
  /** What waited because of a checkpoint may be written now. */
  readonly onFree: () => void;
}

export interface Disk {
  /** Throws where a later version made the store; any other trouble is said, and tried again later. */
  readonly open: () => void;
  /** Undefined while there is none. */
  readonly store: () => LineageStore | undefined;
  readonly add: (event: LineageEvent) => void;
  readonly settle: (nodes: readonly ProcessNode[]) => void;
  /** Something else that is to be written behind all that waits; where it fails it is forgotten. */
  readonly attempt: (work: (store: LineageStore) => void) => void;
  /** For questions: undefined where it cannot be read. */
  readonly read: <Result>(work: (store: LineageStore) => Result) => Result | undefined;
  readonly nextStream: () => number;
  /** Writes for so long of what waits, unless it was tried just now in vain; whether more is left that can be written now. */
  readonly flush: (forMs: number) => boolean;
  /** A step of holding the store to its limits; whether there is more to do. */
  readonly prune: () => boolean;
  /** Writes everything. Throws what keeps it from being written. */
  readonly save: () => Promise<void>;
  /** So much waits that nothing more should be brought: the disk is slower than what comes. */
  readonly isCrowded: () => boolean;
  /** Nothing is written now, until `onFree`. */
  readonly isHeld: () => boolean;
  /** Final processes that it has not taken yet, by id. */
  readonly unsaved: ReadonlyMap<string, ProcessNode>;
  readonly problem: () => string | undefined;
  readonly close: () => void;
}

/** What the disk has missed. */
interface Missed {
  readonly fromNs: number;
  readonly fromMs: number;
  untilNs: number;
  events: number;
}

export function createDisk(options: DiskOptions): Disk {
  const { openStore, clock, log, limits, onRecovered, onFree } = options;
  const events = createFifo<LineageEvent>();
  /** By id, in the order they are to be written. */
  const nodes = new Map<string, ProcessNode>();
  const works = createFifo<(store: LineageStore) => void>();
  let store: LineageStore | undefined;
  /** While the journal is brought into the database nothing is written. */
  let checkpointing: Promise<void> | undefined;
  let missed: Missed | undefined;
  let lostNodes = 0;
  let problem: string | undefined;
  let nextTryMs = 0;
  let spareStream = 0;

  const fail = (error: unknown): void => {
    if (!(error instanceof AppError)) log(`a defect: ${messageOf(error)}`);
    const reason = messageOf(error);
    if (problem !== reason) log(`the lineage goes on in memory alone: ${reason}`);
    problem = reason;
    nextTryMs = clock.monotonicMs() + limits.retryMs;
  };
  const miss = (lost: readonly LineageEvent[]): void => {
    for (const { atNs, wallMs } of lost) {
      missed ??= { fromNs: atNs, fromMs: wallMs, untilNs: atNs, events: 0 };
      missed.untilNs = Math.max(missed.untilNs, atNs);
      missed.events++;
    }
  };
  /** All that waits, in an order that may be cut anywhere: events, then the processes that take the place of some. */
  const writeSome = (): void => {
    store ??= openStore();
    if (missed) {
      store.append([toGap(missed, store.nextStream())]);
      missed = undefined;
    }
    if (events.size() > 0) {
      store.append(events.first(limits.appendEvents));
      events.shift(limits.appendEvents);
      return;
    }
    if (nodes.size > 0) {
      const next = nodes.values().take(limits.settleNodes).toArray();
      store.settle(next);
      for (const { id } of next) nodes.delete(id);
      return;
    }
    for (const work of works.shift(works.size())) work(store);
  };
  const waits = (): boolean => events.size() > 0 || nodes.size > 0 || works.size() > 0;
  /** What waits for a disk that takes nothing is bounded: the oldest go. */
  const bound = (): void => {
    const lost = events.size() - limits.unsavedEvents;
    if (lost > 0) miss(events.shift(lost));
    for (const id of nodes.keys()) {
      if (nodes.size <= limits.unsavedNodes) break;
      nodes.delete(id);
      lostNodes++;
    }
  };
  const checkpoint = async (own: LineageStore): Promise<void> => {
    try {
      await own.checkpoint();
    } catch (error) {
      if (store === own) fail(error);
    }
    checkpointing = undefined;
    onFree();
  };
  const succeed = (): void => {
    if (problem === undefined) return;
    log(`the lineage is on disk again${lostNodes > 0 ? `, but for ${lostNodes} processes` : ''}`);
    problem = undefined;
    lostNodes = 0;
    onRecovered();
  };
  const checkpointWhereDue = (): void => {
    if (store && store.journalBytes() >= limits.journalBytes) checkpointing = checkpoint(store);
  };
  /** What it throws was said. */
  const write = (untilMs: number): void => {
    try {
      do writeSome();
      while (waits() && clock.monotonicMs() < untilMs);
    } catch (error) {
      fail(error);
      bound();
      throw error;
    }
    succeed();
    checkpointWhereDue();
  };
  const flush = (forMs: number): boolean => {
    if (checkpointing) return false;
    if (problem !== undefined && clock.monotonicMs() < nextTryMs) {
      bound();
      return false;
    }
    if (problem === undefined && !waits()) return false;
    try {
      write(clock.monotonicMs() + forMs);
    } catch {
      // It is tried again.
      return false;
    }
    return !checkpointing && waits();
  };
  const isUsable = (): boolean => store !== undefined && problem === undefined && !checkpointing;

  return {
    open: () => {
      try {
        store = openStore();
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'LINEAGE_NEWER') throw error;
        fail(error);
      }
    },
    store: () => store,
    add: events.push,
    settle: (settled) => {
      for (const node of settled) nodes.set(node.id, node);
    },
    attempt: (work) => {
      if (store && problem === undefined) works.push(work);
    },
    read: (work) => {
      if (!store) return undefined;
      try {
        return work(store);
      } catch (error) {
        fail(error);
        return undefined;
      }
    },
    nextStream: () => {
      try {
        if (store && isUsable()) return store.nextStream();
      } catch (error) {
        fail(error);
      }
      // Far above what a store counts to, and never the same twice.
      spareStream = Math.max(spareStream + 1, Math.floor(clock.nowMs()) * 1000);
      return spareStream;
    },
    flush,
    prune: () => {
      if (checkpointing) return true;
      if (!store || !isUsable()) return false;
      try {
        const { isDone } = store.prune(clock.nowMs());
        checkpointWhereDue();
        return !isDone;
      } catch (error) {
        fail(error);
        return false;
      }
    },
    save: async () => {
      do {
        await checkpointing;
        write(clock.monotonicMs());
      } while (waits());
    },
    isHeld: () => checkpointing !== undefined,
    isCrowded: () =>
      problem === undefined && (events.size() > limits.crowdedEvents || nodes.size > limits.crowdedNodes),
    unsaved: nodes,
    problem: () => problem,
    close: () => {
      store?.close();
      store = undefined;
    },
  };
}

function toGap({ fromNs, fromMs, untilNs, events }: Missed, stream: number): GapEvent {
  return {
    kind: 'gap',
    source: 'proc',
    stream,
    seq: 1,
    atNs: fromNs,
    slackNs: 0,
    wallMs: fromMs,
    untilNs,
    drops: events,
    reason: 'the disk took nothing: what was heard meanwhile is not in the store',
  };
}
