import { isUtf8 } from 'node:buffer';
import { parsePattern } from '../../../../src/search/regex/parse-pattern.ts';
import type { Assertion, SyntaxNode } from '../../../../src/search/regex/syntax-tree.ts';

/**
 * The matches of a pattern by trying everything: slow, and simple enough to be believed. The one that ends earliest, from its leftmost place; the next one
 * from there, after an empty one a byte later; an empty one right behind another is none.
 */
export function everyMatch(pattern: string, text: Buffer): readonly (readonly [start: number, end: number])[] {
  const tree = parsePattern(pattern);
  const found: (readonly [number, number])[] = [];
  let lastEnd = -1;
  for (let restart = 0; restart <= text.length;) {
    const match = earliest(tree, text, restart);
    if (match === undefined) return found;
    const [start, end] = match;
    if (end !== lastEnd) found.push(match);
    restart = start === end ? end + 1 : end;
    lastEnd = end;
  }
  return found;
}

function earliest(tree: SyntaxNode, text: Buffer, restart: number): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  for (const start of boundaries(text, restart)) {
    const end = Math.min(...endsOf(tree, text, start));
    if (Number.isFinite(end) && (best === undefined || end < best[1])) best = [start, end];
  }
  return best;
}

function boundaries(text: Buffer, from: number): readonly number[] {
  const all = [from];
  for (let at = from; at < text.length;) all.push((at += characterAt(text, at).length));
  return all;
}

/** Every place at which a match from `start` can end. */
function endsOf(node: SyntaxNode, text: Buffer, start: number): ReadonlySet<number> {
  const fromAll = (places: ReadonlySet<number>, part: SyntaxNode): ReadonlySet<number> =>
    new Set([...places].flatMap((place) => [...endsOf(part, text, place)]));
  switch (node.kind) {
    case 'empty':
      return new Set([start]);
    case 'set': {
      if (start >= text.length) return new Set();
      const { point, length } = characterAt(text, start);
      return new Set(isIn(node.points, point) ? [start + length] : []);
    }
    case 'assertion':
      return new Set(holds(node.assertion, text, start) ? [start] : []);
    case 'concat':
      return node.parts.reduce<ReadonlySet<number>>(fromAll, new Set([start]));
    case 'alternate':
      return new Set(node.choices.flatMap((choice) => [...endsOf(choice, text, start)]));
    case 'repeat': {
      let places: ReadonlySet<number> = new Set([start]);
      for (let count = 0; count < node.min; count++) places = fromAll(places, node.part);
      const ends = new Set(places);
      for (let count = node.min; count < node.max && places.size > 0; count++) {
        places = new Set([...fromAll(places, node.part)].filter((place) => !ends.has(place)));
        for (const place of places) ends.add(place);
      }
      return ends;
    }
  }
}

function isIn(points: readonly number[], point: number): boolean {
  for (let at = 0; at < points.length; at += 2) {
    if (point >= (points[at] ?? 0) && point <= (points[at + 1] ?? 0)) return true;
  }
  return false;
}

function characterAt(text: Buffer, at: number): { readonly point: number; readonly length: number } {
  for (let length = 1; length <= 4 && at + length <= text.length; length++) {
    const bytes = text.subarray(at, at + length);
    if (isUtf8(bytes)) return { point: bytes.toString().codePointAt(0) ?? 0, length };
  }
  return { point: 0xfffd, length: 1 };
}

function holds(assertion: Assertion, text: Buffer, at: number): boolean {
  const isWord = (place: number): boolean => /\w/.test(String.fromCharCode(text[place] ?? 0));
  switch (assertion) {
    case 'text-begin':
      return at === 0;
    case 'line-begin':
      return at === 0 || text[at - 1] === 10;
    case 'text-end':
      return at === text.length;
    case 'line-end':
      return at === text.length || text[at] === 10;
    default:
      return (isWord(at - 1) !== isWord(at)) === (assertion === 'word-boundary');
  }
}
