import type { InputState } from '../input/next-input.ts';
import { layOutLine, type LaidOutLine, type LayOutOptions } from './lay-out-line.ts';
import { layOutMenu } from './lay-out-menu.ts';

/** The line being typed, behind its prompt or the search for it; below it the menu, or what is to be said. */
export function layOutPrompt(prompt: string, input: InputState, options: LayOutOptions): LaidOutLine {
  const { rows, cursor } = layOutLine(`${promptOf(prompt, input)} `, input.line, options);
  return { rows: [...rows, ...belowOf(input, { ...options, maxRows: options.maxRows - rows.length })], cursor };
}

function promptOf(prompt: string, { search }: InputState): string {
  if (!search) return prompt;
  return `(${search.isFailed ? 'failed ' : ''}search) '${search.query}':`;
}

function belowOf(input: InputState, { paint, columns, maxRows }: LayOutOptions): readonly string[] {
  if (maxRows < 1) return [];
  if (input.isAskingToRun) {
    const count = input.line.text.split('\n').filter((line) => line.trim() !== '').length;
    return [paint.text('warning', `Run these ${count} lines one after another? (y/n)`, columns - 1)];
  }
  if (input.notice !== undefined) return [paint.text('quiet', input.notice, columns - 1)];
  if (input.menu?.isListed) return layOutMenu(input.menu.candidates, { paint, columns, maxRows: Math.min(8, maxRows) });
  return [];
}
