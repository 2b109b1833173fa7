/**
 * The one boundary between text from endpoints, files or sockets and a terminal, a pipe or a file meant for people.
 *
 * Every character that is not plainly printable becomes an escape (\n \r \t \xHH \u{H}). A backslash is doubled only where it could be
 * taken for the start of an escape, so that paths and regular expressions stay readable and yet no typed text looks like an escaped character:
 * the six characters a \ x 1 b typed literally become a\\x1b, an ESC after an a becomes a\x1b. Since an escape with u has a brace, \u001b is none, and
 * stays: JSON can be written so that it passes as it is.
 */

// Control, format (bidi, zero width), surrogate halves, private use, unassigned, line and paragraph separators.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const special = new RegExp(`${hidden.source}|\\\\(?=[\\\\nrtx]|u\\{|${hidden.source}|$)`, 'gu');
const needsWork = new RegExp(`${hidden.source}|\\\\`, 'u');

/** The text with everything hidden made visible, reversibly. Clean text comes back as it is. */
export function visible(text: string): string {
  return needsWork.test(text) ? text.replace(special, escapeCharacter) : text;
}

/** True if the text holds a character that `visible` escapes. A backslash alone is none. */
export function hasHidden(text: string): boolean {
  return hidden.test(text);
}

/** A piece of visible text; `escaped` pieces stand for a hidden character and are to be drawn differently. */
export interface VisiblePart {
  readonly text: string;
  readonly escaped: boolean;
}

/** The same as `visible`, cut where escapes begin and end, for a terminal that can tell them apart by style. */
export function visibleParts(text: string): readonly VisiblePart[] {
  if (!needsWork.test(text)) return text === '' ? [] : [{ text, escaped: false }];
  const parts: VisiblePart[] = [];
  let from = 0;
  for (const match of text.matchAll(special)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), escaped: false });
    const escaped = match[0] !== '\\';
    parts.push({ text: escapeCharacter(match[0]), escaped });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), escaped: false });
  return parts;
}

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.codePointAt(0) ?? 0;
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
