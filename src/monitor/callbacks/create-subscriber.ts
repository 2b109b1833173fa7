/**
 * One subscription: its callback, and what waits for it. Calls of one process come one at a time and in order, those of several side by side; whatever the callback does
 * - throws, never resolves, takes long - concerns its own queue alone.
 */
import { performance } from 'node:perf_hooks';

/** The limits of a subscription. */
export const subscriberLimits = {
  /** Events that wait; what is more is dropped and counted. Running processes that it is still to be told do not count: the table of processes bounds them. */
  queued: 8192,
  /** Callbacks that have not resolved. */
  running: 64,
  /** A callback that keeps the thread for longer takes turns with the event loop until its queue is empty. */
  heavyMs: 10,
} as const;

export type SubscriberLimits = { readonly [Name in keyof typeof subscriberLimits]: number };

/** Sums over all subscriptions. */
export interface CallbackCounts {
  callbacks: number;
  callbacksFailed: number;
  callbacksDropped: number;
  queueDepth: number;
  mostQueued: number;
}

export interface Subscriber<Value> {
  /** True when it is over: called and returned, or dropped. Else `onDone` is called when it is. */
  readonly offer: (pid: number, value: Value, onDone: () => void) => boolean;
  /** Before anything that is offered later, beyond the limit, in a moment: never inside this call. */
  readonly replay: (pid: number, value: Value, onDone: () => void) => void;
  /** No call after it. */
  readonly end: () => void;
  readonly dropped: () => number;
}

interface Job<Value> {
  readonly pid: number;
  readonly value: Value;
  readonly onDone: () => void;
  /** False for what is replayed. */
  readonly isCounted: boolean;
}

export function createSubscriber<Value>(options: {
  readonly callback: (value: Value) => void | Promise<void>;
  readonly counts: CallbackCounts;
  readonly limits: SubscriberLimits;
}): Subscriber<Value> {
  const { callback, counts, limits } = options;
  /** In order; from `head` on. */
  let queue: Job<Value>[] = [];
  let head = 0;
  let queued = 0;
  let dropped = 0;
  let running = 0;
  let isEnded = false;
  let isPumping = false;
  /** Processes with a running callback, and what waits for its end. */
  const busy = new Map<number, Job<Value>[]>();

  const count = (by: number): void => {
    queued += by;
    counts.queueDepth += by;
    if (counts.queueDepth > counts.mostQueued) counts.mostQueued = counts.queueDepth;
  };
  /** True when the callback has returned; false when it has promised to. */
  const call = (job: Job<Value>): boolean => {
    counts.callbacks++;
    const beganMs = performance.now();
    try {
      const promised = callback(job.value);
      if (isThenable(promised)) {
        running++;
        if (!busy.has(job.pid)) busy.set(job.pid, []);
        // Through a promise of our own: what somebody else calls a promise may throw, or resolve twice.
        Promise.resolve(promised).then(
          () => settle(job),
          () => {
            counts.callbacksFailed++;
            settle(job);
          },
        );
        return false;
      }
    } catch {
      // What a subscriber throws is its own affair: it is counted.
      counts.callbacksFailed++;
    }
    if (performance.now() - beganMs > limits.heavyMs) pumpSoon();
    return true;
  };
  const settle = (job: Job<Value>): void => {
    running--;
    job.onDone();
    const waiting = busy.get(job.pid);
    for (let next = waiting?.shift(); next; next = waiting?.shift()) {
      if (next.isCounted) count(-1);
      if (!call(next)) return;
      next.onDone();
    }
    busy.delete(job.pid);
    if (!isPumping) pump();
  };
  const pumpSoon = (): void => {
    isPumping = true;
    setImmediate(pump);
  };
  function pump(): void {
    isPumping = false;
    const untilMs = performance.now() + limits.heavyMs;
    while (head < queue.length && running < limits.running) {
      const job = queue[head++];
      if (!job) break;
      const waiting = busy.get(job.pid);
      if (waiting) {
        waiting.push(job);
        continue;
      }
      if (job.isCounted) count(-1);
      if (call(job)) job.onDone();
      if (isPumping) break;
      if (performance.now() > untilMs) {
        pumpSoon();
        break;
      }
    }
    if (head === queue.length) [queue, head] = [[], 0];
    else if (head > 1024 && head * 2 > queue.length) [queue, head] = [queue.slice(head), 0];
  }

  return {
    offer: (pid, value, onDone) => {
      if (isEnded) return true;
      const waiting = busy.get(pid);
      const isFree = head === queue.length && !isPumping;
      const job = { pid, value, onDone, isCounted: true };
      if (isFree && !waiting && running < limits.running) return call(job);
      if (queued >= limits.queued) {
        dropped++;
        counts.callbacksDropped++;
        return true;
      }
      count(1);
      if (isFree && waiting) waiting.push(job);
      else queue.push(job);
      return false;
    },
    replay: (pid, value, onDone) => {
      if (isEnded) {
        setImmediate(onDone);
        return;
      }
      queue.push({ pid, value, onDone, isCounted: false });
      if (!isPumping) pumpSoon();
    },
    end: () => {
      if (isEnded) return;
      isEnded = true;
      const left = [...queue.slice(head), ...[...busy.values()].flat()];
      [queue, head] = [[], 0];
      for (const waiting of busy.values()) waiting.length = 0;
      for (const { onDone, isCounted } of left) {
        if (isCounted) count(-1);
        onDone();
      }
    },
    dropped: () => dropped,
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
