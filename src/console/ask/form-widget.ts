import type { FormField } from '../../module/ask.ts';
import { cellWidth } from '../input/graphemes.ts';
import { keyCommandOf } from '../input/key-bindings.ts';
import { cutRaw } from '../views/fit-text.ts';
import { layOutLine } from '../views/lay-out-line.ts';
import { proposeLine, typeLine, type AnswerLine } from './type-line.ts';
import { headOf, type Frame, type Widget } from './widget.ts';

export interface FormState {
  readonly lines: readonly AnswerLine[];
  /** The field that is typed into. */
  readonly at: number;
}

export interface FormWidgetOptions {
  readonly message: string;
  readonly fields: readonly FormField[];
  readonly check?: ((values: Readonly<Record<string, string>>) => string | undefined) | undefined;
}

/** Several typed answers at once. Enter goes to the next field and, on the last, gives the answer. */
export function createFormWidget({ message, fields, check }: FormWidgetOptions): Widget<FormState> {
  const valuesOf = ({ lines }: FormState): Readonly<Record<string, string>> =>
    Object.fromEntries(fields.map(({ name }, index) => [name, lines[index]?.text ?? '']));
  const last = fields.length - 1;
  return {
    start: { lines: fields.map(({ initial = '' }) => proposeLine(initial)), at: 0 },
    next: (state, token) => {
      const present = state.lines[state.at];
      const line = present && typeLine(present, token);
      if (line) return { ...state, lines: state.lines.with(state.at, line) };
      const command = token.kind === 'key' ? keyCommandOf(token.sequence) : undefined;
      if (command === 'enter') return state.at >= last ? 'submit' : { ...state, at: state.at + 1 };
      if (command === 'tab') return { ...state, at: state.at >= last ? 0 : state.at + 1 };
      if (command === 'down') return { ...state, at: Math.min(last, state.at + 1) };
      if (command === 'up' || (token.kind === 'key' && token.sequence === '\x1b[Z')) {
        return { ...state, at: Math.max(0, state.at - 1) };
      }
      return state;
    },
    meant: (state) => {
      const value = valuesOf(state);
      const problem = check?.(value);
      return problem === undefined ? { value } : { problem };
    },
    isEmpty: ({ lines, at }) => (lines[at]?.text ?? '') === '',
    draw: ({ lines, at }, options): Frame => {
      const { paint, columns, maxRows } = options;
      const width = columns - 1;
      const longest = Math.min(Math.floor(width / 2), Math.max(0, ...fields.map((field) => cellWidth(field.message))));
      const rows = [paint.text('heading', headOf(message), width)];
      let cursor = { x: 0, y: 0 };
      for (const [index, field] of fields.entries()) {
        const label = cutRaw(field.message, longest);
        const head = `${index === at ? '>' : ' '} ${label}${' '.repeat(longest - cellWidth(label))}: `;
        if (index === at) {
          const drawn = layOutLine(head, lines[index] ?? proposeLine(''), { ...options, maxRows: 3 });
          cursor = { x: drawn.cursor.x, y: rows.length + drawn.cursor.y };
          rows.push(...drawn.rows);
        } else {
          rows.push(head + paint.text('plain', lines[index]?.text ?? '', Math.max(0, width - cellWidth(head))));
        }
      }
      const from = Math.max(0, Math.min(cursor.y - maxRows + 1, rows.length - maxRows));
      return { rows: rows.slice(from, from + maxRows), cursor: { ...cursor, y: cursor.y - from } };
    },
    format: (value) =>
      Object.entries(value as Readonly<Record<string, string>>)
        .map(([name, text]) => `${name}=${text}`)
        .join(' '),
    keys: () => 'Tab or arrows change the field',
  };
}
