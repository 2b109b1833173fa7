import { compareDigits, compareTexts, endOfDigits, isDigit } from './digits.ts';

/** The parts of rpm's [epoch:]version[-release]. */
export interface RpmVersion {
  /** Digits; '' when there is none, which counts as 0. */
  readonly epoch: string;
  readonly version: string;
  /** Undefined when there is none, which sorts before every release. */
  readonly release: string | undefined;
}

/** Compares as rpm does (rpm-version(7)): epoch, then version, then release, each by runs of digits and of letters; "~" sorts before the end, "^" behind it. */
export function compareRpm(a: string, b: string): number {
  const left = splitRpm(a);
  const right = splitRpm(b);
  return (
    compareDigits(left.epoch, right.epoch) ||
    comparePart(left.version, right.version) ||
    compareReleases(left.release, right.release)
  );
}

export function splitRpm(text: string): RpmVersion {
  const colon = endOfDigits(text, 0);
  const hasEpoch = text[colon] === ':';
  const rest = hasEpoch ? text.slice(colon + 1) : text;
  const dash = rest.lastIndexOf('-');
  return {
    epoch: hasEpoch ? text.slice(0, colon) : '',
    version: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? undefined : rest.slice(dash + 1),
  };
}

function compareReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return comparePart(a, b);
}

function comparePart(a: string, b: string): number {
  let i = 0;
  let j = 0;
  for (;;) {
    i = skipSeparators(a, i);
    j = skipSeparators(b, j);
    const mark = compareMarks(a[i], b[j]);
    if (mark === 'both') {
      i++;
      j++;
      continue;
    }
    if (mark !== undefined) return mark;
    if (i >= a.length || j >= b.length) return Number(i < a.length) - Number(j < b.length);
    const isNumber = isDigit(a.charCodeAt(i));
    const endA = isNumber ? endOfDigits(a, i) : endOfLetters(a, i);
    const endB = isNumber ? endOfDigits(b, j) : endOfLetters(b, j);
    // A number is newer than letters.
    if (endB === j) return isNumber ? 1 : -1;
    const difference = (isNumber ? compareDigits : compareTexts)(a.slice(i, endA), b.slice(j, endB));
    if (difference !== 0) return difference;
    i = endA;
    j = endB;
  }
}

/** What "~" and "^" at these places decide; undefined when there are none. */
function compareMarks(a: string | undefined, b: string | undefined): number | 'both' | undefined {
  if (a === '~' || b === '~') return a === b ? 'both' : a === '~' ? -1 : 1;
  if (a !== '^' && b !== '^') return undefined;
  if (a === b) return 'both';
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return a === '^' ? -1 : 1;
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isPart(text.charCodeAt(at))) at++;
  return at;
}

function isPart(code: number): boolean {
  return isDigit(code) || isLetter(code) || code === 0x7e || code === 0x5e;
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function endOfLetters(text: string, from: number): number {
  let end = from;
  while (isLetter(text.charCodeAt(end))) end++;
  return end;
}
