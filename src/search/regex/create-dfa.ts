/**
 * A deterministic automaton that is made while it runs: rows of next rows, one for each state met so far.
 *
 * A row is named by its byte offset in the memory the table lies in, so that the kernel needs no multiplication. An entry is the next row,
 * `unknown` (ask `advance`) or `decidedRow`. When the table or the memory for states is full, all states are forgotten and it begins again: what
 * it holds is bounded, and the caller sees by `flushes` that rows it remembers mean nothing any more.
 */
import type { ByteClasses } from './byte-classes.ts';
import { type ByteState, type ByteStates, decided } from './byte-states.ts';

export const unknownRow = -1;
export const decidedRow = -2;

/** Where the table lies: `words` views memory from its offset 0. */
export interface TableRegion {
  readonly words: Int32Array;
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface Dfa {
  /** How many states fit before all are forgotten. */
  readonly capacity: number;
  /** How often all states were forgotten. */
  readonly flushes: number;
  /** The row at the beginning of a text or line; always the first. */
  readonly start: number;
  /** The row after a byte, or `decidedRow`; fills in the table. May flush. */
  advance(row: number, byte: number): number;
  stateOf(row: number): ByteState;
  /** The row of a state; may flush. */
  rowOf(state: ByteState): number;
}

/** Runs from one address to another; `row` is where the automaton stands. Answers the row it reaches, or `decidedRow`. */
export type RunLines = (from: number, to: number, row: number) => number;

// The sets of nodes behind the rows: 4 MiB at most.
const maxHeldNodes = 1 << 20;

/** So that after a flush the states of four streams fit again. */
export const minRows = 8;

/** Creates an automaton whose table fills at most its region, which must hold `minRows` rows, and at most `maxStates` rows. */
export function createDfa(states: ByteStates, classes: ByteClasses, region: TableRegion, maxStates: number): Dfa {
  const width = rowWidth(classes);
  const { words, byteOffset } = region;
  const capacity = Math.max(minRows, Math.min(maxStates, Math.floor(region.byteLength / (4 * width))));
  const { ids } = classes;
  let known: ByteState[] = [];
  let rows = new Map<string, number>();
  let heldNodes = 0;
  let flushes = 0;

  const rowOf = (state: ByteState): number => {
    const key = keyOf(state);
    const found = rows.get(key);
    if (found !== undefined) return found;
    if (known.length >= capacity || heldNodes > maxHeldNodes) flush();
    const row = byteOffset + known.length * width * 4;
    known.push(state);
    rows.set(key, row);
    heldNodes += key.length;
    words.fill(unknownRow, row >> 2, (row >> 2) + width);
    return row;
  };

  const flush = (): void => {
    known = [];
    rows = new Map();
    heldNodes = 0;
    flushes++;
    rowOf(states.start);
  };

  const stateOf = (row: number): ByteState => known[(row - byteOffset) / (4 * width)] ?? states.start;

  rowOf(states.start);
  return {
    capacity,
    get flushes() {
      return flushes;
    },
    start: byteOffset,
    advance(row, byte) {
      const entry = words[(row >> 2) + ids[byte]!]!;
      if (entry !== unknownRow) return entry;
      const flushesBefore = flushes;
      const state = states.advance(stateOf(row), byte);
      const next = state === decided ? decidedRow : rowOf(state);
      // After a flush the row that led here is gone.
      if (flushes === flushesBefore) words[(row >> 2) + ids[byte]!] = next;
      return next;
    },
    stateOf,
    rowOf,
  };
}

/** Entries in a row: a power of two that holds all classes. */
export function rowWidth(classes: ByteClasses): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, classes.count)));
}

function keyOf({ set, decoderNode, heldBytes, heldReturn }: ByteState): string {
  if (set === 'matched') return 'matched';
  // Node numbers are below 65536, so that a character can stand for each.
  const held = `${heldReturn ? 'r' : ''}${heldBytes},${decoderNode},${set.before}:`;
  const { nodes } = set;
  if (nodes.length <= 4096) return held + String.fromCharCode(...nodes);
  let key = held;
  for (let i = 0; i < nodes.length; i += 4096) key += String.fromCharCode(...nodes.subarray(i, i + 4096));
  return key;
}
