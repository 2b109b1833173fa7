import { type CodePoints, maxCodePoint } from './code-points.ts';

/**
 * The characters of a pattern in classes: two characters are in one class when every set of the pattern holds both or neither. The automata
 * only ever see classes.
 */
export interface CharacterClasses {
  readonly count: number;
  /** First code points of the intervals all characters are cut in, ascending from 0; `ids` tells the class of each interval. */
  readonly starts: readonly number[];
  readonly ids: readonly number[];
  /** The class of one code point. */
  classOf(point: number): number;
  /** The class all code points from low to high share, or undefined. */
  commonClass(low: number, high: number): number | undefined;
  /** The classes a set of the pattern is made of. */
  classesIn(points: CodePoints): readonly number[];
}

/** Cuts all characters in the classes that the sets of a pattern tell apart. */
export function createCharacterClasses(sets: readonly CodePoints[]): CharacterClasses {
  const starts = findStarts(sets);
  const ids = starts.map(() => 0);
  let used = 1;
  for (const set of sets) used = splitBySet(starts, ids, set, used);
  const count = renumber(ids, used);
  const intervalOf = (point: number): number => lastAtMost(starts, point);
  return {
    count,
    starts,
    ids,
    classOf: (point) => ids[intervalOf(point)] ?? 0,
    commonClass(low, high) {
      const id = ids[intervalOf(low)];
      for (let i = intervalOf(low) + 1; (starts[i] ?? Number.POSITIVE_INFINITY) <= high; i++) {
        if (ids[i] !== id) return undefined;
      }
      return id;
    },
    classesIn(points) {
      const found = new Set<number>();
      forEachInterval(starts, points, (interval) => found.add(ids[interval] ?? 0));
      return [...found];
    },
  };
}

function findStarts(sets: readonly CodePoints[]): number[] {
  const starts = new Set([0]);
  for (const set of sets) {
    for (let i = 0; i + 1 < set.length; i += 2) {
      starts.add(set[i] ?? 0);
      starts.add((set[i + 1] ?? 0) + 1);
    }
  }
  starts.delete(maxCodePoint + 1);
  return [...starts].sort((a, b) => a - b);
}

/** Gives the part of each class inside the set a fresh class; answers how many classes were ever given. */
function splitBySet(starts: readonly number[], ids: number[], set: CodePoints, used: number): number {
  let next = used;
  const renamed = new Map<number, number>();
  forEachInterval(starts, set, (interval) => {
    const id = ids[interval] ?? 0;
    const fresh = renamed.get(id) ?? next++;
    renamed.set(id, fresh);
    ids[interval] = fresh;
  });
  return next;
}

/** Numbers the classes that are still in use from 0 in the order of their first characters; answers their count. */
function renumber(ids: number[], used: number): number {
  const order = new Int32Array(used).fill(-1);
  let next = 0;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? 0;
    if (order[id] === -1) order[id] = next++;
    ids[i] = order[id] ?? 0;
  }
  return next;
}

function forEachInterval(starts: readonly number[], points: CodePoints, visit: (interval: number) => void): void {
  for (let i = 0; i + 1 < points.length; i += 2) {
    const high = points[i + 1] ?? 0;
    for (let at = lastAtMost(starts, points[i] ?? 0); (starts[at] ?? Number.POSITIVE_INFINITY) <= high; at++) visit(at);
  }
}

function lastAtMost(starts: readonly number[], point: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= point) low = middle;
    else high = middle - 1;
  }
  return low;
}
