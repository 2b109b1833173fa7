import { messageOf } from '../../base/app-error.ts';
import { type Alert, alertSchema } from '../../protocol/alert.ts';

export interface AlertTaker {
  /** An alert of the agent, as it came. Kept until the module works. */
  readonly take: (parameters: unknown) => void;
  /** From now on alerts go to the handler, one after the other; without one they are passed over, as in MIG. */
  readonly start: (handler: ((alert: Alert) => Promise<void>) | undefined) => void;
}

/** An alert that the module could not put on its disk is tried again after pauses that double up to this. */
const mostPauseMs = 30_000;
const firstPauseMs = 500;
/** More than the agent gives ahead of the answers. */
const mostWaiting = 1000;

/**
 * Hands alerts to a module that takes them (dispatch), in order, and says of each when it is safe. One that fails is tried again before any later one:
 * the number that is answered stands for all before it.
 */
export function createAlertTaker(options: {
  readonly onTaken: (n: number) => void;
  readonly log: (text: string) => void;
  readonly signal: AbortSignal;
}): AlertTaker {
  const waiting: Alert[] = [];
  let handler: ((alert: Alert) => Promise<void>) | undefined;
  let isStarted = false;
  let isBusy = false;

  const handOver = async (alert: Alert, handle: (alert: Alert) => Promise<void>): Promise<void> => {
    for (let pauseMs = firstPauseMs; !options.signal.aborted; pauseMs = Math.min(2 * pauseMs, mostPauseMs)) {
      try {
        await handle(alert);
        return options.onTaken(alert.n);
      } catch (error) {
        options.log(`alert ${alert.n} could not be taken, it is tried again in ${pauseMs} ms: ${messageOf(error)}`);
        await pause(pauseMs, options.signal);
      }
    }
  };
  const work = async (): Promise<void> => {
    if (isBusy || !isStarted) return;
    isBusy = true;
    for (let alert = waiting.shift(); alert; alert = waiting.shift()) {
      if (options.signal.aborted) break;
      if (handler) await handOver(alert, handler);
    }
    isBusy = false;
  };
  return {
    take: (parameters) => {
      const parsed = alertSchema.safeParse(parameters);
      if (!parsed.success || waiting.length >= mostWaiting) return;
      waiting.push(parsed.data);
      void work();
    },
    start: (given) => {
      handler = given;
      isStarted = true;
      void work();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
