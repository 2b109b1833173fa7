import type { Completion } from '../ports.ts';
import { lineOf, type EditedLine } from './edit-line.ts';

/** The candidates of a word that fits several. `isListed`: Tab was pressed again, so they are drawn. */
export interface CompletionMenu {
  readonly candidates: Completion['candidates'];
  readonly isListed: boolean;
}

export interface CompletedLine {
  readonly line: EditedLine;
  readonly menu: CompletionMenu | undefined;
}

/**
 * The line after Tab. A single candidate is completed and followed by a space, unless it ends with / or =, where more follows; of several their common
 * beginning is completed.
 */
export function completeLine(line: EditedLine, { from, candidates }: Completion): CompletedLine {
  const [first] = candidates;
  if (!first) return { line, menu: undefined };
  const rest = line.text.slice(line.cursor);
  if (candidates.length === 1) {
    const space = /[/=]$/.test(first.text) || rest.startsWith(' ') ? '' : ' ';
    return { line: replaceWord(line, from, first.text + space, rest), menu: undefined };
  }
  const common = candidates.map(({ text }) => text).reduce(commonStart);
  const typed = line.text.slice(from, line.cursor);
  const grows = common.length > typed.length && common.toLowerCase().startsWith(typed.toLowerCase());
  return {
    line: grows ? replaceWord(line, from, common, rest) : line,
    menu: { candidates, isListed: false },
  };
}

function replaceWord(line: EditedLine, from: number, word: string, rest: string): EditedLine {
  const head = lineOf(line.text.slice(0, from) + word, line.killed);
  return { ...head, text: head.text + rest };
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  // Never half of a surrogate pair.
  return one.slice(0, /[\ud800-\udbff]$/.test(one.slice(0, length)) ? length - 1 : length);
}
