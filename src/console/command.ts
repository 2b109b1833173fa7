import { ConsoleError } from '../base/app-error.ts';
import type { Effect } from './effect.ts';
import type { Mode } from './ports.ts';
import type { State } from './state.ts';
import type { Word } from './words.ts';

/** What comes of an event: the next state, and what is to be done, in order. */
export type Step = readonly [State, readonly Effect[]];

/** A typed line, with the command's own name taken off. */
export interface Call {
  readonly words: readonly Word[];
  readonly args: readonly string[];
  /** What stands behind the command's name, as it was typed. */
  readonly raw: string;
  /** The command's name, written out. */
  readonly name: string;
  readonly nowMs: number;
}

/** Where completions of a word come from. */
export type CompletionSource =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'actions' | 'commands' | 'agents' | 'modules' | 'paths' | 'topics' | 'columns' }
  /** What the results of an action can be followed into. */
  | { readonly kind: 'pivots'; readonly action: number; readonly n?: number | undefined }
  | { readonly kind: 'flags'; readonly module: string }
  | { readonly kind: 'flagValue'; readonly module: string; readonly flag: string };

/** One word an investigator can say. Help, prefixes, suggestions and completion are made from the list of these. */
export interface Command {
  readonly name: string;
  /** Other names, MIG's where it had another. */
  readonly aliases: readonly string[];
  readonly modes: readonly Mode[];
  /** One line, no full stop. */
  readonly summary: string;
  readonly usage: string;
  readonly examples: readonly string[];
  /** `before` are the finished words behind the command's name. */
  readonly complete?: (before: readonly string[], state: State) => readonly CompletionSource[];
  /** Pure. Throws ConsoleError or ModuleError for what it does not understand: the state is then left as it was. */
  readonly run: (state: State, call: Call) => Step;
}

export const allModes: readonly Mode[] = ['base', 'launcher', 'action', 'command', 'agent'];

/** The error for words that do not fit the usage. */
export function usageError(message: string): ConsoleError {
  return new ConsoleError('COMMAND_USAGE', message);
}

/** Throws ConsoleError COMMAND_USAGE when there are more words than that. */
export function expectAtMost(args: readonly string[], most: number): void {
  const extra = args[most];
  if (extra !== undefined)
    throw usageError(`expected ${most === 0 ? 'nothing' : `at most ${most} words`} here, got ${JSON.stringify(extra)}`);
}
