/**
 * Runs the automaton of one pattern over bytes in memory.
 *
 * Long runs are cut in four at newlines and searched side by side. When the table overflows again and again (less than ten bytes for each state
 * made, the rule of RE2), making states is wasted work: the next bytes are then stepped without remembering anything, and twice as many each
 * time it happens again. Either way the work is linear in the number of bytes.
 */
import { type ByteStates, decided } from './byte-states.ts';
import type { Kernel } from './create-kernel.ts';
import { decidedRow, type Dfa } from './create-dfa.ts';

const newline = 10;
/** Below this length a stream is not worth its set-up. */
const minStream = 256;
const bytesPerState = 10;
const minUncached = 4096;
const maxUncached = 1 << 20;

/** Runs from one address to another; `row` is where the automaton stands. Answers the row it reaches, or `decidedRow`. */
export type RunLines = (from: number, to: number, row: number) => number;

/** Creates the runner; `memory` views the memory that the kernel and the table of the automaton lie in, from offset 0. */
export function createRunLines(states: ByteStates, dfa: Dfa, kernel: Kernel, memory: Buffer): RunLines {
  let taken = 0;
  let takenAtFlush = 0;
  let uncached = minUncached;

  /** Steps without the table. */
  const runUncached = (from: number, to: number, row: number): number => {
    let state = dfa.stateOf(row);
    for (let at = from; at < to; at++) {
      const next = states.advance(state, memory[at]!);
      if (next === decided) return decidedRow;
      state = next;
    }
    taken += to - from;
    return dfa.rowOf(state);
  };

  /** How many bytes to step without the table, now that it has overflowed. */
  const uncachedAfterFlush = (): number => {
    const isWasted = taken - takenAtFlush < bytesPerState * dfa.capacity;
    takenAtFlush = taken;
    uncached = isWasted ? Math.min(2 * uncached, maxUncached) : minUncached / 2;
    return isWasted ? uncached : 0;
  };

  const runOne: RunLines = (from, to, firstRow) => {
    let row = firstRow;
    let at = from;
    while (at < to) {
      const count = kernel.one(at, to - at, row);
      row = kernel.rows[0]!;
      at += count;
      taken += count + 1;
      if (at >= to) break;
      const { flushes } = dfa;
      row = dfa.advance(row, memory[at++]!);
      if (row === decidedRow) break;
      if (dfa.flushes === flushes) continue;
      const end = Math.min(to, at + uncachedAfterFlush());
      if (end > at) row = runUncached(at, end, row);
      if (row === decidedRow) break;
      at = end;
    }
    return row;
  };

  /** Advances all four by the byte the kernel stopped at; false when the table was flushed. Rows are kept valid. */
  const advanceAll = (ats: readonly number[], rows: number[]): boolean => {
    const { flushes } = dfa;
    for (let stream = 0; stream < 4 && !rows.includes(decidedRow); stream++) {
      const before = dfa.flushes;
      const held = rows.map((each) => dfa.stateOf(each));
      rows[stream] = dfa.advance(rows[stream]!, memory[ats[stream]!]!);
      if (dfa.flushes === before) continue;
      for (const [other, state] of held.entries()) if (other !== stream) rows[other] = dfa.rowOf(state);
    }
    return dfa.flushes === flushes;
  };

  /** Runs four streams in lockstep for `length` bytes or until the table overflows; moves `ats` and `rows`. */
  const runLockstep = (four: NonNullable<Kernel['four']>, ats: Four, rows: Four, length: number): void => {
    let left = length;
    while (left > 0) {
      const count = four(...ats, left, ...rows);
      for (let stream = 0; stream < 4; stream++) {
        ats[stream]! += count;
        rows[stream] = kernel.rows[stream]!;
      }
      left -= count;
      taken += 4 * count;
      if (left === 0) return;
      const isKept = advanceAll(ats, rows);
      for (let stream = 0; stream < 4; stream++) ats[stream]!++;
      left--;
      if (!isKept || rows.includes(decidedRow)) return;
    }
  };

  return (from, to, row) => {
    const { four } = kernel;
    if (four === undefined || to - from < 4 * minStream) return runOne(from, to, row);
    const ats = cutAtNewlines(memory.subarray(from, to), from);
    const ends = [...ats.slice(1), to];
    const length = Math.min(...ends.map((end, stream) => end - ats[stream]!));
    if (length < minStream) return runOne(from, to, row);
    const rows: Four = [row, dfa.start, dfa.start, dfa.start];
    runLockstep(four, ats, rows, length);
    return finishStreams(runOne, dfa, ats, ends, rows);
  };
}

type Four = [number, number, number, number];

/** Addresses after newlines near each quarter. */
function cutAtNewlines(bytes: Buffer, base: number): Four {
  const cut = (quarter: number): number => {
    const at = bytes.indexOf(newline, (bytes.length * quarter) >> 2);
    return base + (at < 0 ? bytes.length : at + 1);
  };
  return [base, cut(1), cut(2), cut(3)];
}

/** Runs what is left of each stream one after the other; all but the first begin at a line, so each but the last ends at one. */
function finishStreams(runOne: RunLines, dfa: Dfa, ats: Four, ends: readonly number[], rows: Four): number {
  if (rows.includes(decidedRow)) return decidedRow;
  let last = dfa.start;
  const states = rows.map((each) => dfa.stateOf(each));
  for (const [stream, end] of ends.entries()) {
    last = runOne(ats[stream]!, end, dfa.rowOf(states[stream]!));
    if (last === decidedRow) return decidedRow;
  }
  return last;
}
