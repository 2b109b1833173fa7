import { messageOf } from '../../src/base/app-error.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { AlertQueue } from './alert-queue.ts';
import type { Delivery, Sink } from './sink.ts';

/** Sends what waits for one sink, one after the other, and tries again for as long as it takes. */
export interface Sender {
  /** There may be something new. */
  readonly wake: () => void;
  readonly state: () => { readonly failing: number; readonly lastError: LastError | undefined };
  /** Gives the attempt that is under way a moment to end, so that it is not made twice, then cuts it off. */
  readonly stop: (options: { readonly graceMs: number }) => Promise<void>;
}

export interface LastError {
  readonly at: string;
  readonly text: string;
}

const firstPauseMs = 1000;
/** However long a receiver asks to be left alone. */
const mostAskedPauseMs = 3_600_000;

export function createSender(options: {
  readonly sink: Sink;
  readonly queue: AlertQueue;
  readonly maxPauseMs: number;
  readonly clock: Clock;
  /** From 0 to 1: agents that lost the same receiver do not all come back at once. */
  readonly random: () => number;
  readonly log: (message: string) => void;
}): Sender {
  const { sink, queue, clock, log } = options;
  const stopping = new AbortController();
  const cut = new AbortController();
  let news = Promise.withResolvers<void>();
  let failing = 0;
  let lastError: LastError | undefined;

  const note = (text: string): void => {
    lastError = { at: new Date(clock.nowMs()).toISOString(), text };
  };
  const pauseAfter = ({ afterMs = 0 }: Extract<Delivery, { readonly kind: 'retry' }>): number => {
    const doubled = Math.min(firstPauseMs * 2 ** Math.min(failing - 1, 20), options.maxPauseMs);
    return Math.max(doubled * (0.5 + options.random() / 2), Math.min(afterMs, mostAskedPauseMs));
  };
  /** One attempt; how long to wait before the next. */
  const attempt = async (): Promise<number> => {
    const alert = queue.next(sink.name);
    if (!alert) return Infinity;
    const delivery = await sink.deliver(alert, cut.signal);
    if (cut.signal.aborted && delivery.kind === 'retry') return 0;
    if (delivery.kind === 'retry') {
      failing++;
      // A receiver that is down is told once, not with every attempt.
      if (lastError?.text !== delivery.reason || failing === 1)
        log(`${sink.name}: ${delivery.reason}; it is tried again`);
      note(delivery.reason);
      return pauseAfter(delivery);
    }
    if (failing > 0) log(`${sink.name}: ${sink.to} answers again after ${failing} failed attempts`);
    failing = 0;
    if (delivery.kind === 'delivered') queue.setDelivered(sink.name, alert.seq);
    else {
      note(delivery.reason);
      log(`${sink.name}: alert ${alert.n} of ${alert.module} is kept aside as undeliverable: ${delivery.reason}`);
      queue.setAside(sink.name, alert, delivery.reason);
    }
    return 0;
  };
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let pauseMs: number;
      try {
        pauseMs = await attempt();
      } catch (error) {
        // The queue could not be read.
        note(messageOf(error));
        log(`${sink.name}: ${messageOf(error)}`);
        pauseMs = options.maxPauseMs;
      }
      if (pauseMs === Infinity) {
        await news.promise;
        news = Promise.withResolvers();
      } else if (pauseMs > 0) await pause(pauseMs, stopping.signal);
    }
  };
  const working = work();
  return {
    wake: () => news.resolve(),
    state: () => ({ failing, lastError }),
    stop: async ({ graceMs }) => {
      stopping.abort();
      news.resolve();
      const timer = setTimeout(() => cut.abort(), graceMs);
      await working;
      clearTimeout(timer);
      sink.close();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const timer = setTimeout(ended.resolve, ms);
  const end = (): void => ended.resolve();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return ended.promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  });
}
