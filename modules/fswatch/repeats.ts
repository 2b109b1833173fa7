/** Work that is done again and again, each never beside itself. */
export interface Repeats {
  readonly add: (seconds: number, work: () => Promise<void>) => void;
  readonly stop: () => void;
}

export function createRepeats(signal: AbortSignal, report: (error: unknown) => void): Repeats {
  const timers = new Set<NodeJS.Timeout>();
  return {
    add: (seconds, work) => {
      let isAtIt = false;
      const timer = setInterval(() => {
        if (isAtIt || signal.aborted) return;
        isAtIt = true;
        void work()
          .catch(report)
          .finally(() => {
            isAtIt = false;
          });
      }, seconds * 1000);
      timers.add(timer);
    },
    stop: () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
