/** Keeps the store within its limits: what ended long ago first. */
import type { DatabaseSync } from 'node:sqlite';
import type { LineageEvent } from '../lineage-event.ts';
import type { StoreLimits } from '../lineage-store.ts';
import type { EventLog } from './event-log.ts';
import type { GapList } from './gap-list.ts';
import type { ProcessShelf } from './process-shelf.ts';

/**
 * | limit          | value        | why                                                               |
 * |----------------|--------------|-------------------------------------------------------------------|
 * | processesAStep | 2,000        | a transaction of some ten milliseconds                            |
 * | full           | 9/10 of maxBytes | the rest is for the journal and what comes until the next look |
 * | enough         | 8/10 of maxBytes | or each look would prune again                                 |
 * | eventShare     | 1/2 of maxBytes  | events of processes that live: they are thinned before more than so much of history is given up for them |
 */
const processesAStep = 2000;
const [full, enough, eventShare] = [0.9, 0.8, 0.5];
/** Measured: a row of the connector has 48 bytes, one of audit some hundred. */
const bytesAnEvent = 64;

export interface PruneStep {
  readonly processes: number;
  readonly isDone: boolean;
}

export function createPruning(parts: {
  readonly database: DatabaseSync;
  readonly events: EventLog;
  readonly shelf: ProcessShelf;
  readonly gaps: GapList;
  readonly limits: StoreLimits;
  readonly nextStream: () => number;
}): { readonly step: (nowMs: number) => PruneStep } {
  const { database, events, shelf, gaps, limits } = parts;
  const pragma = (name: string): number => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
  const usedBytes = (): number => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  let isOver = false;

  /** What repeats in lives that go on may fill any disk. What is lost of them is said as a gap, for the graph is poorer after a replay. */
  const thin = (): boolean => {
    const { events: thinned, fromMs, untilMs } = events.thin();
    if (thinned === 0) return false;
    const gap: LineageEvent & { readonly kind: 'gap' } = {
      kind: 'gap',
      source: 'proc',
      stream: parts.nextStream(),
      seq: 1,
      atNs: 0,
      slackNs: 0,
      wallMs: fromMs,
      untilNs: Math.max(0, untilMs - fromMs) * 1e6,
      drops: thinned,
      reason: `the store was full: ${thinned} events of processes that run (threads, names, owners, files) were dropped`,
    };
    gaps.add(gap);
    return true;
  };

  return {
    step: (nowMs) => {
      const tooOldMs = nowMs - limits.maxAgeMs;
      const old = shelf.forgetOldest(tooOldMs, processesAStep);
      if (old === processesAStep) return { processes: old, isDone: false };
      gaps.forgetOld(tooOldMs);
      const used = usedBytes();
      isOver = used > limits.maxBytes * (isOver ? enough : full);
      if (!isOver) return { processes: old, isDone: true };
      if (events.count() * bytesAnEvent > limits.maxBytes * eventShare && thin())
        return { processes: old, isDone: false };
      const share = Math.ceil((shelf.count() * (used - limits.maxBytes * enough)) / used);
      const most = shelf.forgetOldest(Number.MAX_VALUE, Math.min(processesAStep, share));
      // Nothing is left that could go, but for the events of what lives.
      return { processes: old + most, isDone: most === 0 && !thin() };
    },
  };
}
