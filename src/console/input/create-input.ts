import { line, type Line } from '../../module/line.ts';
import { emptyInput, nextInput, type InputEffect, type InputEvent, type InputState } from './next-input.ts';
import type { ProgramSlot } from './program-slot.ts';
import type { StdinBroker } from './stdin-broker.ts';
import type { Token } from './take-token.ts';

/** The state of the prompt outside of React, and the only place where what is typed becomes calls of the program. */
export interface Input {
  readonly snapshot: () => InputState;
  /** Returns its unsubscribe. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly handle: (token: Token) => Promise<void>;
  /** Ctrl-C while a command runs. */
  readonly interrupt: () => void;
}

export interface InputOptions {
  readonly slot: ProgramSlot;
  readonly broker: Pick<StdinBroker, 'hold'>;
  /** Shows a line as it was typed, behind its prompt, above the live part. */
  readonly echo: (prompt: string, text: string) => void;
  readonly print: (lines: readonly Line[]) => void;
  readonly clearScreen: () => void;
  /** Ctrl-D before there is a program: leaves the console. */
  readonly leave: () => void;
  /** Called with what a command of the program threw: a defect, since the program answers expected failures itself. */
  readonly fail: (error: unknown) => void;
}

export function createInput({ slot, broker, echo, print, clearScreen, leave, fail }: InputOptions): Input {
  const listeners = new Set<() => void>();
  let state = emptyInput;
  let isInterrupted = false;

  const dispatch = (event: InputEvent): readonly InputEffect[] => {
    const [next, ...effects] = nextInput(state, event);
    if (next !== state) {
      state = next;
      for (const listener of listeners) listener();
    }
    return effects;
  };
  /** Runs something of the program while what is typed waits. */
  const hold = async (work: () => Promise<void>): Promise<void> => {
    const release = broker.hold();
    dispatch({ kind: 'running', isRunning: true });
    try {
      await work();
    } catch (error) {
      fail(error);
    } finally {
      dispatch({ kind: 'running', isRunning: false });
      release();
    }
  };
  const run = async (lines: readonly string[]): Promise<void> => {
    isInterrupted = false;
    for (const [at, text] of lines.entries()) {
      const { prompt, ended } = slot.snapshot();
      if (ended !== undefined) return;
      if (isInterrupted) {
        dispatch({ kind: 'returned', lines: lines.slice(at) });
        print([line(`${lines.length - at} of ${lines.length} lines were not run`, 'warning')]);
        return;
      }
      echo(prompt, text);
      if (text.trim() !== '') await (await slot.ready).line(text);
    }
  };
  const perform = async (effect: InputEffect): Promise<void> => {
    switch (effect.kind) {
      case 'run':
        // Not awaited: the broker holds what is typed meanwhile, and questions need their keys.
        void hold(() => run(effect.lines));
        return;
      case 'end':
        // A program that is still being created has no level to leave.
        if (!slot.current()) leave();
        else void hold(async () => (await slot.ready).end());
        return;
      case 'complete': {
        const program = await slot.ready;
        const nothing = { from: effect.cursor, candidates: [] };
        const completion = await program.complete(effect.text, effect.cursor).catch(() => nothing);
        dispatch({ kind: 'completed', completion });
        return;
      }
      case 'cleared':
        echo(slot.snapshot().prompt, `${effect.text}^C`);
        return;
      case 'clear-screen':
        clearScreen();
    }
  };

  return {
    snapshot: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    handle: async (token) => {
      for (const effect of dispatch({ kind: 'token', token, history: slot.history })) await perform(effect);
    },
    interrupt: () => {
      isInterrupted = true;
      slot.current()?.interrupt();
    },
  };
}
