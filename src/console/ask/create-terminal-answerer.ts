import type { Answerer, Question } from '../../module/ask.ts';
import type { Line } from '../../module/line.ts';
import type { AskQuestionOptions } from './ask-question.ts';

export interface TerminalAnswererOptions extends Omit<AskQuestionOptions, 'typed'> {
  /** Takes the screen from the live part; resolves with the way to give it back. */
  readonly takeScreen: () => Promise<() => void>;
  readonly print: (lines: readonly Line[]) => void;
}

/** Puts a module's questions to the investigator in the terminal: Esc takes the last answer back, Ctrl-C and Ctrl-D on an empty line leave. */
export function createTerminalAnswerer(options: TerminalAnswererOptions): Answerer {
  const { takeScreen, print } = options;
  let carried: string | undefined;
  return {
    note: print,
    answer: async (question) => {
      // Loaded with the first question: the prompt of the console does not wait for it.
      const [giveBack, { askQuestion }] = await Promise.all([takeScreen(), import('./ask-question.ts')]);
      try {
        const outcome = await askQuestion(question, { ...options, typed: takeCarried(question) });
        if (outcome === 'back' || outcome === 'cancel') return { kind: outcome };
        carried = outcome.carried;
        return { kind: 'value', value: outcome.value };
      } finally {
        giveBack();
      }
    },
  };

  function takeCarried({ kind }: Question): string | undefined {
    const typed = kind === 'text' || kind === 'number' ? carried : undefined;
    carried = undefined;
    return typed;
  }
}
