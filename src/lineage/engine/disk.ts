/** The store as the engine uses it: what it does not take waits, is tried again, and becomes a gap there before it fills the memory. Nothing here throws but `open` and `save`. */
import { AppError, messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { GapEvent, LineageEvent } from '../lineage-event.ts';
import type { LineageStore } from '../lineage-store.ts';
import type { ProcessNode } from '../process-node.ts';
import type { EngineLimits } from './limits.ts';

export interface DiskOptions {
  readonly openStore: () => LineageStore;
  readonly clock: Clock;
  readonly log: (text: string) => void;
  readonly limits: EngineLimits;
  /** It takes something again, after it did not: what was written before may be gone. */
  readonly onRecovered: () => void;
}

export interface Disk {
  /** Throws where a later version made the store; any other trouble is said, and tried again later. */
  readonly open: () => void;
  /** Undefined while there is none. */
  readonly store: () => LineageStore | undefined;
  readonly add: (event: LineageEvent) => void;
  readonly settle: (nodes: readonly ProcessNode[]) => void;
  /** Something else that is to be written; where it fails it is forgotten. */
  readonly attempt: (work: (store: LineageStore) => void) => void;
  /** For questions: undefined where it cannot be read. */
  readonly read: <Result>(work: (store: LineageStore) => Result) => Result | undefined;
  readonly nextStream: () => number;
  /** Writes what waits, unless it was tried just now in vain. */
  readonly flush: () => void;
  /** Throws what keeps it from being written. */
  readonly save: () => void;
  /** Final processes that it has not taken yet. */
  readonly unsaved: () => readonly ProcessNode[];
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
  const { openStore, clock, log, limits, onRecovered } = options;
  let store: LineageStore | undefined;
  let events: LineageEvent[] = [];
  let nodes: ProcessNode[] = [];
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
  const write = (): void => {
    store ??= openStore();
    if (missed) {
      store.append([toGap(missed, store.nextStream())]);
      missed = undefined;
    }
    if (events.length > 0) {
      store.append(events);
      events = [];
    }
    if (nodes.length > 0) {
      store.settle(nodes.slice(0, limits.settleNodes));
      nodes = nodes.slice(limits.settleNodes);
    }
  };
  /** What waits for a disk that takes nothing is bounded: the oldest go. */
  const bound = (): void => {
    const lost = events.length - limits.unsavedEvents;
    if (lost > 0) miss(events.splice(0, lost));
    const lostNow = nodes.length - limits.unsavedNodes;
    if (lostNow > 0) lostNodes += nodes.splice(0, lostNow).length;
  };
  const succeed = (): void => {
    if (problem === undefined) return;
    log(`the lineage is on disk again${lostNodes > 0 ? `, but for ${lostNodes} processes` : ''}`);
    problem = undefined;
    lostNodes = 0;
    onRecovered();
  };
  const save = (): void => {
    try {
      do write();
      while (nodes.length > 0);
    } catch (error) {
      fail(error);
      bound();
      throw error;
    }
    succeed();
  };
  const flush = (): void => {
    if (problem !== undefined && clock.monotonicMs() < nextTryMs) {
      bound();
      return;
    }
    if (problem === undefined && events.length === 0 && nodes.length === 0) return;
    try {
      write();
    } catch (error) {
      // It was said, and is tried again.
      fail(error);
      bound();
      return;
    }
    succeed();
  };

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
    add: (event) => {
      events.push(event);
      if (events.length >= limits.appendEvents) flush();
    },
    settle: (settled) => {
      for (const node of settled) nodes.push(node);
    },
    attempt: (work) => {
      if (!store || problem !== undefined) return;
      try {
        work(store);
      } catch (error) {
        fail(error);
      }
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
        if (store && problem === undefined) return store.nextStream();
      } catch (error) {
        fail(error);
      }
      // Far above what a store counts to, and never the same twice.
      spareStream = Math.max(spareStream + 1, Math.floor(clock.nowMs()) * 1000);
      return spareStream;
    },
    flush,
    save,
    unsaved: () => nodes,
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
