/** Calls the work when the event loop has turned: timers, pings and questions come between. */
export type Later = (work: () => void) => void;

export interface WorkLoop {
  /** There is something to do. */
  readonly wake: () => void;
  readonly stop: () => void;
}

/** Does what is left to do in slices, as long as there is something. @param slice does some of it, and says whether more is left that can be done now */
export function createWorkLoop(slice: () => boolean, later: Later = setImmediate): WorkLoop {
  let isAwake = false;
  let isStopped = false;
  const run = (): void => {
    if (isStopped) return;
    isAwake = slice();
    if (isAwake) later(run);
  };
  return {
    wake: () => {
      if (isAwake || isStopped) return;
      isAwake = true;
      later(run);
    },
    stop: () => (isStopped = true),
  };
}
