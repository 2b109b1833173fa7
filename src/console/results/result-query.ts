/** What `results` and `export` are asked for. */
import { ConsoleError } from '../../base/app-error.ts';
import { nearest } from '../../base/nearest.ts';
import { parseFlagWord } from '../../module/flags.ts';
import { parseCommandId } from '../ids.ts';
import { splitPipes, type Pipe } from '../pipes.ts';
import { parseFormat, type Format, type Settings } from '../settings.ts';
import type { Word } from '../words.ts';

export type Show = 'found' | 'notfound' | 'all';

export interface ResultQuery {
  readonly action: number;
  /** One command of it, counting from 1. */
  readonly n?: number | undefined;
  readonly show: Show;
  /** Part of an agent's name, or with * or % for anything. */
  readonly agent?: string | undefined;
  /** Counts from 1. */
  readonly operation?: number | undefined;
  /** At most so many lines or rows, before the filters. */
  readonly limit?: number | undefined;
  readonly sort?: { readonly column: string; readonly descending: boolean } | undefined;
  readonly columns?: readonly string[] | undefined;
  /** Columns whose values are counted over the agents. */
  readonly stack?: readonly string[] | undefined;
  readonly format: Format;
  readonly pipes: readonly Pipe[];
}

/** Where the words are typed: in a reader the action is known. */
export interface QueryContext {
  readonly action?: number | undefined;
  readonly n?: number | undefined;
  readonly settings: Settings;
}

const shows: readonly Show[] = ['found', 'notfound', 'all'];
const words = [...shows, 'sort', 'columns', 'stack', 'table', 'limit', 'agent', 'operation', 'format'];

/** Parses the words behind `results`. Throws ConsoleError COMMAND_USAGE or FILTER_INVALID. */
export function parseResultQuery(typed: readonly Word[], context: QueryContext): ResultQuery {
  const { words, pipes } = splitPipes(typed);
  const query: Partial<ResultQuery> = {};
  for (let at = 0; at < words.length;) {
    const word = words[at] ?? '';
    const [next, used] = parseWord(word, words[at + 1], context);
    Object.assign(query, next);
    at += used;
  }
  const action = query.action ?? context.action;
  if (action === undefined) {
    throw usage('expected the number of an action, as in "results 12", got none');
  }
  return {
    show: context.settings.matchonly ? 'found' : 'all',
    format: context.settings.format,
    ...(context.n === undefined ? {} : { n: context.n }),
    ...query,
    action,
    pipes,
  };
}

type Parsed = readonly [Partial<ResultQuery>, used: number];

function parseWord(word: string, next: string | undefined, context: QueryContext): Parsed {
  const show = shows.find((candidate) => candidate === word);
  if (show) return [{ show }, 1];
  if (word === 'table') return [{ format: 'table' }, 1];
  if (/^\d+(\.\d+)?$/.test(word) && context.n === undefined) return [parseId(word), 1];
  const flag = parseFlagWord(word);
  const name = flag?.name ?? word;
  const value = flag?.inline ?? next;
  const used = flag?.inline === undefined ? 2 : 1;
  if (!words.includes(name)) throw unknownWord(word);
  if (value === undefined) throw usage(`${name}: expected a value, got the end of the line`);
  return [parseOption(name, value), used];
}

function parseOption(name: string, value: string): Partial<ResultQuery> {
  switch (name) {
    case 'sort':
      return { sort: { column: value.replace(/^-/, ''), descending: value.startsWith('-') } };
    case 'columns':
      return { columns: value.split(',').filter((column) => column !== '') };
    case 'stack':
      return { stack: value.split(',').filter((column) => column !== '') };
    case 'agent':
      return { agent: value };
    case 'format':
      return { format: parseFormat(value) };
    default:
      return { [name]: parseCount(name, value) };
  }
}

function parseId(word: string): Partial<ResultQuery> {
  return word.includes('.') ? parseCommandId(word) : { action: Number(word) };
}

function parseCount(name: string, value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw usage(`${name}: expected a number from 1, got ${JSON.stringify(value)}`);
}

function unknownWord(word: string): ConsoleError {
  const near = nearest(word.replace(/^-+/, ''), words);
  return usage(
    `expected found, notfound, all or an option, got ${JSON.stringify(word)}${near ? `: did you mean ${near}?` : ''}`,
  );
}

function usage(message: string): ConsoleError {
  return new ConsoleError('COMMAND_USAGE', message);
}
