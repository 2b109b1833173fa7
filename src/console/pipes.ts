/** Filters behind a pipe: they work on the lines or rows that would be printed. */
import { RE2JS } from 're2js';
import { ConsoleError, messageOf } from '../base/app-error.ts';
import { nearest } from '../base/nearest.ts';
import type { Word } from './words.ts';

export interface Grep {
  readonly kind: 'grep';
  readonly expression: string;
  readonly invert: boolean;
}

export type Pipe = Grep | { readonly kind: 'head'; readonly count: number } | { readonly kind: 'count' };

const pipeNames = ['grep', 'head', 'count'] as const;

/** Cuts words at unquoted | signs: what stands before the first, and the filters. Throws ConsoleError FILTER_INVALID. */
export function splitPipes(words: readonly Word[]): {
  readonly words: readonly string[];
  readonly pipes: readonly Pipe[];
} {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word.text === '|' && !word.quoted) parts.push([]);
    else parts.at(-1)?.push(word.text);
  }
  const [before = [], ...filters] = parts;
  return { words: before, pipes: filters.map(parsePipe) };
}

/** Takes what passes all filters, in order; `count` comes to the number of what reached it. */
export async function* applyPipes<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  pipes: readonly Pipe[],
  options: { readonly textOf: (item: Item) => string; readonly countItem: (count: number) => Item },
): AsyncGenerator<Item> {
  let passed: AsyncIterable<Item> | Iterable<Item> = items;
  for (const pipe of pipes) {
    if (pipe.kind === 'grep') passed = grep(passed, pipe, options.textOf);
    else if (pipe.kind === 'head') passed = head(passed, pipe.count);
    else passed = count(passed, options.countItem);
  }
  yield* passed;
}

async function* grep<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  pipe: Grep,
  textOf: (item: Item) => string,
): AsyncGenerator<Item> {
  const matches = createMatcher([pipe]);
  for await (const item of items) {
    if (matches(textOf(item))) yield item;
  }
}

/** Whether a text passes all of them. */
export function createMatcher(greps: readonly Grep[]): (text: string) => boolean {
  const compiled = greps.map(({ expression, invert }) => ({ expression: compile(expression), invert }));
  return (text) => compiled.every(({ expression, invert }) => expression.matcher(text).find() !== invert);
}

async function* head<Item>(items: AsyncIterable<Item> | Iterable<Item>, most: number): AsyncGenerator<Item> {
  let taken = 0;
  // Read to the end all the same: the summary and the exit status count what is not shown too.
  for await (const item of items) {
    if (taken >= most) continue;
    taken++;
    yield item;
  }
}

async function* count<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  countItem: (count: number) => Item,
): AsyncGenerator<Item> {
  let all = 0;
  for await (const item of items) if (item !== undefined) all++;
  yield countItem(all);
}

function parsePipe(words: readonly string[]): Pipe {
  const [name, ...rest] = words;
  if (name === undefined) throw invalid('expected a filter behind |, got the end of the line');
  if (name === 'grep') return parseGrep(rest);
  if (name === 'head') {
    const [many = '10', ...more] = rest;
    const typed = many.replace(/^-n?/, '');
    if (more.length > 0 || !/^\d{1,9}$/.test(typed)) {
      throw invalid(`head: expected a number of lines, got ${JSON.stringify(rest.join(' '))}`);
    }
    return { kind: 'head', count: Number(typed) };
  }
  if (name === 'count') {
    if (rest.length > 0) throw invalid(`count: expected nothing behind it, got ${JSON.stringify(rest.join(' '))}`);
    return { kind: 'count' };
  }
  const near = nearest(name, pipeNames);
  throw invalid(`${JSON.stringify(name)} is not a filter${near ? `: did you mean ${near}?` : ''}`);
}

function parseGrep(words: readonly string[]): Pipe {
  const invert = words[0] === '-v';
  const expressions = invert ? words.slice(1) : words;
  const [expression] = expressions;
  if (expression === undefined || expressions.length > 1) {
    throw invalid(`grep: expected one expression (quote it if it holds blanks), got ${expressions.length}`);
  }
  compile(expression);
  return { kind: 'grep', expression, invert };
}

function compile(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression);
  } catch (cause) {
    throw new ConsoleError(
      'FILTER_INVALID',
      `grep: ${JSON.stringify(expression)} is not a regular expression: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function invalid(message: string): ConsoleError {
  return new ConsoleError('FILTER_INVALID', message);
}
