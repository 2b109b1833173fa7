/**
 * Questions to an investigator, as a ParamsCreator asks them. It asks, it does not draw: who answers (a terminal prompt, the lines of a script, a test)
 * is behind an `Answerer`.
 *
 * Going back works by replay: an answer is taken back by running the creator again from its start with all answers but the last. A creator must
 * therefore ask the same questions when it gets the same answers.
 */
import { AppError, ModuleError } from '../base/app-error.ts';
import type { Line } from './line.ts';

interface QuestionBase<Value> {
  readonly message: string;
  /** A short line under the question: what is expected, with an example. */
  readonly hint?: string | undefined;
  readonly initial?: Value | undefined;
}

export interface Choice {
  readonly name: string;
  /** Shown behind the name: the present value, or what the choice does. */
  readonly hint?: string | undefined;
}

export interface FormField {
  readonly name: string;
  readonly message: string;
  readonly initial?: string | undefined;
}

export interface TextQuestion extends QuestionBase<string> {
  readonly check?: ((value: string) => string | undefined) | undefined;
  /** What Tab completes. */
  readonly complete?: 'path' | readonly string[] | undefined;
}
export interface NumberQuestion extends QuestionBase<number> {
  readonly check?: ((typed: string) => string | undefined) | undefined;
}
export interface ChooseQuestion extends QuestionBase<string> {
  readonly choices: readonly Choice[];
}
export interface ManyQuestion extends QuestionBase<readonly string[]> {
  readonly choices: readonly Choice[];
  readonly check?: ((values: readonly string[]) => string | undefined) | undefined;
}
export type ConfirmQuestion = QuestionBase<boolean>;
export interface FormQuestion extends QuestionBase<never> {
  readonly fields: readonly FormField[];
  readonly check?: ((values: Readonly<Record<string, string>>) => string | undefined) | undefined;
}

export type Question =
  | ({ readonly kind: 'text' } & TextQuestion)
  | ({ readonly kind: 'number' } & NumberQuestion)
  | ({ readonly kind: 'choose' } & ChooseQuestion)
  | ({ readonly kind: 'many' } & ManyQuestion)
  | ({ readonly kind: 'confirm' } & ConfirmQuestion)
  | ({ readonly kind: 'form' } & FormQuestion);

export interface Ask {
  readonly text: (question: TextQuestion) => Promise<string>;
  readonly number: (question: NumberQuestion) => Promise<number>;
  readonly choose: (question: ChooseQuestion) => Promise<string>;
  readonly many: (question: ManyQuestion) => Promise<readonly string[]>;
  readonly confirm: (question: ConfirmQuestion) => Promise<boolean>;
  readonly form: (question: FormQuestion) => Promise<Readonly<Record<string, string>>>;
  /** Says something between two questions. Not repeated when answers are replayed. */
  readonly note: (lines: readonly Line[]) => void;
}

/** An answer, or what the investigator did instead of answering. The value has passed the question's check. */
export type Answer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'back' }
  | { readonly kind: 'cancel' };

/** Who answers. */
export interface Answerer {
  readonly answer: (question: Question) => Promise<Answer>;
  readonly note: (lines: readonly Line[]) => void;
}

/** MIG's HasParamsCreator: parameters from questions; `previous` are the present ones when an operation is edited. */
export type ParamsCreator<Params = unknown> = (ask: Ask, previous?: Params) => Promise<Params>;

class TakeBack extends Error {}

/** Runs a creator to its end. Throws ModuleError QUESTION_CANCELLED when the investigator leaves. */
export async function runCreator<Params>(
  creator: ParamsCreator<Params>,
  answerer: Answerer,
  previous?: Params,
): Promise<Params> {
  const answers: unknown[] = [];
  /** Answers that were taken back, the latest last: they are proposed again as long as they are given again. */
  let takenBack: readonly unknown[] = [];

  for (;;) {
    let next = 0;
    const put = async (question: Question): Promise<unknown> => {
      if (next < answers.length) return answers[next++];
      const asked = takenBack.length > 0 ? withInitial(question, takenBack.at(-1)) : question;
      const answer = await answerFor(asked, answerer, answers.length === 0);
      if (answer === 'back') throw new TakeBack();
      takenBack = isSame(answer.value, takenBack.at(-1)) ? takenBack.slice(0, -1) : [];
      answers.push(answer.value);
      next++;
      return answer.value;
    };
    const ask = createAsk(put, (lines) => {
      if (next >= answers.length) answerer.note(lines);
    });
    try {
      return await creator(ask, previous);
    } catch (error) {
      if (!(error instanceof TakeBack)) throw error;
      takenBack = [...takenBack, answers.pop()];
    }
  }
}

async function answerFor(
  question: Question,
  answerer: Answerer,
  isFirst: boolean,
): Promise<'back' | { readonly value: unknown }> {
  for (;;) {
    const answer = await answerer.answer(question);
    if (answer.kind === 'value') return answer;
    if (answer.kind === 'cancel')
      throw new ModuleError('QUESTION_CANCELLED', 'the questions were left before their end');
    if (!isFirst) return 'back';
    answerer.note([{ tone: 'quiet', text: 'this is the first question: Ctrl-C leaves' }]);
  }
}

function createAsk(put: (question: Question) => Promise<unknown>, note: Ask['note']): Ask {
  return {
    text: (question) => put({ kind: 'text', ...question }) as Promise<string>,
    number: (question) => put({ kind: 'number', ...question }) as Promise<number>,
    choose: (question) => put({ kind: 'choose', ...question }) as Promise<string>,
    many: (question) => put({ kind: 'many', ...question }) as Promise<readonly string[]>,
    confirm: (question) => put({ kind: 'confirm', ...question }) as Promise<boolean>,
    form: (question) => put({ kind: 'form', ...question }) as Promise<Readonly<Record<string, string>>>,
    note,
  };
}

function isSame(answer: unknown, earlier: unknown): boolean {
  return JSON.stringify(answer) === JSON.stringify(earlier);
}

function withInitial(question: Question, value: unknown): Question {
  return question.kind === 'form' ? question : ({ ...question, initial: value } as Question);
}

/** True for the error that means "the investigator left the questions". */
export function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.code === 'QUESTION_CANCELLED';
}
