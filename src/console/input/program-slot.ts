import type { ConsoleProgram, Snapshot } from '../ports.ts';

/** The program as seen by what is drawn before it exists: the prompt stands while store and agent are still being opened. */
export interface ProgramSlot {
  readonly snapshot: () => Snapshot;
  /** Returns its unsubscribe. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly history: () => readonly string[];
  /** The program, once it is there. */
  readonly ready: Promise<ConsoleProgram>;
  readonly current: () => ConsoleProgram | undefined;
}

/** The prompt until the program says its own. */
export const startingSnapshot: Snapshot = {
  mode: 'base',
  prompt: 'gumshoe>',
  busy: undefined,
  follow: undefined,
  status: ['starting'],
  ended: undefined,
};

export function createProgramSlot(ready: Promise<ConsoleProgram>): ProgramSlot {
  const listeners = new Set<() => void>();
  let program: ConsoleProgram | undefined;
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const placed = ready.then((created) => {
    program = created;
    created.subscribe(changed);
    changed();
    return created;
  });
  // Whoever waits for it sees the failure; nobody waiting is no failure of its own.
  placed.catch(() => undefined);
  return {
    snapshot: () => program?.snapshot() ?? startingSnapshot,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    history: () => program?.history() ?? [],
    ready: placed,
    current: () => program,
  };
}
