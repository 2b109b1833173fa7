/** Runs tasks, at most so many at once. Those that wait take turns by owner, so that one action with many operations does not hold up another with one. */
export interface OperationQueue {
  /** Resolves when the task has run. A task whose signal is aborted while it waits is run at once, to say so. */
  readonly run: <Value>(owner: string, task: () => Promise<Value>) => Promise<Value>;
  readonly waiting: () => number;
}

export function createOperationQueue(maxRunning: number): OperationQueue {
  const waiting = new Map<string, (() => void)[]>();
  let running = 0;

  const startNext = (): void => {
    while (running < maxRunning) {
      const turn = waiting.entries().next();
      if (turn.done) return;
      const [owner, tasks] = turn.value;
      const start = tasks.shift();
      // The owner goes to the end of the line, behind everyone else who waits.
      waiting.delete(owner);
      if (tasks.length > 0) waiting.set(owner, tasks);
      running++;
      start?.();
    }
  };

  return {
    waiting: () => [...waiting.values()].reduce((sum, tasks) => sum + tasks.length, 0),
    run: async (owner, task) => {
      const turn = Promise.withResolvers<void>();
      const tasks = waiting.get(owner) ?? [];
      tasks.push(turn.resolve);
      waiting.set(owner, tasks);
      startNext();
      await turn.promise;
      try {
        return await task();
      } finally {
        running--;
        startNext();
      }
    },
  };
}
