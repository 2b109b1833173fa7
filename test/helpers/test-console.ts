import type { Answerer, Question } from '../../src/module/ask.ts';
import type { Line } from '../../src/module/line.ts';
import type { Hosts } from '../../src/console/hosts.ts';
import type { Screen } from '../../src/console/ports.ts';
import { createProgram, type RunningProgram } from '../../src/console/program.ts';
import { openMemoryStore, type Store } from '../../src/store/open-store.ts';
import type { AgentLink } from '../../src/transport/link.ts';

/** A console on a screen of lists. */
export interface TestConsole {
  readonly program: RunningProgram;
  readonly store: Store;
  /** What was printed; errors stand in `errors` instead. */
  readonly printed: string[];
  readonly errors: string[];
  readonly asked: readonly Question[];
  /** Runs lines one after another and returns what they printed. */
  readonly type: (...lines: readonly string[]) => Promise<readonly string[]>;
}

export function createTestConsole(
  options: {
    readonly links?: readonly AgentLink[];
    readonly hosts?: Hosts;
    readonly store?: Store;
    /** Values that are answered, in order; 'cancel' leaves the question. */
    readonly answers?: readonly unknown[];
    readonly width?: number;
    readonly nowMs?: () => number;
    readonly monotonicMs?: () => number;
    /** Hears of what was printed, at once. */
    readonly onPrint?: (texts: readonly string[]) => void;
  } = {},
): TestConsole {
  const printed: string[] = [];
  const errors: string[] = [];
  const asked: Question[] = [];
  const answers = [...(options.answers ?? [])];
  const texts = (lines: readonly Line[]): readonly string[] => lines.map(({ text }) => text);
  const answerer: Answerer = {
    note: (lines) => void printed.push(...texts(lines)),
    answer: async (question) => {
      asked.push(question);
      if (answers.length === 0) throw new Error(`no answer left for: ${question.message}`);
      const value = answers.shift();
      return value === 'cancel' ? { kind: 'cancel' } : { kind: 'value', value };
    },
  };
  const screen: Screen = {
    print: (lines) => {
      printed.push(...texts(lines));
      options.onPrint?.(texts(lines));
    },
    printSafe: (lines) => void printed.push(...lines),
    printError: (lines) => void errors.push(...texts(lines)),
    answerer,
    width: () => options.width,
  };
  const store = options.store ?? openMemoryStore();
  const { nowMs = Date.now } = options;
  const program = createProgram({
    screen,
    store,
    links: options.links ?? [],
    ...(options.hosts ? { hosts: options.hosts } : {}),
    clock: { nowMs, monotonicMs: options.monotonicMs ?? (() => performance.now()) },
  });
  return {
    program,
    store,
    printed,
    errors,
    asked,
    type: async (...lines) => {
      const before = printed.length;
      for (const line of lines) await program.line(line);
      return printed.slice(before);
    },
  };
}
