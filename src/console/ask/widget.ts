import type { Token } from '../input/take-token.ts';
import type { Paint } from '../views/paint.ts';

/** What a question draws: painted rows, each within the width, and where the cursor stands in them. */
export interface Frame {
  readonly rows: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number };
}

export interface DrawOptions {
  readonly paint: Paint;
  readonly columns: number;
  /** Rows that the widget may use; at least 1. */
  readonly maxRows: number;
}

/** The value that was meant, or why it is none. */
export type Meant = { readonly value: unknown; readonly carried?: string } | { readonly problem: string };

/** One kind of question as pure functions: how it starts, what a key does, what it means, how it looks. */
export interface Widget<State> {
  readonly start: State;
  /** The state after a key; "submit" when the key gives the answer. Esc, Ctrl-C and Ctrl-D on an empty line never arrive here. */
  readonly next: (state: State, token: Token) => State | 'submit';
  readonly meant: (state: State) => Meant;
  /** True when nothing is typed, so that Ctrl-D leaves. */
  readonly isEmpty: (state: State) => boolean;
  readonly draw: (state: State, options: DrawOptions) => Frame;
  /** The value in one line, for the answered question. */
  readonly format: (value: unknown) => string;
  /** What the keys do, in a few words. */
  readonly keys: (state: State) => string;
}

/** The message as the head of a line: closed by a colon where it does not close itself. */
export function headOf(message: string): string {
  return /[?:]$|\(y\/n\)$/.test(message) ? message : `${message}:`;
}
