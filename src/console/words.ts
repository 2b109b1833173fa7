import { ConsoleError } from '../base/app-error.ts';

/** A word of a typed line, and where it stood. */
export interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** True when any part of it was quoted: such a word is never a pipe. */
  readonly quoted: boolean;
}

/**
 * Splits a line as a shell does: blanks separate, '...' takes everything literally, "..." too but for \" and \\. Outside quotes a backslash counts only
 * before a blank, a quote or another backslash, so that regular expressions such as \.conf$ need no quotes.
 * Throws ConsoleError QUOTE_OPEN with the position of a quote that is not closed.
 */
export function splitWords(line: string): readonly Word[] {
  const { words, open } = scan(line);
  if (open !== undefined) {
    throw new ConsoleError('QUOTE_OPEN', `the quote ${line[open] ?? ''} at column ${open + 1} is not closed`);
  }
  return words;
}

/** The same for a line that is still being typed: an open quote ends with the line, and a blank at the end starts an empty word. */
export function splitPartial(line: string): readonly Word[] {
  const { words, open } = scan(line);
  const startsNew = open === undefined && (words.at(-1)?.to ?? 0) < line.length;
  return startsNew || words.length === 0
    ? [...words, { text: '', from: line.length, to: line.length, quoted: false }]
    : words;
}

function scan(line: string): { readonly words: readonly Word[]; readonly open: number | undefined } {
  const words: Word[] = [];
  const blank = /\s/;
  let at = 0;
  for (;;) {
    while (at < line.length && blank.test(line[at] ?? '')) at++;
    if (at >= line.length) return { words, open: undefined };
    const word = scanWord(line, at);
    words.push(word.word);
    if (word.open !== undefined) return { words, open: word.open };
    at = word.word.to;
  }
}

function scanWord(line: string, from: number): { readonly word: Word; readonly open: number | undefined } {
  let text = '';
  let quoted = false;
  let at = from;
  while (at < line.length) {
    const character = line[at] ?? '';
    if (/\s/.test(character)) break;
    if (character === "'" || character === '"') {
      const inside = scanQuote(line, at);
      text += inside.text;
      quoted = true;
      if (inside.to === undefined) return { word: { text, from, to: line.length, quoted }, open: at };
      at = inside.to;
    } else if (character === '\\' && /[\s'"\\]/.test(line[at + 1] ?? '')) {
      text += line[at + 1] ?? '';
      quoted = true;
      at += 2;
    } else {
      text += character;
      at++;
    }
  }
  return { word: { text, from, to: at, quoted }, open: undefined };
}

function scanQuote(line: string, open: number): { readonly text: string; readonly to: number | undefined } {
  const quote = line[open];
  let text = '';
  for (let at = open + 1; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === quote) return { text, to: at + 1 };
    const next = line[at + 1] ?? '';
    if (quote === '"' && character === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at++;
    } else {
      text += character;
    }
  }
  return { text, to: undefined };
}
