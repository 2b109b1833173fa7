import { visible } from '../../base/visible.ts';
import type { Choice } from '../../module/ask.ts';
import { cellWidth } from '../input/graphemes.ts';
import { keyCommandOf } from '../input/key-bindings.ts';
import type { Token } from '../input/take-token.ts';
import { layOutLine } from '../views/lay-out-line.ts';
import { findChoices } from './find-choices.ts';
import { proposeLine, typeLine, type AnswerLine } from './type-line.ts';
import { headOf, type DrawOptions, type Meant, type Widget } from './widget.ts';

export interface ChoiceState {
  /** What is typed to filter. */
  readonly line: AnswerLine;
  /** Place of the pointer in the filtered choices. */
  readonly at: number;
  /** Names marked, of a question for many. */
  readonly marked: ReadonlySet<string>;
}

export interface ChoiceWidgetOptions {
  readonly message: string;
  readonly choices: readonly Choice[];
  /** The choice under the pointer at the start, or those marked. */
  readonly initial: readonly string[];
  readonly isMany: boolean;
  readonly check?: ((values: readonly string[]) => string | undefined) | undefined;
}

const pageRows = 10;

/** One choice, or many, of a list that is filtered by typing. */
export function createChoiceWidget(options: ChoiceWidgetOptions): Widget<ChoiceState> {
  const { message, choices, initial, isMany } = options;
  const filtered = ({ line }: ChoiceState): readonly Choice[] => findChoices(choices, line.text).choices;
  const first = isMany ? 0 : choices.findIndex(({ name }) => name === initial[0]);
  return {
    start: { line: proposeLine(''), at: Math.max(0, first), marked: new Set(isMany ? initial : []) },
    next: (state, token) => {
      if (isMany && token.kind === 'text') {
        // A run of text may hold several keys: each space marks, the rest filters.
        return Array.from(token.text).reduce((now, text) => typeOrToggle(now, text, filtered), state);
      }
      const line = typeLine(state.line, token);
      if (line) return filterBy(state, line);
      return token.kind === 'key' ? move(state, token, filtered(state)) : state;
    },
    meant: (state) => (isMany ? meantMany(state, options) : meantOne(state, choices)),
    isEmpty: ({ line }) => line.text === '',
    draw: (state, screen) => {
      const { rows, cursor } = layOutLine(`${headOf(message)} `, state.line, screen);
      const list = drawChoices(filtered(state), state, isMany, { ...screen, maxRows: screen.maxRows - rows.length });
      return { rows: [...rows, ...list], cursor };
    },
    format: (value) => (Array.isArray(value) ? value.join(', ') || 'none' : String(value)),
    keys: () => (isMany ? 'Space marks, typing filters' : 'arrows move, typing filters'),
  };
}

function filterBy(state: ChoiceState, line: AnswerLine): ChoiceState {
  return { ...state, line, at: line.text === state.line.text ? state.at : 0 };
}

function typeOrToggle(
  state: ChoiceState,
  text: string,
  filtered: (state: ChoiceState) => readonly Choice[],
): ChoiceState {
  if (text === ' ') return toggle(state, filtered(state));
  const line = typeLine(state.line, { kind: 'text', text });
  return line ? filterBy(state, line) : state;
}

function toggle(state: ChoiceState, shown: readonly Choice[]): ChoiceState {
  const name = shown[state.at]?.name;
  if (name === undefined) return state;
  const marked = new Set(state.marked);
  if (!marked.delete(name)) marked.add(name);
  return { ...state, marked };
}

function move(
  state: ChoiceState,
  token: Token & { readonly kind: 'key' },
  shown: readonly Choice[],
): ChoiceState | 'submit' {
  const pages: Readonly<Record<string, number>> = { '\x1b[5~': -pageRows, '\x1b[6~': pageRows };
  const page = pages[token.sequence];
  if (page !== undefined) return { ...state, at: Math.max(0, Math.min(shown.length - 1, state.at + page)) };
  switch (keyCommandOf(token.sequence)) {
    case 'enter':
      return 'submit';
    case 'up':
      return { ...state, at: state.at > 0 ? state.at - 1 : Math.max(0, shown.length - 1) };
    case 'down':
      return { ...state, at: state.at < shown.length - 1 ? state.at + 1 : 0 };
    case 'tab': {
      const name = shown[state.at]?.name;
      return name === undefined ? state : { ...state, line: { ...proposeLine(name), isProposed: false }, at: 0 };
    }
    default:
      return state;
  }
}

function meantOne({ line, at }: ChoiceState, choices: readonly Choice[]): Meant {
  const found = findChoices(choices, line.text);
  const chosen = found.choices[at] ?? found.choices[0];
  if (!chosen) return { problem: `expected one of the list, got '${line.text}'` };
  return { value: chosen.name, ...(found.carried === undefined ? {} : { carried: found.carried }) };
}

function meantMany({ marked }: ChoiceState, { choices, check }: ChoiceWidgetOptions): Meant {
  const value = choices.map(({ name }) => name).filter((name) => marked.has(name));
  const problem = check?.(value);
  return problem === undefined ? { value } : { problem };
}

function drawChoices(
  choices: readonly Choice[],
  { at, marked }: ChoiceState,
  isMany: boolean,
  { paint, columns, maxRows }: DrawOptions,
): readonly string[] {
  const width = columns - 1;
  if (maxRows < 1) return [];
  if (choices.length === 0) return [paint.text('quiet', '  nothing in the list fits', width)];
  const isCut = choices.length > Math.min(pageRows, maxRows);
  const page = Math.max(1, Math.min(pageRows, maxRows - (isCut ? 1 : 0)));
  const from = Math.max(0, Math.min(at - Math.floor(page / 2), choices.length - page));
  const longest = Math.max(...choices.map(({ name }) => cellWidth(visible(name))));
  const column = Math.min(longest, Math.max(8, Math.floor(width / 2)));
  const rows = choices.slice(from, from + page).map(({ name, hint = '' }, index) => {
    const isPointed = from + index === at;
    const mark = isMany ? `${marked.has(name) ? '[x]' : '[ ]'} ` : '';
    const start = `${isPointed ? '>' : ' '} ${mark}`;
    const gap = ' '.repeat(Math.max(0, column - cellWidth(visible(name))) + 2);
    const room = width - start.length - column - 2;
    return (
      paint.text(isPointed ? 'good' : 'plain', start) +
      paint.text(isPointed ? 'heading' : 'plain', name, Math.min(column, width - start.length)) +
      (room > 6 && hint !== '' ? gap + paint.text('quiet', hint, room) : '')
    );
  });
  return isCut ? [...rows, paint.text('quiet', `  ${at + 1} of ${choices.length}`, width)] : rows;
}
