/**
 * What a terminal sends, cut into tokens. The sequences are those of ECMA-48 (CSI, SS3, OSC, DCS) and xterm's bracketed paste (mode 2004).
 */

/** One key press, one run of printable text, or one whole paste. */
export type Token =
  | { readonly kind: 'key'; readonly sequence: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string };

export interface TakenToken {
  readonly token: Token;
  readonly rest: string;
}

const escape = '\x1b';
export const pasteStart = `${escape}[200~`;
export const pasteEnd = `${escape}[201~`;

/** Longest sequence that is waited for; a longer one is a lone Escape with text behind it. */
const maxSequenceLength = 256;

const printable = /^[^\x00-\x1f\x7f]+/;
const functionKey = /^\x1b(?:\[\[?[0-?]*[ -/]*[@-~]|O[0-9;]*[@-~])/;
const report = /^\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)/;

/** The first token of the text, or "pending" when more bytes are needed to tell. The text is not empty. */
export function takeToken(text: string): TakenToken | 'pending' {
  if (text.startsWith(pasteStart)) return takePaste(text);
  if (text.startsWith(escape)) return takeSequence(text);
  const run = printable.exec(text)?.[0];
  if (run !== undefined) return { token: { kind: 'text', text: run }, rest: text.slice(run.length) };
  return key(text, text.slice(0, 1));
}

function key(text: string, sequence: string): TakenToken {
  return { token: { kind: 'key', sequence }, rest: text.slice(sequence.length) };
}

/**
 * A pasted text that itself holds the end mark would turn its remainder into typed keys. The true end is the last mark before the next start, as far as
 * it has been received.
 */
function takePaste(text: string): TakenToken | 'pending' {
  const next = text.indexOf(pasteStart, pasteStart.length);
  const until = next < 0 ? text.length : next;
  const end = text.lastIndexOf(pasteEnd, until - pasteEnd.length);
  if (end < 0) return 'pending';
  return {
    token: { kind: 'paste', text: text.slice(pasteStart.length, end).replaceAll(pasteEnd, '') },
    rest: text.slice(end + pasteEnd.length),
  };
}

function takeSequence(text: string): TakenToken | 'pending' {
  if (text.length === 1) return 'pending';
  const introducer = text.charAt(1);
  if (introducer === '[' || introducer === 'O') return takeKnown(text, functionKey);
  if (']P_^X'.includes(introducer)) return takeKnown(text, report);
  const character = String.fromCodePoint(text.codePointAt(1) ?? 0);
  return character === escape ? key(text, escape) : key(text, escape + character);
}

function takeKnown(text: string, shape: RegExp): TakenToken | 'pending' {
  const found = shape.exec(text)?.[0];
  if (found !== undefined) return key(text, found);
  return text.length > maxSequenceLength ? key(text, escape) : 'pending';
}
