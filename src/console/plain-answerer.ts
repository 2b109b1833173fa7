/** Answers from the lines of a script: each question takes the next line, and an end of input cancels it. */
import type { Answer, Answerer, Question } from '../module/ask.ts';
import { nearest } from '../base/nearest.ts';
import { line, type Line } from '../module/line.ts';

/** Where answers come from and where questions go. */
export interface PlainAnswererOptions {
  /** The next line, or undefined at the end of input. */
  readonly nextLine: () => Promise<string | undefined>;
  readonly print: (lines: readonly Line[]) => void;
  /** Why a line is no answer. */
  readonly printProblem: (problem: string) => void;
}

type Parsed =
  | { readonly value: unknown; readonly word?: string; readonly rest?: string }
  | { readonly problem: string };

/**
 * `choose` takes a name, its unique beginning or its number, and in MIG's form what stands behind the name answers the next question: "name ^passwd$".
 * An invalid answer is told and the next line is taken.
 */
export function createPlainAnswerer(options: PlainAnswererOptions): Answerer {
  let ahead: { readonly word: string; readonly rest: string } | undefined;

  const take = async (): Promise<string | undefined> => {
    const given = ahead?.rest;
    ahead = undefined;
    return given ?? (await options.nextLine());
  };
  /** A script that is wrong about "name (" says it again as "name ^passwd$". */
  const takeAgain = async (word: string | undefined): Promise<string | undefined> => {
    const typed = await options.nextLine();
    return word !== undefined && typed?.startsWith(`${word} `) ? typed.slice(word.length + 1) : typed;
  };

  return {
    note: options.print,
    answer: async (question): Promise<Answer> => {
      if (question.kind === 'form') return answerForm(question, take, options);
      options.print(describeQuestion(question));
      const word = ahead?.word;
      for (let typed = await take(); ; typed = await takeAgain(word)) {
        if (typed === undefined || isWayOut(question, typed)) return { kind: 'cancel' };
        const parsed = parseAnswer(question, typed);
        if ('problem' in parsed) {
          options.printProblem(
            isClosed(question) ? `${parsed.problem}; "cancel" leaves the questions` : parsed.problem,
          );
          continue;
        }
        if (parsed.word !== undefined && parsed.rest !== undefined) ahead = { word: parsed.word, rest: parsed.rest };
        return { kind: 'value', value: parsed.value };
      }
    },
  };
}

/** Where only certain answers are possible, the word cancel is none of them and leaves. */
function isWayOut(question: Question, typed: string): boolean {
  return isClosed(question) && typed.trim() === 'cancel';
}

function isClosed({ kind }: Question): boolean {
  return kind === 'choose' || kind === 'many' || kind === 'confirm' || kind === 'number';
}

/** A form is its fields, one line each. */
async function answerForm(
  question: Question & { readonly kind: 'form' },
  take: () => Promise<string | undefined>,
  options: PlainAnswererOptions,
): Promise<Answer> {
  for (;;) {
    const values: Record<string, string> = {};
    for (const { name, message, initial } of question.fields) {
      options.print([line(`? ${message}${initial === undefined ? '' : ` [${initial}]`}`, 'quiet')]);
      const typed = await take();
      if (typed === undefined) return { kind: 'cancel' };
      values[name] = typed === '' ? (initial ?? '') : typed;
    }
    const problem = question.check?.(values);
    if (problem === undefined) return { kind: 'value', value: values };
    options.printProblem(problem);
  }
}

function describeQuestion(question: Question): readonly Line[] {
  const names = question.kind === 'choose' || question.kind === 'many' ? question.choices.map(({ name }) => name) : [];
  const choices = names.length === 0 ? (question.kind === 'confirm' ? ' (y/n)' : '') : ` (${names.join(', ')})`;
  return [line(`? ${question.message}${choices}`, 'quiet')];
}

function parseAnswer(question: Exclude<Question, { readonly kind: 'form' }>, typed: string): Parsed {
  const isEmpty = typed.trim() === '';
  switch (question.kind) {
    case 'text': {
      const value = typed === '' ? (question.initial ?? '') : typed;
      return checked(value, question.check?.(value));
    }
    case 'number': {
      if (isEmpty && question.initial !== undefined) return { value: question.initial };
      const problem =
        question.check?.(typed) ??
        (isEmpty || Number.isNaN(Number(typed)) ? `expected a number, got ${JSON.stringify(typed)}` : undefined);
      return checked(Number(typed), problem);
    }
    case 'confirm':
      return parseConfirm(question.initial, typed.trim());
    case 'choose':
      return parseChoice(question, typed.trim());
    case 'many':
      return parseMany(question, typed);
  }
}

function parseConfirm(initial: boolean | undefined, typed: string): Parsed {
  if (typed === '' && initial !== undefined) return { value: initial };
  if (/^y(es)?$/i.test(typed)) return { value: true };
  if (/^no?$/i.test(typed)) return { value: false };
  return { problem: `expected y or n, got ${JSON.stringify(typed)}` };
}

function parseChoice(question: Question & { readonly kind: 'choose' }, typed: string): Parsed {
  const names = question.choices.map(({ name }) => name);
  if (typed === '' && question.initial !== undefined) return { value: question.initial };
  const whole = findName(names, typed);
  if (whole !== undefined) return { value: whole };
  const [, word = '', rest = ''] = /^(\S+)\s+(.+)$/s.exec(typed) ?? [];
  const begun = word === '' ? undefined : findName(names, word);
  if (begun !== undefined) return { value: begun, word, rest };
  const near = nearest(word === '' ? typed : word, names);
  return {
    problem: `expected one of ${names.join(', ')}, got ${JSON.stringify(typed)}${near ? `: did you mean ${near}?` : ''}`,
  };
}

function parseMany(question: Question & { readonly kind: 'many' }, typed: string): Parsed {
  const names = question.choices.map(({ name }) => name);
  if (typed.trim() === '') return checkedMany(question, question.initial ?? []);
  const values: string[] = [];
  for (const word of typed.split(/[\s,]+/).filter((one) => one !== '')) {
    const name = findName(names, word);
    if (name === undefined) return { problem: `expected names of ${names.join(', ')}, got ${JSON.stringify(word)}` };
    values.push(name);
  }
  return checkedMany(question, values);
}

function checkedMany(question: Question & { readonly kind: 'many' }, values: readonly string[]): Parsed {
  return checked(values, question.check?.(values));
}

/** A name, its number counting from 1, or its unique beginning. */
function findName(names: readonly string[], typed: string): string | undefined {
  const exact = names.find((name) => name.toLowerCase() === typed.toLowerCase());
  if (exact !== undefined) return exact;
  if (/^\d{1,4}$/.test(typed)) return names[Number(typed) - 1];
  const begun = names.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
  return begun.length === 1 ? begun[0] : undefined;
}

function checked(value: unknown, problem: string | undefined): Parsed {
  return problem === undefined ? { value } : { problem };
}
