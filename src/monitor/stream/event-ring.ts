/**
 * Where the thread that reads the kernel and the one that listens meet: records of a fixed size in shared memory, one writer, one reader. Nothing is ever overwritten: a writer
 * that finds no room waits.
 */
import { joinNs, recordWords } from '../../linux/connector/event-record.ts';
import type { StreamGap } from '../process-stream.ts';

/** A record is an event, or, where its first word is 0 (no kind of event), a gap. */
const slotWords = recordWords + 1;
const gapMark = 0;
const reasons = ['overrun', 'reopened'] as const;

/** Places in `control`. Head and tail count records for ever, modulo 2^32. */
const head = 0;
const tail = 1;
const stop = 2;
/** 1 while the writer waits for room. */
const isFull = 3;
/** Messages that wait in the kernel, as far as the writer knows. */
const unread = 4;
/** Messages that were rejected, and sockets: opened again, failed to. */
const rejected = 5;
const reopened = 6;
const reopenFailed = 7;
/** One more than the descriptor of the socket, 0 for none: a thread that dies leaves it open. */
const file = 8;
const controlWords = 9;

/** What both threads hold of one ring. */
export interface RingMemory {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly slots: Int32Array<SharedArrayBuffer>;
}

/** `records` is a power of two. */
export function createRingMemory(records: number): RingMemory {
  return {
    control: new Int32Array(new SharedArrayBuffer(controlWords * Int32Array.BYTES_PER_ELEMENT)),
    slots: new Int32Array(new SharedArrayBuffer(records * slotWords * Int32Array.BYTES_PER_ELEMENT)),
  };
}

export interface RingWriter {
  /** Where the words of the next record belong, see copyEvent; `push` then counts it in. Only with room. */
  readonly slots: Int32Array;
  readonly place: () => number;
  readonly push: () => void;
  readonly pushGap: (gap: StreamGap) => void;
  /** Records that fit in now. */
  readonly room: () => number;
  /** Shows the other side what was pushed. */
  readonly publish: () => void;
  /** Waits until there may be more room, it is to stop, or the time is over. */
  readonly waitForRoom: (milliseconds: number) => void;
  /** Waits until it is to stop, or the time is over. */
  readonly waitForStop: (milliseconds: number) => void;
  readonly isStopped: () => boolean;
  readonly setUnread: (messages: number) => void;
  /** Undefined where the socket is closed. */
  readonly setFile: (descriptor: number | undefined) => void;
  readonly count: (what: 'rejected' | 'reopened' | 'reopenFailed') => void;
}

export function createRingWriter({ control, slots }: RingMemory): RingWriter {
  const capacity = slots.length / slotWords;
  let next = Atomics.load(control, head);
  const placeOf = (): number => (next & (capacity - 1)) * slotWords;
  const places = { rejected, reopened, reopenFailed };
  const room = (): number => capacity - ((next - Atomics.load(control, tail)) | 0);
  return {
    slots,
    place: placeOf,
    push: () => {
      next = (next + 1) | 0;
    },
    pushGap: (gap) => {
      writeGap(slots, placeOf(), gap);
      next = (next + 1) | 0;
    },
    room,
    publish: () => {
      if (Atomics.exchange(control, head, next) !== next) Atomics.notify(control, head);
    },
    waitForRoom: (milliseconds) => {
      const seen = Atomics.load(control, tail);
      Atomics.store(control, isFull, 1);
      if (Atomics.load(control, stop) === 0) Atomics.wait(control, tail, seen, milliseconds);
      Atomics.store(control, isFull, 0);
    },
    waitForStop: (milliseconds) => void Atomics.wait(control, stop, 0, milliseconds),
    isStopped: () => Atomics.load(control, stop) !== 0,
    setUnread: (messages) => void Atomics.store(control, unread, messages),
    setFile: (descriptor) => void Atomics.store(control, file, descriptor === undefined ? 0 : descriptor + 1),
    count: (what) => void Atomics.add(control, places[what], 1),
  };
}

export interface RingReader {
  readonly slots: Int32Array;
  /** Calls with the place of each record that is there, oldest first, `most` at most, then frees their room. False where there was none. */
  readonly take: (most: number, onRecord: (place: number) => void) => boolean;
  /** The gap at a place; undefined where an event stands there. */
  readonly gapAt: (place: number) => StreamGap | undefined;
  /** Resolves when there is something to take, or `wake` was called: false where there was no need to wait. */
  readonly waitForMore: () => Promise<boolean>;
  readonly wake: () => void;
  /** Asks the writer to stop. */
  readonly stop: () => void;
  /** The socket of the writer; undefined for none. */
  readonly file: () => number | undefined;
  readonly counts: () => {
    readonly waiting: number;
    readonly rejected: number;
    readonly reopened: number;
    readonly reopenFailed: number;
  };
}

export function createRingReader({ control, slots }: RingMemory): RingReader {
  const capacity = slots.length / slotWords;
  const wake = (): void => void Atomics.notify(control, head);
  return {
    slots,
    take: (most, onRecord) => {
      const first = Atomics.load(control, tail);
      const count = Math.min((Atomics.load(control, head) - first) | 0, most);
      for (let record = 0; record < count; record++) onRecord(((first + record) & (capacity - 1)) * slotWords);
      if (count === 0) return false;
      Atomics.store(control, tail, (first + count) | 0);
      if (Atomics.load(control, isFull) === 1) Atomics.notify(control, tail);
      return true;
    },
    gapAt: (place) => (slots[place] === gapMark ? readGap(slots, place) : undefined),
    waitForMore: async () => {
      const { async: hasToWait, value } = Atomics.waitAsync(control, head, Atomics.load(control, tail));
      await value;
      return hasToWait;
    },
    wake,
    stop: () => {
      Atomics.store(control, stop, 1);
      Atomics.notify(control, stop);
      Atomics.notify(control, tail);
      wake();
    },
    file: () => {
      const descriptor = Atomics.load(control, file) - 1;
      return descriptor < 0 ? undefined : descriptor;
    },
    counts: () => ({
      waiting: ((Atomics.load(control, head) - Atomics.load(control, tail)) | 0) + Atomics.load(control, unread),
      rejected: Atomics.load(control, rejected) >>> 0,
      reopened: Atomics.load(control, reopened) >>> 0,
      reopenFailed: Atomics.load(control, reopenFailed) >>> 0,
    }),
  };
}

function writeGap(slots: Int32Array, at: number, { fromNs, toNs, drops, reason }: StreamGap): void {
  slots[at] = gapMark;
  slots[at + 1] = reasons.indexOf(reason);
  [fromNs, toNs, drops ?? 0].forEach((value, index) => {
    slots[at + 2 + index * 2] = (value % 4_294_967_296) | 0;
    slots[at + 3 + index * 2] = Math.floor(value / 4_294_967_296) | 0;
  });
  slots[at + 8] = drops === undefined ? 0 : 1;
}

function readGap(slots: Int32Array, at: number): StreamGap {
  const number = (index: number): number => joinNs(slots[at + 2 + index * 2] ?? 0, slots[at + 3 + index * 2] ?? 0);
  return {
    kind: 'gap',
    fromNs: number(0),
    toNs: number(1),
    drops: slots[at + 8] === 1 ? number(2) : undefined,
    reason: reasons[slots[at + 1] ?? 0] ?? 'overrun',
  };
}
