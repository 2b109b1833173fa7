/** What a line of output means; the console gives each tone a colour, a pipe gets the bare text. */
export type Tone = 'plain' | 'hit' | 'quiet' | 'heading' | 'good' | 'warning' | 'error';

/**
 * One line of output. The text is raw: it may hold anything an endpoint sent, and is made visible at the console's boundary, never before.
 * It contains no colour codes of its own, and a line end inside it is data.
 */
export interface Line {
  readonly tone: Tone;
  readonly text: string;
}

export function line(text: string, tone: Tone = 'plain'): Line {
  return { tone, text };
}

/** A cell of a result row. */
export type Cell = string | number | boolean | null;

/** One finding as named columns, for sorting, choosing columns, stacking and export. Every row of a module has the same keys, in the order to show. */
export type Row = Readonly<Record<string, Cell>>;
