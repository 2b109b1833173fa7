import type { PatternCursor } from './pattern-cursor.ts';
import type { SyntaxNode } from './syntax-tree.ts';

const maxRepetitions = 1000;

/** How often the part before may occur. */
export interface Repetition {
  readonly min: number;
  readonly max: number;
  /** Written with braces: Go bounds the product of nested ones. */
  readonly counted: boolean;
}

/** Takes `*`, `+`, `?` or `{n,m}` with a `?` of non-greediness; undefined, taking nothing, when none stands here ({ is then a character). */
export function parseRepetition(cursor: PatternCursor): Repetition | undefined {
  const start = cursor.position;
  const found = cursor.match(/([*+?]|\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\})\??/y);
  if (found === undefined) return undefined;
  const [, operator, low, comma, high] = found;
  if (operator === '*') return { min: 0, max: Number.POSITIVE_INFINITY, counted: false };
  if (operator === '+') return { min: 1, max: Number.POSITIVE_INFINITY, counted: false };
  if (operator === '?') return { min: 0, max: 1, counted: false };
  const min = Number(low);
  const max = comma === undefined ? min : high === undefined ? Number.POSITIVE_INFINITY : Number(high);
  if (min > maxRepetitions || (max > maxRepetitions && high !== undefined)) {
    cursor.fail(`expected at most ${maxRepetitions} repetitions, got ${operator}`, start);
  }
  if (min > max) cursor.fail(`expected a repetition from few to many, got ${operator}`, start);
  return { min, max, counted: true };
}

/** Whether nested counted repetitions multiply to at most 1000, the bound of Go. */
export function isBoundedRepetition(node: SyntaxNode, allowed = maxRepetitions): boolean {
  switch (node.kind) {
    case 'repeat': {
      if (node.max === 0) return true;
      const count = node.max === Number.POSITIVE_INFINITY ? node.min : node.max;
      if (count > allowed) return false;
      return isBoundedRepetition(node.part, count > 0 ? Math.trunc(allowed / count) : allowed);
    }
    case 'concat':
      return node.parts.every((part) => isBoundedRepetition(part, allowed));
    case 'alternate':
      return node.choices.every((choice) => isBoundedRepetition(choice, allowed));
    default:
      return true;
  }
}
