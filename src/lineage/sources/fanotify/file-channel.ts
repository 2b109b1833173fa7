/** From the reading thread to the thread that listens: how much is under way, and up to when all was told. */

/** Places in the shared numbers. */
const stopPlace = 0;
const sentPlace = 1;
const takenPlace = 2;
/** Of 8 bytes: CLOCK_BOOTTIME ns. */
const toldPlace = 2;

export interface FileChannel {
  readonly memory: SharedArrayBuffer;
  /** Of the reading thread. */
  readonly noteSent: (items: number) => void;
  readonly setTold: (ns: number) => void;
  readonly isStopped: () => boolean;
  /** Returns when the time is over, or at once when it is stopped. */
  readonly pause: (ms: number) => void;
  /** Of the listening thread. */
  readonly noteTaken: (items: number) => void;
  readonly stop: () => void;
  /** All before this was told and taken; undefined while something is under way. */
  readonly toldNs: () => number | undefined;
  /** Items that were sent and not taken. */
  readonly waiting: () => number;
}

export function createFileChannel(memory: SharedArrayBuffer = new SharedArrayBuffer(24)): FileChannel {
  const numbers = new Int32Array(memory, 0, 4);
  const times = new BigInt64Array(memory);
  const waiting = (): number => (Atomics.load(numbers, sentPlace) - Atomics.load(numbers, takenPlace)) | 0;
  return {
    memory,
    noteSent: (items) => void Atomics.add(numbers, sentPlace, items),
    setTold: (ns) => void Atomics.store(times, toldPlace, BigInt(Math.floor(ns))),
    isStopped: () => Atomics.load(numbers, stopPlace) !== 0,
    pause: (ms) => void Atomics.wait(numbers, stopPlace, 0, ms),
    noteTaken: (items) => void Atomics.add(numbers, takenPlace, items),
    stop: () => {
      Atomics.store(numbers, stopPlace, 1);
      Atomics.notify(numbers, stopPlace);
    },
    toldNs: () => {
      // First the time: what was sent until then is counted by now.
      const toldNs = Number(Atomics.load(times, toldPlace));
      return waiting() === 0 ? toldNs : undefined;
    },
    waiting,
  };
}
