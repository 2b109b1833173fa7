import { compareDigits, compareTexts, endOfDigits } from './digits.ts';

/**
 * The parts of an apk version: number{.number}{letter}{_suffix{number}}{~hash}{-rnumber}. Where one version has another part than the other, the part that
 * stands further back in this list is the newer one. `invalid` is everything from the first character that fits nowhere.
 */
const parts = ['invalid', 'end', 'revision', 'hash', 'suffixNumber', 'suffix', 'letter', 'number', 'first'] as const;

interface Token {
  readonly part: (typeof parts)[number];
  readonly text: string;
  readonly end: number;
}

/** The suffixes from old to new; the empty one stands for having none. */
const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const noSuffix = suffixes.indexOf('');

/** Compares as apk does (apk-package(5), apk-tools 2.14 and 3): "_alpha" to "_rc" sort before the bare version, "_cvs" to "_p" behind it. */
export function compareApk(a: string, b: string): number {
  let left = readFirst(a);
  let right = readFirst(b);
  while (left.part === right.part && left.part !== 'end' && left.part !== 'invalid') {
    const difference = compareTokens(left, right);
    if (difference !== 0) return difference;
    left = readNext(a, left);
    right = readNext(b, right);
  }
  return newness(left) - newness(right);
}

function newness(token: Token): number {
  return isBefore(token) ? -1 : parts.indexOf(token.part);
}

function isBefore({ part, text }: Token): boolean {
  return part === 'suffix' && suffixes.indexOf(text) < noSuffix;
}

function compareTokens(a: Token, b: Token): number {
  switch (a.part) {
    case 'first':
    case 'suffixNumber':
    case 'revision':
      return compareDigits(a.text, b.text);
    case 'number':
      // As decimals: 1.05 is before 1.1.
      return a.text.startsWith('0') || b.text.startsWith('0')
        ? compareTexts(a.text, b.text)
        : compareDigits(a.text, b.text);
    case 'suffix':
      return suffixes.indexOf(a.text) - suffixes.indexOf(b.text);
    default:
      return compareTexts(a.text, b.text);
  }
}

function readFirst(version: string): Token {
  return readNumber(version, 0, 'first');
}

function readNumber(version: string, from: number, part: Token['part']): Token {
  const end = endOfDigits(version, from);
  return { part: end === from ? 'invalid' : part, text: version.slice(from, end), end };
}

function readNext(version: string, { part, end }: Token): Token {
  const invalid: Token = { part: 'invalid', text: '', end };
  const isNumber = part === 'first' || part === 'number';
  const first = version[end];
  if (first === undefined) return { part: 'end', text: '', end };
  if (first === '.') return isNumber ? readNumber(version, end + 1, 'number') : invalid;
  if (first === '_') return stands(part, 'suffixNumber') ? readSuffix(version, end + 1) : invalid;
  if (first === '~') return stands(part, 'suffixNumber') ? readHash(version, end + 1) : invalid;
  if (first === '-') {
    return version[end + 1] === 'r' && stands(part, 'hash') ? readNumber(version, end + 2, 'revision') : invalid;
  }
  if (first >= '0' && first <= '9') return part === 'suffix' ? readNumber(version, end, 'suffixNumber') : invalid;
  return isNumber && first >= 'a' && first <= 'z' ? { part: 'letter', text: first, end: end + 1 } : invalid;
}

/** True for a part that may stand before or at this one in a version. */
function stands(part: Token['part'], atMost: Token['part']): boolean {
  return parts.indexOf(part) >= parts.indexOf(atMost);
}

function readSuffix(version: string, from: number): Token {
  const end = endOf(version, from, (character) => character >= 'a' && character <= 'z');
  const text = version.slice(from, end);
  return { part: text !== '' && suffixes.includes(text) ? 'suffix' : 'invalid', text, end };
}

function readHash(version: string, from: number): Token {
  const end = endOf(version, from, (character) => /[0-9a-f]/i.test(character));
  return { part: end === from ? 'invalid' : 'hash', text: version.slice(from, end), end };
}

function endOf(text: string, from: number, fits: (character: string) => boolean): number {
  let end = from;
  while (end < text.length && fits(text.charAt(end))) end++;
  return end;
}
