import { runCreator, isCancelled, type ParamsCreator } from '../../src/module/ask.ts';
import { line } from '../../src/module/line.ts';
import type { ConsoleProgram, FollowSnapshot, Screen, Snapshot } from '../../src/console/ports.ts';

/** A program whose commands do what a test of the screen needs, and nothing else. */
export interface FakeProgram extends ConsoleProgram {
  /** Every line that was run, in order. */
  readonly lines: readonly string[];
  readonly set: (change: Partial<Snapshot>) => void;
}

export const idleFollow: FollowSnapshot = {
  title: 'action 12: find passwd',
  sent: 2,
  done: 1,
  found: 1,
  nothing: 0,
  failed: 0,
  timedOut: 0,
  expired: 0,
  cancelled: 0,
  silent: 0,
  examined: 12_345,
  elapsedMs: 5000,
  leftMs: 70_000,
  newest: [line('local /etc/passwd', 'hit')],
};

const words = ['create action', 'count', 'echo', 'exit', 'ask', 'wait'];

/**
 * Commands: `echo TEXT`, `print N` lines, `wait` until Ctrl-C, `follow` until Ctrl-C, `ask` questions, `fail`, `crash`, `exit`.
 * `ask` puts the questions of the given creator and prints the parameters.
 */
export function createFakeProgram(screen: Screen, creator?: ParamsCreator): FakeProgram {
  const listeners = new Set<() => void>();
  const lines: string[] = [];
  let interrupted = Promise.withResolvers<void>();
  let snapshot: Snapshot = {
    mode: 'base',
    prompt: 'gumshoe>',
    busy: undefined,
    follow: undefined,
    status: ['case default', '1 agent online'],
    ended: undefined,
  };
  const set = (change: Partial<Snapshot>): void => {
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener();
  };
  const untilInterrupt = async (change: Partial<Snapshot>): Promise<void> => {
    interrupted = Promise.withResolvers<void>();
    set(change);
    await interrupted.promise;
    set({ busy: undefined, follow: undefined });
    screen.print([line('left')]);
  };
  const run = async (text: string): Promise<void> => {
    const [word = '', ...rest] = text.split(' ');
    if (word === 'echo') screen.print([line(rest.join(' '), 'hit')]);
    else if (word === 'print') screen.print(Array.from({ length: Number(rest[0]) }, (_, at) => line(`row ${at + 1}`)));
    else if (word === 'wait') await untilInterrupt({ busy: 'waiting' });
    else if (word === 'follow') await untilInterrupt({ busy: 'following', follow: idleFollow });
    else if (word === 'ask' && creator) await ask(creator);
    else if (word === 'prompt') set({ mode: 'launcher', prompt: 'launcher>' });
    else if (word === 'fail') throw new Error('planted');
    else if (word === 'crash')
      setImmediate(() => {
        throw new Error('planted \x1b]0;defect\x07');
      });
    else if (word === 'exit') set({ ended: Number(rest[0] ?? 0) });
    else screen.print([line(`unknown command '${text}'`, 'error')]);
  };
  const ask = async (given: ParamsCreator): Promise<void> => {
    try {
      const params = await runCreator(given, screen.answerer);
      screen.print([line(`params ${JSON.stringify(params)}`)]);
    } catch (error) {
      if (!isCancelled(error)) throw error;
      screen.print([line('draft unchanged', 'quiet')]);
    }
  };
  return {
    lines,
    set,
    snapshot: () => snapshot,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    line: async (text) => {
      lines.push(text);
      await run(text);
    },
    interrupt: () => interrupted.resolve(),
    end: async () => {
      if (snapshot.mode === 'base') set({ ended: 0 });
      else set({ mode: 'base', prompt: 'gumshoe>' });
    },
    complete: async (text, cursor) => ({
      from: 0,
      candidates: words.filter((word) => word.startsWith(text.slice(0, cursor))).map((word) => ({ text: word })),
    }),
    history: () => lines,
    close: async () => undefined,
  };
}
