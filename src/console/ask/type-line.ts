import { cleanTyped, maxLineLength } from '../input/clean-typed.ts';
import { editLine, emptyLine, insertText, lineOf, type EditedLine } from '../input/edit-line.ts';
import { editOf } from '../input/key-bindings.ts';
import type { Token } from '../input/take-token.ts';

/** A line of an answer. */
export interface AnswerLine extends EditedLine {
  /** True while a proposed value stands untouched: typing replaces it, a key that moves or deletes begins to edit it. */
  readonly isProposed: boolean;
}

export function proposeLine(text: string): AnswerLine {
  return { ...lineOf(text), isProposed: text !== '' };
}

/** The line after a key that edits it, with the same keys as at the prompt; undefined for every other key. An answer is one line: pasted line ends become spaces. */
export function typeLine(line: AnswerLine, token: Token): AnswerLine | undefined {
  if (token.kind !== 'key') {
    // What was replaced can be yanked back.
    const before = line.isProposed ? { ...emptyLine, killed: line.text } : line;
    const { text } = cleanTyped(token.text, maxLineLength - before.text.length);
    return { ...insertText(before, text.replaceAll('\n', ' ')), isProposed: false };
  }
  const edit = token.sequence === '\x04' ? 'delete-right' : editOf(token.sequence);
  return edit && { ...editLine(line, edit), isProposed: false };
}
