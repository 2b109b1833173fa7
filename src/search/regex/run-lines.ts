/**
 * Runs the automaton of one pattern over bytes in memory.
 *
 * Long runs are cut in four at newlines and searched side by side. Where the table overflows again and again, run-uncached.ts takes over. Either
 * way the work is linear in the number of bytes.
 */
import type { Program } from './build-program.ts';
import type { ByteStates } from './byte-states.ts';
import type { Kernel } from './create-kernel.ts';
import { decidedRow, type Dfa, type RunLines } from './create-dfa.ts';
import { createRunUncached } from './run-uncached.ts';

const newline = 10;
/** Below this length a stream is not worth its set-up. */
const minStream = 256;

/** Creates the runner; `memory` views the memory that the kernel and the table of the automaton lie in, from offset 0. */
export function createRunLines(
  program: Program,
  states: ByteStates,
  dfa: Dfa,
  kernel: Kernel,
  memory: Buffer,
): RunLines {
  const uncached = createRunUncached(program, states, dfa, memory);
  let taken = 0;

  const runOne: RunLines = (from, to, firstRow) => {
    let row = firstRow;
    let at = from;
    while (at < to) {
      if (uncached.left > 0) {
        const end = Math.min(to, at + uncached.left);
        row = uncached.run(at, end, row);
        at = end;
      } else {
        const count = kernel.one(at, to - at, row);
        row = kernel.rows[0]!;
        at += count;
        taken += count + 1;
        if (at >= to) break;
        row = dfa.advance(row, memory[at++]!);
        uncached.watch(taken);
      }
      if (row === decidedRow) break;
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
    if (four === undefined || uncached.left > 0 || to - from < 4 * minStream) return runOne(from, to, row);
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
