import { type CodePoints, normalizeCodePoints } from './code-points.ts';

// U+0130 and U+0131, the Turkish i's, have no simple folding; JavaScript would upper-case the second to I.
const turkish: ReadonlySet<number> = new Set([0x130, 0x131]);
const lastCasedPoint = 0x1e943;

// Where letters with case live: up to Latin Extended-C and Coptic, Cyrillic Extended-B to Cherokee, full width forms, and the small alphabets
// of plane 1 (Deseret to Garay, Warang Citi, Medefaidrin, Adlam). Elsewhere is nothing with case, and looking there would take 20 ms.
const casedSpans: readonly (readonly [number, number])[] = [
  [0x41, 0x2dff],
  [0xa640, 0xabff],
  [0xff21, 0xff5a],
  [0x10400, 0x10dff],
  [0x118a0, 0x118df],
  [0x16e40, 0x16eff],
  [0x1e900, lastCasedPoint],
];

/**
 * The set with every character that differs only in case added: Unicode simple case folding as Go's regexp does it, so k brings U+212A along.
 * Adds to a normalized set, gives a normalized set.
 */
export function foldCase(points: CodePoints): CodePoints {
  const orbits = caseOrbits();
  const added: number[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const low = points[i] ?? 0;
    const high = Math.min(points[i + 1] ?? 0, lastCasedPoint);
    if (high - low > orbits.size) {
      for (const [point, others] of orbits) if (point >= low && point <= high) pushAll(added, others);
    } else {
      for (let point = low; point <= high; point++) pushAll(added, orbits.get(point) ?? []);
    }
  }
  return added.length === 0 ? points : normalizeCodePoints([...points, ...added]);
}

function pushAll(pairs: number[], points: readonly number[]): void {
  for (const point of points) pairs.push(point, point);
}

let memo: ReadonlyMap<number, readonly number[]> | undefined;

/** From each character with more than one case to all characters it equals, itself included; made on first use in about 5 ms. */
function caseOrbits(): ReadonlyMap<number, readonly number[]> {
  if (memo !== undefined) return memo;
  const orbits = new Map<number, number[]>();
  for (const [low, high] of casedSpans) {
    for (let point = low; point <= high; point++) {
      const text = String.fromCodePoint(point);
      join(orbits, point, text.toLowerCase());
      join(orbits, point, text.toUpperCase());
    }
  }
  memo = orbits;
  return orbits;
}

function join(orbits: Map<number, number[]>, point: number, cased: string): void {
  const other = cased.codePointAt(0) ?? point;
  if (other === point || cased.length !== (other > 0xffff ? 2 : 1) || turkish.has(point)) return;
  const orbit = orbits.get(point) ?? [point];
  const otherOrbit = orbits.get(other) ?? [other];
  if (orbit === otherOrbit) return;
  const joined = [...orbit, ...otherOrbit.filter((member) => !orbit.includes(member))];
  for (const member of joined) orbits.set(member, joined);
}
