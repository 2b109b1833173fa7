import { anyCodePoint, type CodePoints, maxCodePoint, negateCodePoints } from './code-points.ts';

const memo = new Map<string, CodePoints>();

/**
 * The code points of a Unicode general category (`L`, `Lu`, `Letter`) or script (`Greek`) named as in \p{...}, in the Unicode version of the
 * running Node; undefined when there is no such name. Surrogates belong to nothing: UTF-8 has none.
 */
export function unicodeSet(name: string): CodePoints | undefined {
  const known = memo.get(name);
  if (known !== undefined) return known;
  const points = readSet(name);
  if (points !== undefined) memo.set(name, points);
  return points;
}

function readSet(name: string): CodePoints | undefined {
  if (name === 'Any') return anyCodePoint;
  if (name === 'Ascii') return [0, 0x7f];
  if (name === 'Assigned') return negateCodePoints(unicodeSet('Cn') ?? []);
  if (name === 'Lc') return unicodeSet('LC');
  if (!/^[A-Za-z_]+$/.test(name)) return undefined;
  const property = ['General_Category', 'Script'].find((kind) => isProperty(`${kind}=${name}`));
  return property === undefined ? undefined : findRanges(new RegExp(`\\p{${property}=${name}}+`, 'gu'));
}

function isProperty(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, 'u').source !== '';
  } catch {
    // A SyntaxError is how JavaScript says that it does not know the name.
    return false;
  }
}

// Spans of the planes that hold characters, cut so that texts stay small and halves of surrogate pairs are left out.
const assignedSpans: readonly (readonly [number, number])[] = [
  [0, 0x7fff],
  [0x8000, 0xd7ff],
  [0xe000, 0xffff],
  [0x10000, 0x17fff],
  [0x18000, 0x1ffff],
  [0x20000, 0x27fff],
  [0x28000, 0x2ffff],
  [0x30000, 0x37fff],
  [0xe0000, 0xe0fff],
];

type AddRange = (low: number, high: number) => void;

/** Runs of matching characters in a text of all characters, span by span: about 15 ms for any set. */
function findRanges(runs: RegExp): CodePoints {
  const pairs: number[] = [];
  const add: AddRange = (low, high) => {
    if (pairs.at(-1) === low - 1) pairs[pairs.length - 1] = high;
    else pairs.push(low, high);
  };
  let next = 0;
  for (const [low, high] of assignedSpans) {
    addUniformPlanes(runs, next, low - 1, add);
    addRuns(runs, low, high, add);
    next = high + 1;
  }
  addUniformPlanes(runs, next, maxCodePoint, add);
  return pairs;
}

// Outside the assigned spans a plane is all unassigned or all private, but for the two non-characters at its end: one of each is asked.
function addUniformPlanes(runs: RegExp, from: number, to: number, add: AddRange): void {
  for (let low = from; low <= to; low = (low | 0xffff) + 1) {
    const last = low | 0xffff;
    if (matches(runs, low)) add(low, Math.min(to, last - 2));
    if (last <= to && matches(runs, last)) add(last - 1, last);
  }
}

function matches(runs: RegExp, point: number): boolean {
  runs.lastIndex = 0;
  return (point < 0xd800 || point > 0xdfff) && runs.test(String.fromCodePoint(point));
}

function addRuns(runs: RegExp, low: number, high: number, add: AddRange): void {
  const points = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  runs.lastIndex = 0;
  const unitsPerPoint = low > 0xffff ? 2 : 1;
  for (const match of String.fromCodePoint(...points).matchAll(runs)) {
    const start = low + match.index / unitsPerPoint;
    add(start, start + match[0].length / unitsPerPoint - 1);
  }
}
