/**
 * Fingerprints: three adjacent bytes, each from a set, that are in every match; the kernel finds them sixteen places at a time.
 *
 * A set is kept as two sets of half bytes, so it may take a few bytes more than asked: a fingerprint only tells where to look closer. There are
 * eight of them at most, one bit each in the tables (the Teddy algorithm of Hyperscan).
 */
import { estimateFrequency } from './byte-frequency.ts';
import { type Alternatives, type ByteSequence, cheapest, findRequiredSequences } from './required-sequences.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** Bytes a fingerprint looks at. */
export const fingerprintLength = 3;

/** For each of the three bytes 16 entries for its low half, then 16 for its high half; bit i of an entry stands for fingerprint i. */
export const fingerprintTableBytes = fingerprintLength * 32;

/** Where a candidate costs a look at its line, fingerprints pay off only if they are rarer than this. */
const maxFrequency = 1 / 2000;

/** The tables of the rarest fingerprints that every match in a line has; undefined when there are none rare enough. */
export function chooseFingerprints(tree: SyntaxNode): Uint8Array | undefined {
  const best = cheapest(findRequiredSequences(tree, costOf), costOf);
  if (best === undefined || costOf(best) > maxFrequency) return undefined;
  const tables = new Uint8Array(fingerprintTableBytes);
  for (const [index, window] of chooseWindows(best).entries()) {
    for (let position = 0; position < fingerprintLength; position++) {
      for (const byte of window[position] ?? anyByte) {
        tables[position * 32 + (byte & 15)]! |= 1 << index;
        tables[position * 32 + 16 + (byte >> 4)]! |= 1 << index;
      }
    }
  }
  return tables;
}

const anyByte: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte);

function costOf(alternatives: Alternatives): number {
  return chooseWindows(alternatives).reduce((sum, window) => sum + frequencyOf(window), 0);
}

/** The rarest three adjacent bytes of each alternative, the same ones once. */
function chooseWindows(alternatives: Alternatives): Alternatives {
  const windows = new Map<string, ByteSequence>();
  for (const alternative of alternatives) {
    const window = rarestWindow(alternative);
    windows.set(JSON.stringify(window), window);
  }
  return [...windows.values()];
}

function rarestWindow(sequence: ByteSequence): ByteSequence {
  let best = sequence.slice(0, fingerprintLength);
  for (let start = 1; start + fingerprintLength <= sequence.length; start++) {
    const window = sequence.slice(start, start + fingerprintLength);
    if (frequencyOf(window) < frequencyOf(best)) best = window;
  }
  return best;
}

function frequencyOf(window: ByteSequence): number {
  return window.reduce((product, set) => product * estimateFrequency(widen(set)), 1);
}

/** What the halves of the bytes of a set take. */
function* widen(set: readonly number[]): Iterable<number> {
  const lows = new Set(set.map((byte) => byte & 15));
  const highs = new Set(set.map((byte) => byte >> 4));
  for (const high of highs) for (const low of lows) yield high * 16 + low;
}
