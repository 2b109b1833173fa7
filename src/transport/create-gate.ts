/** Lets so many in at once; who comes later waits in the order of coming. */
export interface Gate {
  /** Resolves, when there is room, with what gives the place back; to be called once. */
  readonly enter: () => Promise<() => void>;
}

export function createGate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else inside--;
  };
  return {
    enter: async () => {
      if (inside < most) inside++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return leave;
    },
  };
}
