import { cleanTyped, maxLineLength } from '../input/clean-typed.ts';
import { editLine, insertText, type EditedLine } from '../input/edit-line.ts';
import { editOf } from '../input/key-bindings.ts';
import type { Token } from '../input/take-token.ts';

/** The line after a key that edits it, with the same keys as at the prompt; undefined for every other key. An answer is one line: pasted line ends become spaces. */
export function typeLine(line: EditedLine, token: Token): EditedLine | undefined {
  if (token.kind !== 'key') {
    const { text } = cleanTyped(token.text, maxLineLength - line.text.length);
    return insertText(line, text.replaceAll('\n', ' '));
  }
  if (token.sequence === '\x04') return editLine(line, 'delete-right');
  const edit = editOf(token.sequence);
  return edit && editLine(line, edit);
}
