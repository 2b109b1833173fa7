import { type CodePoints, negateCodePoints, normalizeCodePoints } from './code-points.ts';

const sets: Readonly<Record<string, string>> = {
  alnum: '09AZaz',
  alpha: 'AZaz',
  ascii: '\x00\x7f',
  blank: '\t\t  ',
  cntrl: '\x00\x1f\x7f\x7f',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  space: '\t\r  ',
  upper: 'AZ',
  word: '09AZaz__',
  xdigit: '09AFaf',
};

const perlSets: Readonly<Record<string, string>> = { d: '09', s: '\t\n\f\r  ', w: '09AZaz__' };

/** The set of a POSIX class name such as `alpha`, as in [[:alpha:]]; ASCII only, as in Go. */
export function posixSet(name: string): CodePoints | undefined {
  return Object.hasOwn(sets, name) ? pairsOf(sets[name] ?? '') : undefined;
}

/** The set of \d, \s or \w; upper case letters are answered undefined: the caller negates after folding case. */
export function perlSet(letter: string): CodePoints | undefined {
  return Object.hasOwn(perlSets, letter) ? pairsOf(perlSets[letter] ?? '') : undefined;
}

/** `.`: all but the newline, unless (?s). */
export function dotSet(matchesNewline: boolean): CodePoints {
  return matchesNewline ? negateCodePoints([]) : negateCodePoints([10, 10]);
}

function pairsOf(ends: string): CodePoints {
  return normalizeCodePoints(Array.from(ends, (end) => end.codePointAt(0) ?? 0));
}
