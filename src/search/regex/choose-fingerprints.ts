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

/** What a search takes its choice by. */
export interface FingerprintChoice {
  /** The estimated share of bytes of a text that are in a set. */
  readonly frequencyOf: (bytes: Iterable<number>) => number;
  /** Fingerprints that are found more often, counted in places, are no help. */
  readonly maxFrequency: number;
  /** A match may reach over line ends. */
  readonly acrossLines?: boolean;
}

const inFiles: FingerprintChoice = { frequencyOf: estimateFrequency, maxFrequency };

/** The tables of the rarest fingerprints that every match has; undefined when there are none rare enough. In lines of files unless said otherwise. */
export function chooseFingerprints(tree: SyntaxNode, choice: FingerprintChoice = inFiles): Uint8Array | undefined {
  const windows = chooseRarest(tree, choice);
  return windows && makeFingerprintTables(windows);
}

function chooseRarest(tree: SyntaxNode, choice: FingerprintChoice): Alternatives | undefined {
  const costOf = (alternatives: Alternatives): number =>
    chooseWindows(alternatives, choice).reduce((sum, window) => sum + frequencyOf(window, choice), 0);
  const best = cheapest(findRequiredSequences(tree, costOf, choice), costOf);
  return best === undefined || costOf(best) > choice.maxFrequency ? undefined : chooseWindows(best, choice);
}

/** The tables of at most eight windows of three bytes. */
export function makeFingerprintTables(windows: Alternatives): Uint8Array {
  const tables = new Uint8Array(fingerprintTableBytes);
  for (const [index, window] of windows.entries()) {
    for (let position = 0; position < fingerprintLength; position++) {
      for (const byte of window[position] ?? anyByte) {
        tables[position * 32 + (byte & 15)]! |= 1 << index;
        tables[position * 32 + 16 + (byte >> 4)]! |= 1 << index;
      }
    }
  }
  return tables;
}

/**
 * The same where one fingerprint is enough and each of its bytes is one of two that differ in one bit at most (a letter in either case): for each byte
 * sixteen times a mask, then sixteen times the value under it. Undefined elsewhere.
 */
export function chooseExactFingerprint(tree: SyntaxNode): Uint8Array | undefined {
  const [window, ...others] = chooseRarest(tree, inFiles) ?? [];
  if (window === undefined || others.length > 0) return undefined;
  const tables = new Uint8Array(fingerprintTableBytes);
  for (const [position, [one = 0, other = one, ...more]] of window.entries()) {
    const difference = one ^ other;
    if (more.length > 0 || (difference & (difference - 1)) !== 0) return undefined;
    tables.fill(0xff ^ difference, position * 32, position * 32 + 16);
    tables.fill(one & ~difference, position * 32 + 16, position * 32 + 32);
  }
  return tables;
}

const anyByte: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte);

/** The rarest three adjacent bytes of each alternative, the same ones once. */
function chooseWindows(alternatives: Alternatives, choice: FingerprintChoice): Alternatives {
  const windows = new Map<string, ByteSequence>();
  for (const alternative of alternatives) {
    const at = rarestWindow(alternative, choice);
    const window = alternative.slice(at, at + fingerprintLength);
    windows.set(JSON.stringify(window), window);
  }
  return [...windows.values()];
}

/** Where in a sequence its rarest three bytes begin. */
export function rarestWindow(sequence: ByteSequence, choice: FingerprintChoice): number {
  const costAt = (start: number): number => frequencyOf(sequence.slice(start, start + fingerprintLength), choice);
  let best = 0;
  for (let start = 1; start + fingerprintLength <= sequence.length; start++) {
    if (costAt(start) < costAt(best)) best = start;
  }
  return best;
}

function frequencyOf(window: ByteSequence, choice: FingerprintChoice): number {
  return window.reduce((product, set) => product * choice.frequencyOf(widen(set)), 1);
}

/** What the halves of the bytes of a set take. */
function* widen(set: readonly number[]): Iterable<number> {
  const lows = new Set(set.map((byte) => byte & 15));
  const highs = new Set(set.map((byte) => byte >> 4));
  for (const high of highs) for (const low of lows) yield high * 16 + low;
}
