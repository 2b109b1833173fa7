import { type CodePoints, maxCodePoint, negateCodePoints } from './code-points.ts';
import { foldCase } from './case-folding.ts';
import { perlSet } from './named-sets.ts';
import type { PatternCursor } from './pattern-cursor.ts';
import { unicodeSet } from './unicode-sets.ts';

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The set of \d \D \s \S \w \W \pL \p{Name} \P{^Name} if one stands at the cursor, which is on the backslash; otherwise takes nothing. */
export function parseEscapedSet(cursor: PatternCursor, fold: boolean): CodePoints | undefined {
  if (/\\[pP]/y.test(cursor.rest())) return parseUnicodeSet(cursor, fold);
  const found = cursor.match(/\\([dswDSW])/y);
  const letter = found?.[1] ?? '';
  const set = perlSet(letter.toLowerCase());
  return set === undefined ? undefined : foldThenNegate(set, fold, letter !== letter.toLowerCase());
}

function parseUnicodeSet(cursor: PatternCursor, fold: boolean): CodePoints {
  const start = cursor.position;
  const found = cursor.match(/\\([pP])(?:\{(\^?)([^}]*)\}|([^{]))/uy);
  if (found === undefined)
    return cursor.fail('expected a Unicode class such as \\pL or \\p{Greek}, got no complete name');
  const [, letter, caret, long, short] = found;
  const name = long ?? short ?? '';
  const set = unicodeSet(name);
  if (set === undefined)
    return cursor.fail(`expected a Unicode category or script, got ${JSON.stringify(name)}`, start);
  return foldThenNegate(set, fold, (letter === 'P') !== (caret === '^'));
}

/** Go folds first: (?i)\W is everything but what (?i)\w takes. */
export function foldThenNegate(set: CodePoints, fold: boolean, negate: boolean): CodePoints {
  const folded = fold ? foldCase(set) : set;
  return negate ? negateCodePoints(folded) : folded;
}

/** The one character an escape stands for: \n, \x{263a}, \xff, \101, \. and so on. The cursor is on the backslash. */
export function parseEscapedCharacter(cursor: PatternCursor): number {
  const start = cursor.position;
  cursor.skip('\\');
  const character = cursor.take('a character after the backslash');
  const control = Object.hasOwn(controls, character) ? controls[character] : undefined;
  if (control !== undefined) return control;
  if (character === 'x') return parseHex(cursor, start);
  if (/[0-7]/.test(character)) return parseOctal(cursor, start, character);
  if (/[\0-\x7f]/.test(character) && !/[0-9A-Za-z]/.test(character)) return character.charCodeAt(0);
  return cursor.fail(`expected an escape of Go's regular expressions, got ${describeEscape(character)}`, start);
}

function parseHex(cursor: PatternCursor, start: number): number {
  const digits = cursor.match(/\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2})/y);
  const value = Number.parseInt(digits?.[1] ?? digits?.[2] ?? '', 16);
  if (Number.isNaN(value))
    cursor.fail('expected two hexadecimal digits or {digits} after \\x, got something else', start);
  if (value > maxCodePoint) cursor.fail('expected a character up to \\x{10FFFF}, got a higher number', start);
  return value;
}

// As in C: a lone digit from 1 to 7 would be a back-reference, more digits or a leading zero make it octal.
function parseOctal(cursor: PatternCursor, start: number, first: string): number {
  const more = cursor.match(/[0-7]{1,2}/y)?.[0] ?? '';
  if (first !== '0' && more === '')
    cursor.fail(`expected no back-reference, got \\${first}: it cannot be searched in linear time`, start);
  return Number.parseInt(first + more, 8);
}

function describeEscape(character: string): string {
  const escape = `\\${character}`;
  if (/[89kg]/.test(character)) return `${escape}: back-references cannot be searched in linear time`;
  if (character === 'Z') return `${escape}: the end of the text is \\z`;
  if (character === 'C') return `${escape}: single bytes of a character cannot be matched`;
  if (character === 'u') return `${escape}: a character by its number is \\x{...}`;
  return escape;
}
