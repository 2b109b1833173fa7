import { type CodePoints, negateCodePoints, normalizeCodePoints } from './code-points.ts';
import { foldCase } from './case-folding.ts';
import { posixSet } from './named-sets.ts';
import { foldThenNegate, parseEscapedCharacter, parseEscapedSet } from './parse-escape.ts';
import type { PatternCursor } from './pattern-cursor.ts';

/** A bracket class such as [^a-z[:digit:]\pL-]; the cursor is on its opening bracket. */
export function parseBracket(cursor: PatternCursor, fold: boolean): CodePoints {
  const start = cursor.position;
  cursor.skip('[');
  const negated = cursor.skip('^');
  const first = cursor.position;
  const pairs: number[] = [];
  // A closing bracket right after the opening one stands for itself.
  while (cursor.position === first || !cursor.skip(']')) {
    if (cursor.atEnd) cursor.fail('expected a closing ] for this class, got the end of the pattern', start);
    for (const end of parseItem(cursor, fold, start)) pairs.push(end);
  }
  const set = normalizeCodePoints(pairs);
  return negated ? negateCodePoints(set) : set;
}

function parseItem(cursor: PatternCursor, fold: boolean, start: number): CodePoints {
  return parsePosixSet(cursor, fold) ?? parseEscapedSet(cursor, fold) ?? parseRange(cursor, fold, start);
}

function parsePosixSet(cursor: PatternCursor, fold: boolean): CodePoints | undefined {
  const start = cursor.position;
  // Without :] later on, [: is an ordinary [ as in Go.
  const found = cursor.match(/\[:(\^?)(.*?):\]/sy);
  if (found === undefined) return undefined;
  const [, caret, name = ''] = found;
  const set = posixSet(name);
  if (set === undefined)
    return cursor.fail(`expected a class such as [:alpha:], got ${JSON.stringify(found[0])}`, start);
  return foldThenNegate(set, fold, caret === '^');
}

function parseRange(cursor: PatternCursor, fold: boolean, bracket: number): CodePoints {
  const start = cursor.position;
  const low = parseEnd(cursor, bracket);
  const isRange = cursor.peek() === '-' && !cursor.rest().startsWith('-]') && cursor.skip('-');
  const high = isRange ? parseEnd(cursor, bracket) : low;
  if (high < low) {
    const text = cursor.pattern.slice(start, cursor.position);
    cursor.fail(`expected a range from low to high, got ${JSON.stringify(text)}`, start);
  }
  return fold ? foldCase([low, high]) : [low, high];
}

function parseEnd(cursor: PatternCursor, bracket: number): number {
  if (cursor.atEnd) cursor.fail('expected a closing ] for this class, got the end of the pattern', bracket);
  if (cursor.peek() === '\\') return parseEscapedCharacter(cursor);
  return cursor.take('a character').codePointAt(0) ?? 0;
}
