/** A set of code points: ascending, disjoint, non-adjacent pairs `[low, high, low, high, ...]`, both ends included. */
export type CodePoints = readonly number[];

export const maxCodePoint = 0x10ffff;
export const anyCodePoint: CodePoints = [0, maxCodePoint];

/** Sorts and merges pairs given in any order. */
export function normalizeCodePoints(pairs: readonly number[]): CodePoints {
  const ranges: [number, number][] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) ranges.push([pairs[i] ?? 0, pairs[i + 1] ?? 0]);
  ranges.sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [low, high] of ranges) {
    const last = merged.length - 1;
    const end = merged[last];
    if (end === undefined || low > end + 1) merged.push(low, high);
    else if (high > end) merged[last] = high;
  }
  return merged;
}

/** Everything that is not in the set. */
export function negateCodePoints(points: CodePoints): CodePoints {
  const outside: number[] = [];
  let next = 0;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const low = points[i] ?? 0;
    if (low > next) outside.push(next, low - 1);
    next = (points[i + 1] ?? 0) + 1;
  }
  if (next <= maxCodePoint) outside.push(next, maxCodePoint);
  return outside;
}

/** Whether the set holds the code point. */
export function hasCodePoint(points: CodePoints, point: number): boolean {
  let low = 0;
  let high = points.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[2 * middle + 1] ?? 0) < point) low = middle + 1;
    else high = middle;
  }
  return (points[2 * low] ?? Number.POSITIVE_INFINITY) <= point;
}
