/**
 * Finds byte strings in a text that comes in pieces; all places are addresses in one memory. Each string is looked for by its rarest three bytes, up to
 * eight strings in one go (see choose-fingerprints.ts).
 */
import { fingerprintLength, makeFingerprintTables, rarestWindow } from '../regex/choose-fingerprints.ts';
import { fingerprintsInSlot } from '../regex/create-kernel.ts';
import { estimateMemoryFrequency } from './memory-frequency.ts';

/** The matches of one string do not overlap. */
export interface ByteSearch {
  /** A text begins at this address; these strings are looked for in it, by index. */
  begin(at: number, asked: ReadonlySet<number>): void;
  /** The bytes of the text were moved towards the beginning of the memory. */
  move(distance: number): void;
  /** Searches what lies before `to`. */
  run(to: number): void;
}

/** A string was found; false ends its search in this text. */
export type OnBytes = (index: number, start: number, end: number) => boolean;

/** How many strings one search takes. */
export const maxByteStrings = 8;

interface ByteString {
  readonly index: number;
  readonly bytes: Buffer;
  /** Where in it its fingerprint stands. */
  readonly offset: number;
  readonly fingerprint: readonly (readonly number[])[];
  /** No match begins before this place. */
  next: number;
}

const choice = { frequencyOf: estimateMemoryFrequency, maxFrequency: 1 };

/** Creates the search of strings of one byte or more; fills its slot. The caller keeps the length of the longest less one bytes before what it adds. */
export function createByteSearch(
  wanted: readonly { readonly index: number; readonly bytes: Buffer }[],
  place: {
    readonly memory: Buffer;
    readonly slot: number;
    readonly find: ((at: number, end: number) => number) | undefined;
  },
  onMatch: OnBytes,
): ByteSearch {
  const { memory, slot, find } = place;
  const strings = wanted.map(({ index, bytes }): ByteString => {
    const sequence = Array.from(bytes, (byte) => [byte]);
    const offset = rarestWindow(sequence, choice);
    return { index, bytes, offset, fingerprint: sequence.slice(offset, offset + fingerprintLength), next: 0 };
  });
  let active: readonly ByteString[] = [];
  let searched = 0;

  const activate = (chosen: readonly ByteString[]): void => {
    active = chosen;
    memory.set(makeFingerprintTables(chosen.map(({ fingerprint }) => fingerprint)), slot + fingerprintsInSlot);
  };

  const found = (string: ByteString, start: number): boolean => {
    string.next = start + string.bytes.length;
    if (onMatch(string.index, start, string.next)) return true;
    activate(active.filter((each) => each !== string));
    return false;
  };

  /** A place has the fingerprint of one string or several: which of them are there as a whole? */
  const verify = (at: number, to: number): void => {
    for (const string of active) {
      const start = at - string.offset;
      if (start >= string.next && start + string.bytes.length <= to && isAt(memory, start, string.bytes))
        found(string, start);
    }
  };

  const runTogether = (to: number, seek: NonNullable<typeof find>): void => {
    for (let at = seek(searched, to); at < to && active.length > 0; at = seek(at + 1, to)) verify(at, to);
    const longest = Math.max(0, ...active.map(({ bytes }) => bytes.length));
    searched = Math.max(searched, to - longest + 1);
  };

  const runAlone = (string: ByteString, to: number): void => {
    const bytes = memory.subarray(0, to);
    for (let at = bytes.indexOf(string.bytes, string.next); at >= 0; at = bytes.indexOf(string.bytes, string.next)) {
      if (!found(string, at)) return;
    }
    string.next = Math.max(string.next, to - string.bytes.length + 1);
  };

  return {
    begin(at, asked) {
      activate(strings.filter(({ index }) => asked.has(index)));
      searched = at;
      for (const string of strings) string.next = at;
    },
    move(distance) {
      searched -= distance;
      for (const string of strings) string.next -= distance;
    },
    run(to) {
      if (find === undefined) for (const string of active) runAlone(string, to);
      else if (active.length > 0) runTogether(to, find);
    },
  };
}

function isAt(memory: Buffer, start: number, bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (memory[start + i] !== bytes[i]) return false;
  return true;
}
