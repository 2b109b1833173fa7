import { describe, expect, test } from 'vitest';
import { createPlainAnswerer } from '../../../src/console/plain-answerer.ts';
import type { Answer, Question } from '../../../src/module/ask.ts';

function answerFrom(lines: readonly string[]) {
  const left = [...lines];
  const said: string[] = [];
  const problems: string[] = [];
  const answerer = createPlainAnswerer({
    nextLine: async () => left.shift(),
    print: (printed) => void said.push(...printed.map(({ text }) => text)),
    printProblem: (problem) => void problems.push(problem),
  });
  return { answer: answerer.answer, said, problems, left };
}

const color: Question = {
  kind: 'choose',
  message: 'Colour',
  choices: [{ name: 'red' }, { name: 'green' }, { name: 'name' }],
};
const value = (answer: Answer): unknown => (answer.kind === 'value' ? answer.value : answer.kind);

describe('answers from the lines of a script', () => {
  test.each([
    ['green', 'green'],
    ['GREEN', 'green'],
    ['2', 'green'],
    ['gr', 'green'],
  ])('choose by %s', async (typed, expected) => {
    expect(value(await answerFrom([typed]).answer(color))).toBe(expected);
  });

  test('in the form of MIG answer two questions at once: the word, and its value', async () => {
    const script = answerFrom(['name ^passwd$', 'next']);
    expect(value(await script.answer(color))).toBe('name');
    expect(value(await script.answer({ kind: 'text', message: 'name' }))).toBe('^passwd$');
    expect(value(await script.answer({ kind: 'text', message: 'more' }))).toBe('next');
  });

  test('in the form of MIG that are wrong may be said again in the same form', async () => {
    const script = answerFrom(['name (', 'name x']);
    const check = (typed: string) => (typed === '(' ? 'expected a regular expression' : undefined);
    expect(value(await script.answer(color))).toBe('name');
    expect(value(await script.answer({ kind: 'text', message: 'name', check }))).toBe('x');
  });

  test('that are wrong are told, and the next line is taken', async () => {
    const script = answerFrom(['blue', 'red']);
    expect(value(await script.answer(color))).toBe('red');
    expect(script.problems).toEqual(['expected one of red, green, name, got "blue"; "cancel" leaves the questions']);
  });

  test('are checked as typed ones are', async () => {
    const script = answerFrom(['(', 'x']);
    const check = (typed: string) => (typed === '(' ? 'expected a regular expression' : undefined);
    expect(value(await script.answer({ kind: 'text', message: 'name', check }))).toBe('x');
    expect(script.problems).toEqual(['expected a regular expression']);
  });

  test('may be numbers, yes or no, several names, forms; an empty line is the proposal', async () => {
    const script = answerFrom(['abc', '7', '', 'maybe', 'y', 'red, green', '', 'x', '']);
    expect(value(await script.answer({ kind: 'number', message: 'n' }))).toBe(7);
    expect(value(await script.answer({ kind: 'number', message: 'n', initial: 3 }))).toBe(3);
    expect(value(await script.answer({ kind: 'confirm', message: 'sure?' }))).toBe(true);
    expect(value(await script.answer({ kind: 'many', message: 'm', choices: color.choices }))).toEqual([
      'red',
      'green',
    ]);
    expect(value(await script.answer({ ...color, initial: 'red' }))).toBe('red');
    const fields = [
      { name: 'a', message: 'A' },
      { name: 'b', message: 'B', initial: 'beta' },
    ];
    expect(value(await script.answer({ kind: 'form', message: 'f', fields }))).toEqual({ a: 'x', b: 'beta' });
    expect(script.problems).toEqual([
      'expected a number, got "abc"; "cancel" leaves the questions',
      'expected y or n, got "maybe"; "cancel" leaves the questions',
    ]);
  });

  test('end with the input: the question is cancelled', async () => {
    expect(await answerFrom([]).answer(color)).toEqual({ kind: 'cancel' });
    const form: Question = { kind: 'form', message: 'f', fields: [{ name: 'a', message: 'A' }] };
    expect(await answerFrom([]).answer(form)).toEqual({ kind: 'cancel' });
  });
});
