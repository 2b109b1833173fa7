import type { Answer, Answerer, Question } from '../../src/module/ask.ts';

/** What a script may answer: a value, or one of the two ways out. */
export type ScriptedAnswer = Answer | string | number | boolean | readonly string[];

export const back: Answer = { kind: 'back' };
export const cancel: Answer = { kind: 'cancel' };

/**
 * Answers questions from a list, and fails when the list is over or an answer does not pass the question's check. `asked` collects the questions and
 * `notes` what was said between them.
 */
export function createScriptedAnswerer(answers: readonly ScriptedAnswer[]): Answerer & {
  readonly asked: readonly Question[];
  readonly notes: readonly string[];
} {
  const left = [...answers];
  const asked: Question[] = [];
  const notes: string[] = [];
  return {
    asked,
    notes,
    note: (lines) => void notes.push(...lines.map(({ text }) => text)),
    answer: async (question) => {
      asked.push(question);
      for (;;) {
        const next = left.shift();
        if (next === undefined) throw new Error(`no answer left for: ${question.message}`);
        if (typeof next === 'object' && 'kind' in next) return next;
        const problem = findProblem(question, next);
        if (problem === undefined) return { kind: 'value', value: next };
        notes.push(problem);
      }
    },
  };
}

function findProblem(question: Question, value: unknown): string | undefined {
  if (question.kind === 'text') return question.check?.(String(value));
  if (question.kind === 'number') return question.check?.(String(value));
  if (question.kind === 'choose') {
    const names = question.choices.map(({ name }) => name);
    return names.includes(String(value)) ? undefined : `expected one of ${names.join(', ')}, got ${String(value)}`;
  }
  return undefined;
}
