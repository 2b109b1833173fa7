/** The line editor as a pure function: emacs keys over grapheme clusters. Words are runs of letters and digits, as in readline. */
import { nextBoundary, previousBoundary } from './graphemes.ts';

export interface EditedLine {
  readonly text: string;
  /** In UTF-16 units, always between two graphemes. */
  readonly cursor: number;
  /** What the last kill took, for yank. */
  readonly killed: string;
}

export type Edit =
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'start'
  | 'end'
  | 'delete-left'
  | 'delete-right'
  | 'kill-word-left'
  | 'kill-word-right'
  | 'kill-argument-left'
  | 'kill-to-start'
  | 'kill-to-end'
  | 'yank'
  | 'transpose';

export const emptyLine: EditedLine = { text: '', cursor: 0, killed: '' };

/** A line with this text and the cursor behind it. */
export function lineOf(text: string, killed = ''): EditedLine {
  return { text, cursor: text.length, killed };
}

export function insertText(line: EditedLine, text: string): EditedLine {
  const head = line.text.slice(0, line.cursor) + text;
  return { ...line, text: head + line.text.slice(line.cursor), cursor: head.length };
}

export function editLine(line: EditedLine, edit: Edit): EditedLine {
  const { text, cursor } = line;
  switch (edit) {
    case 'left':
      return { ...line, cursor: previousBoundary(text, cursor) };
    case 'right':
      return { ...line, cursor: nextBoundary(text, cursor) };
    case 'word-left':
      return { ...line, cursor: wordLeft(text, cursor) };
    case 'word-right':
      return { ...line, cursor: wordRight(text, cursor) };
    case 'start':
      return { ...line, cursor: 0 };
    case 'end':
      return { ...line, cursor: text.length };
    case 'delete-left':
      return remove(line, previousBoundary(text, cursor), cursor);
    case 'delete-right':
      return remove(line, cursor, nextBoundary(text, cursor));
    case 'kill-word-left':
      return kill(line, wordLeft(text, cursor), cursor);
    case 'kill-word-right':
      return kill(line, cursor, wordRight(text, cursor));
    case 'kill-argument-left':
      return kill(line, argumentLeft(text, cursor), cursor);
    case 'kill-to-start':
      return kill(line, 0, cursor);
    case 'kill-to-end':
      return kill(line, cursor, text.length);
    case 'yank':
      return insertText(line, line.killed);
    case 'transpose':
      return transpose(line);
  }
}

function remove(line: EditedLine, from: number, to: number): EditedLine {
  return { ...line, text: line.text.slice(0, from) + line.text.slice(to), cursor: from };
}

function kill(line: EditedLine, from: number, to: number): EditedLine {
  return from === to ? line : { ...remove(line, from, to), killed: line.text.slice(from, to) };
}

function transpose(line: EditedLine): EditedLine {
  const { text, cursor } = line;
  const middle = cursor === text.length ? previousBoundary(text, cursor) : cursor;
  const from = previousBoundary(text, middle);
  const to = nextBoundary(text, middle);
  if (from === middle || middle === to) return line;
  const swapped = text.slice(middle, to) + text.slice(from, middle);
  return { ...line, text: text.slice(0, from) + swapped + text.slice(to), cursor: to };
}

const isWord = (unit: string): boolean => /[\p{L}\p{N}\p{M}\ud800-\udfff]/u.test(unit);
const isSpace = (unit: string): boolean => /\s/.test(unit);

// Loops and not one expression: on a long pasted line a backtracking expression would take seconds a key.
function back(text: string, at: number, matches: (unit: string) => boolean): number {
  let place = at;
  while (place > 0 && matches(text.charAt(place - 1))) place--;
  return place;
}

function wordLeft(text: string, at: number): number {
  return back(
    text,
    back(text, at, (unit) => !isWord(unit)),
    isWord,
  );
}

function wordRight(text: string, at: number): number {
  let place = at;
  while (place < text.length && !isWord(text.charAt(place))) place++;
  while (place < text.length && isWord(text.charAt(place))) place++;
  return place;
}

function argumentLeft(text: string, at: number): number {
  return back(text, back(text, at, isSpace), (unit) => !isSpace(unit));
}
