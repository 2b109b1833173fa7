/** What the investigator types at the prompt, as a pure function from state and event to state and effects. */
import type { Completion } from '../ports.ts';
import { cleanTyped, maxLineLength } from './clean-typed.ts';
import { completeLine, type CompletionMenu } from './complete-line.ts';
import { editLine, emptyLine, insertText, lineOf, type EditedLine } from './edit-line.ts';
import { searchFor, searchOlder, startSearch, type HistorySearch } from './history-search.ts';
import { editOf, keyCommandOf, type KeyCommand } from './key-bindings.ts';
import { previousBoundary } from './graphemes.ts';
import type { Token } from './take-token.ts';

export interface InputState {
  readonly line: EditedLine;
  /** While earlier lines are walked through: the place shown, and the line that was being typed. */
  readonly recall: { readonly at: number; readonly typed: EditedLine } | undefined;
  readonly search: HistorySearch | undefined;
  readonly menu: CompletionMenu | undefined;
  /** True while it is asked whether the lines of a pasted text are to run one after another. */
  readonly isAskingToRun: boolean;
  /** Said under the prompt until the next key. */
  readonly notice: string | undefined;
  /** True while a line runs: the prompt waits, and so does what is typed. */
  readonly isRunning: boolean;
}

/** The earlier lines, oldest first; read only by the keys that need them, since they may come from a store. */
export type ReadHistory = () => readonly string[];

export type InputEvent =
  | { readonly kind: 'token'; readonly token: Token; readonly history: ReadHistory }
  | { readonly kind: 'completed'; readonly completion: Completion }
  | { readonly kind: 'returned'; readonly lines: readonly string[] }
  | { readonly kind: 'running'; readonly isRunning: boolean };

export type InputEffect =
  | { readonly kind: 'run'; readonly lines: readonly string[] }
  | { readonly kind: 'complete'; readonly text: string; readonly cursor: number }
  | { readonly kind: 'cleared'; readonly text: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'clear-screen' };

export type NextInput = readonly [InputState, ...InputEffect[]];

export const emptyInput: InputState = {
  line: emptyLine,
  recall: undefined,
  search: undefined,
  menu: undefined,
  isAskingToRun: false,
  notice: undefined,
  isRunning: false,
};

export function nextInput(state: InputState, event: InputEvent): NextInput {
  if (event.kind === 'running') return [{ ...state, isRunning: event.isRunning }];
  if (event.kind === 'completed') {
    const { line, menu } = completeLine(state.line, event.completion);
    return [
      { ...state, line, menu, notice: event.completion.candidates.length === 0 ? 'nothing to complete' : undefined },
    ];
  }
  if (event.kind === 'returned') {
    return [{ ...state, line: insertText({ ...state.line, cursor: 0 }, event.lines.join('\n')) }];
  }
  const { token, history } = event;
  const quiet = { ...state, notice: undefined };
  if (state.isAskingToRun) return nextAnswer(quiet, token);
  if (state.search) return nextSearch(quiet, state.search, token, history);
  return nextTyped(quiet, token, history);
}

function nextTyped(state: InputState, token: Token, history: ReadHistory): NextInput {
  if (token.kind !== 'key') {
    const { text, notice } = cleanTyped(token.text, maxLineLength - state.line.text.length);
    return [{ ...state, line: insertText(state.line, text), menu: undefined, notice }];
  }
  const edit = editOf(token.sequence);
  if (edit) return [{ ...state, line: editLine(state.line, edit), menu: undefined }];
  const command = keyCommandOf(token.sequence);
  return command ? nextCommand(state, command, history) : [state];
}

function nextCommand(state: InputState, command: KeyCommand, history: ReadHistory): NextInput {
  const { line, menu } = state;
  switch (command) {
    case 'enter':
      if (line.text.includes('\n')) return [{ ...state, isAskingToRun: true, menu: undefined }];
      return [emptied(line), { kind: 'run', lines: [line.text] }];
    case 'tab':
      if (menu) return [{ ...state, menu: { ...menu, isListed: true } }];
      return [state, { kind: 'complete', text: line.text, cursor: line.cursor }];
    case 'up':
    case 'down':
      return [walk({ ...state, menu: undefined }, command, history())];
    case 'search':
      return [{ ...state, menu: undefined, search: startSearch(line) }];
    case 'interrupt':
      if (line.text === '') return [{ ...emptied(line), notice: 'Ctrl-D or exit leaves' }];
      return [emptied(line), { kind: 'cleared', text: line.text }];
    case 'end-of-input':
      if (line.text !== '') return [{ ...state, line: editLine(line, 'delete-right'), menu: undefined }];
      return [emptied(line), { kind: 'end' }];
    case 'clear-screen':
      return [state, { kind: 'clear-screen' }];
    case 'escape':
    case 'abort':
      return [{ ...state, menu: undefined }];
  }
}

/** Nothing typed; what was killed may still be yanked. */
function emptied({ killed }: EditedLine): InputState {
  return { ...emptyInput, line: { ...emptyLine, killed } };
}

function walk(state: InputState, direction: 'up' | 'down', history: readonly string[]): InputState {
  const at = (state.recall?.at ?? history.length) + (direction === 'up' ? -1 : 1);
  const typed = state.recall?.typed ?? state.line;
  if (at < 0 || (direction === 'down' && !state.recall)) return state;
  if (at >= history.length) return { ...state, line: typed, recall: undefined };
  return { ...state, line: lineOf(history[at] ?? '', state.line.killed), recall: { at, typed } };
}

function nextSearch(state: InputState, search: HistorySearch, token: Token, history: ReadHistory): NextInput {
  const show = (next: HistorySearch): NextInput => [
    { ...state, search: next, line: next.at === undefined ? next.before : lineOf(history()[next.at] ?? '') },
  ];
  if (token.kind !== 'key') return show(searchFor(search, search.query + cleanTyped(token.text).text, history()));
  const edit = editOf(token.sequence);
  if (edit === 'delete-left') {
    return show(
      searchFor(search, search.query.slice(0, previousBoundary(search.query, search.query.length)), history()),
    );
  }
  const command = keyCommandOf(token.sequence);
  if (command === 'search') return show(searchOlder(search, history()));
  const left = { ...state, search: undefined };
  if (command === 'escape' || command === 'abort' || command === 'interrupt') return [{ ...left, line: search.before }];
  return nextTyped(left, token, history);
}

/** y runs the lines; everything else goes back to the text, so that a key too many never runs anything. */
function nextAnswer(state: InputState, token: Token): NextInput {
  const back = { ...state, isAskingToRun: false };
  if (token.kind === 'text' && /^y(es)?$/i.test(token.text)) {
    const lines = state.line.text.split('\n').filter((line) => line.trim() !== '');
    return [emptied(state.line), { kind: 'run', lines }];
  }
  if (token.kind === 'key' && keyCommandOf(token.sequence) === 'interrupt') {
    return [emptied(state.line), { kind: 'cleared', text: state.line.text }];
  }
  return [{ ...back, notice: 'not run: edit the text, or clear it with Ctrl-C' }];
}
