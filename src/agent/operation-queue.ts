/**
 * Runs tasks, at most so many at once. An owner (an action) gets half of the places at most, and those who wait take turns by owner, so that an action
 * with many slow operations does not hold up another with one.
 */
export interface OperationQueue {
  /** Resolves when the task has run. A task whose signal is aborted before its turn runs at once, without a place: it has only to say so. */
  readonly run: <Value>(owner: string, task: () => Promise<Value>, signal?: AbortSignal) => Promise<Value>;
  readonly waiting: () => number;
}

interface Waiting {
  readonly owner: string;
  readonly start: (place: 'place' | 'none') => void;
}

export function createOperationQueue(maxRunning: number): OperationQueue {
  const maxPerOwner = Math.ceil(maxRunning / 2);
  const running = new Map<string, number>();
  let waiting: readonly Waiting[] = [];
  let total = 0;

  const count = (owner: string, change: number): void => {
    const now = (running.get(owner) ?? 0) + change;
    if (now === 0) running.delete(owner);
    else running.set(owner, now);
    total += change;
  };
  /** Of those who may start, the one whose owner has least running; the first of equals. */
  const findNext = (): Waiting | undefined => {
    let best: Waiting | undefined;
    let least = maxPerOwner;
    for (const one of waiting) {
      const own = running.get(one.owner) ?? 0;
      if (own < least) [best, least] = [one, own];
    }
    return best;
  };
  const takeNext = (): Waiting | undefined => {
    const next = total < maxRunning ? findNext() : undefined;
    if (!next) return undefined;
    waiting = waiting.filter((one) => one !== next);
    count(next.owner, 1);
    return next;
  };
  const startNext = (): void => {
    for (let next = takeNext(); next; next = takeNext()) next.start('place');
  };

  return {
    waiting: () => waiting.length,
    run: async (owner, task, signal) => {
      const turn = Promise.withResolvers<'place' | 'none'>();
      const own: Waiting = { owner, start: turn.resolve };
      const leave = (): void => {
        if (!waiting.includes(own)) return;
        waiting = waiting.filter((one) => one !== own);
        turn.resolve('none');
      };
      waiting = [...waiting, own];
      signal?.addEventListener('abort', leave, { once: true });
      startNext();
      if (signal?.aborted) leave();
      const place = await turn.promise;
      signal?.removeEventListener('abort', leave);
      try {
        return await task();
      } finally {
        if (place === 'place') {
          count(owner, -1);
          startNext();
        }
      }
    },
  };
}
