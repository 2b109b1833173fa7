import { completeLine, type CompletionMenu } from '../input/complete-line.ts';
import type { EditedLine } from '../input/edit-line.ts';
import { keyCommandOf } from '../input/key-bindings.ts';
import type { Completion } from '../ports.ts';
import { layOutLine } from '../views/lay-out-line.ts';
import { layOutMenu } from '../views/lay-out-menu.ts';
import { proposeLine, typeLine, type AnswerLine } from './type-line.ts';
import { headOf, type Meant, type Widget } from './widget.ts';

export interface TextState {
  readonly line: AnswerLine;
  readonly menu: CompletionMenu | undefined;
}

export interface TextWidgetOptions {
  readonly message: string;
  /** Stands in the line from the start, to be taken, edited or replaced. */
  readonly initial: string;
  readonly meant: (typed: string) => Meant;
  readonly complete?: ((typed: string) => Completion) | undefined;
  readonly format?: ((value: unknown) => string) | undefined;
}

/** A typed answer: text, a number, or yes and no. */
export function createTextWidget({ message, initial, meant, complete, format }: TextWidgetOptions): Widget<TextState> {
  return {
    start: { line: proposeLine(initial), menu: undefined },
    next: (state, token) => {
      const line = typeLine(state.line, token);
      if (line) return { line, menu: undefined };
      const command = token.kind === 'key' ? keyCommandOf(token.sequence) : undefined;
      if (command === 'enter') return 'submit';
      if (command !== 'tab' || !complete) return state;
      if (state.menu) return { ...state, menu: { ...state.menu, isListed: true } };
      const completed = completeLine(state.line, complete(state.line.text.slice(0, state.line.cursor)));
      // A value is not a command line: no space behind it.
      return { ...completed, line: { ...dropSpace(completed.line, state.line), isProposed: false } };
    },
    meant: ({ line }) => meant(line.text),
    isEmpty: ({ line }) => line.text === '',
    draw: ({ line, menu }, options) => {
      const { rows, cursor } = layOutLine(`${headOf(message)} `, line, options);
      const room = options.maxRows - rows.length;
      const below =
        menu?.isListed && room > 0 ? layOutMenu(menu.candidates, { ...options, maxRows: Math.min(8, room) }) : [];
      return { rows: [...rows, ...below], cursor };
    },
    format: format ?? ((value) => String(value)),
    keys: ({ line }) =>
      [line.isProposed ? 'typing replaces the value, arrows edit it' : '', complete ? 'Tab completes' : '']
        .filter((text) => text !== '')
        .join(' · '),
  };
}

function dropSpace(line: EditedLine, before: EditedLine): EditedLine {
  if (line === before || line.text.charAt(line.cursor - 1) !== ' ') return line;
  const head = line.text.slice(0, line.cursor - 1);
  return { ...line, text: head + line.text.slice(line.cursor), cursor: head.length };
}
