import { visible } from '../../base/visible.ts';
import type { Question } from '../../module/ask.ts';
import { cellWidth } from '../input/graphemes.ts';
import { cutRaw, wrapRaw } from '../views/fit-text.ts';
import type { Paint } from '../views/paint.ts';
import type { TerminalOutput } from '../views/terminal-output.ts';
import type { Outcome } from './widget-prompt.ts';
import { headOf, type Frame, type Widget } from './widget.ts';

export interface ComposeOptions {
  readonly question: Question;
  readonly widget: Widget<unknown>;
  readonly paint: Paint;
  readonly output: TerminalOutput;
}

/** The whole question: what the widget draws, the mistake if there is one, the hint, and what the keys do. Lower than the window. */
export function composeQuestion(options: ComposeOptions, state: unknown, problem: string | undefined): Frame {
  const { question, widget, paint, output } = options;
  const columns = output.columns ?? 80;
  const room = Math.max(1, (output.rows ?? 24) - 1);
  const wrap = (tone: 'error' | 'quiet', text: string): readonly string[] =>
    text === '' ? [] : wrapRaw(text, columns - 1, 4).map((row) => paint.text(tone, row));
  const keys = [widget.keys(state), 'Esc goes back', 'Ctrl-C leaves'].filter((text) => text !== '').join(' · ');
  const below = [
    ...wrap('error', problem === undefined ? '' : `! ${problem}`),
    ...wrap('quiet', question.kind === 'form' ? (question.hint ?? '') : hintOf(question)),
    ...wrap('quiet', keys),
  ].slice(0, Math.max(0, room - 2));
  const frame = widget.draw(state, { paint, columns, maxRows: Math.max(1, room - below.length) });
  return { rows: [...frame.rows, ...below], cursor: frame.cursor };
}

function hintOf({ hint = '', initial, kind }: Exclude<Question, { readonly kind: 'form' }>): string {
  if (kind !== 'confirm' || initial === undefined) return hint;
  return [hint, `Enter alone: ${initial ? 'yes' : 'no'}`].filter((text) => text !== '').join(' · ');
}

/** What stays on the screen: the question with its answer, or that there is none. */
export function closeQuestion(
  { question, widget, paint, output }: ComposeOptions,
  outcome: Outcome,
): readonly string[] {
  const width = (output.columns ?? 80) - 1;
  const isLeft = outcome === 'back' || outcome === 'cancel';
  const said = isLeft ? (outcome === 'back' ? '(taken back)' : '(left)') : widget.format(outcome.value);
  // The answer counts: a long question gives way to it.
  const value = cutRaw(said, Math.floor(width / 2));
  const head = cutRaw(headOf(question.message), Math.max(0, width - 1 - cellWidth(visible(value))));
  return [`${paint.text('quiet', head)} ${paint.text(isLeft ? 'quiet' : 'plain', value)}`.trimEnd()];
}
