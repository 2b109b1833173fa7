/**
 * What sources told, until it is digested. Where nothing waits it is digested in the call that brings it; in a flood the rest waits here, and slices of time digest it, so that nothing else stands
 * still. Gaps come before all that waits: they say what nobody else will ever tell, and the order of arrival means nothing to the fold.
 */
import type { LineageEvent } from '../lineage-event.ts';
import { createFifo } from './fifo.ts';

export interface InboxOptions {
  readonly digest: (event: LineageEvent) => void;
  readonly monotonicMs: () => number;
  readonly sliceMs: number;
  /** So many wait; what is more is digested by the call that brings it, however long that takes: then the sources' own queues fill. */
  readonly most: number;
  /** Before that: makes room where what follows is full. */
  readonly makeRoom: () => void;
}

export interface Inbox {
  readonly take: (events: readonly LineageEvent[]) => void;
  /** Digests for so long; true when nothing is left. */
  readonly work: (forMs: number) => boolean;
  readonly waiting: () => number;
  /** Since this was asked last much has come, and there is room for more: what is behind it may be a gap. */
  readonly isFlowing: () => boolean;
  /** CLOCK_BOOTTIME of the oldest that waits; Infinity = none does. */
  readonly oldestNs: () => number;
  /** Resolves when all that was taken before is digested, which others do. */
  readonly digested: () => Promise<void>;
}

interface Batch {
  readonly events: readonly LineageEvent[];
  readonly oldestNs: number;
}
/** So many events are digested between two looks at the clock. */
const stride = 32;
/** A source that brings so many in one call has more of them. */
const flowing = 1024;

export function createInbox({ digest, monotonicMs, sliceMs, most, makeRoom }: InboxOptions): Inbox {
  /** Those behind the one that is being digested, which is let go as soon as it is. */
  const batches = createFifo<Batch>();
  let batch: Batch | undefined;
  let place = 0;
  let [taken, done, flow] = [0, 0, 0];
  let waiters: { readonly count: number; readonly resolve: () => void }[] = [];

  const waiting = (): number => taken - done;
  const next = (): LineageEvent | undefined => {
    batch ??= batches.shift(1)[0];
    const event = batch?.events[place++];
    if (batch && place >= batch.events.length) [batch, place] = [undefined, 0];
    return event;
  };
  const digestSome = (count: number): void => {
    for (let left = Math.min(count, waiting()); left > 0; left--) {
      const event = next();
      done++;
      if (event) digest(event);
    }
    if (waiters.length === 0) return;
    for (const { count: wanted, resolve } of waiters) if (wanted <= done) resolve();
    waiters = waiters.filter((waiter) => waiter.count > done);
  };
  const work = (forMs: number): boolean => {
    const untilMs = monotonicMs() + forMs;
    do digestSome(stride);
    while (waiting() > 0 && monotonicMs() < untilMs);
    return waiting() === 0;
  };

  return {
    take: (events) => {
      const wasEmpty = waiting() === 0;
      const gaps = events.filter((event) => event.kind === 'gap');
      for (const gap of gaps) digest(gap);
      const others = gaps.length === 0 ? events : events.filter((event) => event.kind !== 'gap');
      if (others.length === 0) return;
      const oldestNs = others.reduce((oldest, { atNs }) => Math.min(oldest, atNs), Number.POSITIVE_INFINITY);
      batches.push({ events: others, oldestNs });
      taken += others.length;
      if (wasEmpty) work(sliceMs);
      else if (waiting() > most) {
        makeRoom();
        digestSome(waiting() - most);
      }
      flow += others.length;
    },
    work,
    waiting,
    isFlowing: () => {
      const isMuch = flow >= flowing;
      flow = 0;
      return isMuch && waiting() < most * 0.75;
    },
    oldestNs: () =>
      batches
        .first(batches.size())
        .reduce((oldest, { oldestNs }) => Math.min(oldest, oldestNs), batch?.oldestNs ?? Number.POSITIVE_INFINITY),
    digested: async () => {
      if (waiting() === 0) return;
      await new Promise<void>((resolve) => void waiters.push({ count: taken, resolve }));
    },
  };
}
