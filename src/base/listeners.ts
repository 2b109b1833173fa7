/** Who wants to hear of something. A listener that throws harms nobody else: its error goes to `onError`. */
export interface Listeners<Arguments extends readonly unknown[]> {
  /** Returns its removal. */
  readonly add: (listener: (...values: Arguments) => void) => () => void;
  readonly tell: (...values: Arguments) => void;
}

export function createListeners<Arguments extends readonly unknown[]>(
  onError: (error: unknown) => void = rethrowLater,
): Listeners<Arguments> {
  const all = new Set<(...values: Arguments) => void>();
  return {
    add: (listener) => {
      all.add(listener);
      return () => void all.delete(listener);
    },
    tell: (...values) => {
      for (const listener of all) {
        try {
          listener(...values);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}

/** A bug of a listener must surface, but not in the middle of telling the others. */
function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
