import type { Answerer, Question } from '../../module/ask.ts';
import type { Line } from '../../module/line.ts';
import type { StdinBroker } from '../input/stdin-broker.ts';
import type { AskQuestionOptions } from './ask-question.ts';

export interface TerminalAnswererOptions extends Pick<AskQuestionOptions, 'output' | 'colour'> {
  readonly broker: Pick<StdinBroker, 'own'>;
  /** Takes the screen from the live part; resolves with the way to give it back. */
  readonly takeScreen: () => Promise<() => void>;
  readonly print: (lines: readonly Line[]) => void;
}

type OpenPrompt = Parameters<AskQuestionOptions['onOpen']>[0];

/** Puts a module's questions to the investigator in the terminal: Esc takes the last answer back, Ctrl-C and Ctrl-D on an empty line leave. */
export function createTerminalAnswerer({ broker, takeScreen, print, ...look }: TerminalAnswererOptions): Answerer {
  let carried: string | undefined;
  const takeCarried = ({ kind }: Question): string | undefined => {
    const typed = kind === 'text' || kind === 'number' ? carried : undefined;
    carried = undefined;
    return typed;
  };
  return {
    note: print,
    answer: async (question) => {
      const keys = ownKeys(broker);
      // Loaded with the first question: the prompt of the console does not wait for it.
      const [giveBack, { askQuestion }] = await Promise.all([takeScreen(), import('./ask-question.ts')]);
      try {
        const outcome = await askQuestion(question, { ...look, typed: takeCarried(question), onOpen: keys.give });
        if (outcome === 'back' || outcome === 'cancel') return { kind: outcome };
        carried = outcome.carried;
        return { kind: 'value', value: outcome.value };
      } finally {
        giveBack();
        keys.release();
      }
    },
  };
}

/** Owns the keys from before the question is drawn, so that Ctrl-C typed ahead finds it; those behind its answer go to whoever comes next. */
function ownKeys(broker: Pick<StdinBroker, 'own'>): {
  readonly give: (prompt: OpenPrompt) => void;
  readonly release: () => void;
} {
  const opened = Promise.withResolvers<OpenPrompt>();
  const released = Promise.withResolvers<void>();
  const letGo = broker.own(async (token) => {
    const prompt = await Promise.race([opened.promise, released.promise]);
    if (!prompt || prompt.isClosed) {
      await released.promise;
      return 'refused';
    }
    await prompt.take(token);
    // The next key must not be given before this question has let go of the keys.
    if (prompt.isClosed) await released.promise;
    return undefined;
  });
  return {
    give: opened.resolve,
    release: () => {
      letGo();
      released.resolve();
    },
  };
}
