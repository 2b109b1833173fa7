/**
 * Questions to an investigator, as a ParamsCreator asks them. It asks, it does not draw: who answers (a terminal prompt, the lines of a script, a test)
 * is behind an `Answerer`.
 *
 * Going back works by replay: an answer is taken back by running the creator again from its start with all answers but the last. A creator must
 * therefore ask the same questions when it gets the same answers.
 */
import { AppError, messageOf, ModuleError } from '../base/app-error.ts';
import type { ReadTextFile } from './file-flags.ts';
import { line, type Line } from './line.ts';

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
export interface FileQuestion extends Omit<TextQuestion, 'complete'> {
  /** Makes of what is in the file the text that the check looks at. Throws what is wrong with it. */
  readonly convert?: ((content: string) => Promise<string>) | undefined;
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
  /** The text in a file of this host, whose path is asked for; the check looks at the text. */
  readonly file: (question: FileQuestion) => Promise<string>;
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

/** An answer that was a path, with what the file held when it was given. */
class FileAnswer {
  readonly path: string;
  readonly content: string;

  constructor(path: string, content: string) {
    this.path = path;
    this.content = content;
  }
}

/** Makes of what was answered what is kept as the answer, or says why it is none. */
type Take = (value: unknown) => Promise<{ readonly value: unknown } | { readonly problem: string }>;

const keepValue: Take = async (value) => ({ value });

function takeFile({ check, convert }: FileQuestion, readTextFile: ReadTextFile): Take {
  return async (path) => {
    try {
      const read = await readTextFile(String(path));
      const content = (await convert?.(read)) ?? read;
      const problem = check?.(content);
      return problem === undefined ? { value: new FileAnswer(String(path), content) } : { problem };
    } catch (error) {
      return { problem: messageOf(error) };
    }
  };
}

async function readNoFile(path: string): Promise<string> {
  throw new ModuleError('FLAG_VALUE', `expected a text, got the file ${path}, which nobody reads here`);
}

/** Runs a creator to its end. Throws ModuleError QUESTION_CANCELLED when the investigator leaves. */
export async function runCreator<Params>(
  creator: ParamsCreator<Params>,
  answerer: Answerer,
  previous?: Params,
  readTextFile: ReadTextFile = readNoFile,
): Promise<Params> {
  const answers: unknown[] = [];
  /** Answers that were taken back, the latest last: they are proposed again as long as they are given again. */
  let takenBack: readonly unknown[] = [];

  for (;;) {
    let next = 0;
    const put = async (question: Question, take: Take = keepValue): Promise<unknown> => {
      if (next < answers.length) return answers[next++];
      let asked = takenBack.length > 0 ? withInitial(question, takenBack.at(-1)) : question;
      for (;;) {
        const answer = await answerFor(asked, answerer, answers.length === 0);
        if (answer === 'back') throw new TakeBack();
        const taken = await take(answer.value);
        if ('problem' in taken) {
          answerer.note([line(taken.problem, 'error')]);
          asked = withInitial(question, answer.value);
          continue;
        }
        takenBack = isSame(taken.value, takenBack.at(-1)) ? takenBack.slice(0, -1) : [];
        answers.push(taken.value);
        next++;
        return taken.value;
      }
    };
    const note: Ask['note'] = (lines) => {
      if (next >= answers.length) answerer.note(lines);
    };
    const ask = createAsk(put, note, readTextFile);
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

function createAsk(
  put: (question: Question, take?: Take) => Promise<unknown>,
  note: Ask['note'],
  readTextFile: ReadTextFile,
): Ask {
  return {
    file: async ({ check, convert, ...question }) =>
      contentOf(
        await put(
          { kind: 'text', complete: 'path', ...question },
          takeFile({ ...question, check, convert }, readTextFile),
        ),
      ),
    text: (question) => put({ kind: 'text', ...question }) as Promise<string>,
    number: (question) => put({ kind: 'number', ...question }) as Promise<number>,
    choose: (question) => put({ kind: 'choose', ...question }) as Promise<string>,
    many: (question) => put({ kind: 'many', ...question }) as Promise<readonly string[]>,
    confirm: (question) => put({ kind: 'confirm', ...question }) as Promise<boolean>,
    form: (question) => put({ kind: 'form', ...question }) as Promise<Readonly<Record<string, string>>>,
    note,
  };
}

function contentOf(answer: unknown): string {
  return answer instanceof FileAnswer ? answer.content : '';
}

function isSame(answer: unknown, earlier: unknown): boolean {
  return JSON.stringify(answer) === JSON.stringify(earlier);
}

function withInitial(question: Question, value: unknown): Question {
  const initial = value instanceof FileAnswer ? value.path : value;
  return question.kind === 'form' ? question : ({ ...question, initial } as Question);
}

/** True for the error that means "the investigator left the questions". */
export function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.code === 'QUESTION_CANCELLED';
}
