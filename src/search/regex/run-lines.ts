/**
 * Runs the automaton of one pattern over bytes in memory.
 *
 * Long runs are cut in four at newlines and searched side by side. When the table overflows again and again (less than ten bytes for each state
 * made, the rule of RE2), making states is wasted work: the next bytes are then stepped without remembering states (run-bits.ts), and twice as
 * many each time it happens again. Either way the work is linear in the number of bytes.
 */
import type { Program } from './build-program.ts';
import { type ByteStates, decided } from './byte-states.ts';
import type { Kernel } from './create-kernel.ts';
import { decidedRow, type Dfa } from './create-dfa.ts';
import { createRunBits, type RunBits } from './run-bits.ts';

const newline = 10;
/** Below this length a stream is not worth its set-up. */
const minStream = 256;
const bytesPerState = 10;
const minUncached = 4096;
const maxUncached = 1 << 24;

/** Runs from one address to another; `row` is where the automaton stands. Answers the row it reaches, or `decidedRow`. */
export type RunLines = (from: number, to: number, row: number) => number;

/** Creates the runner; `memory` views the memory that the kernel and the table of the automaton lie in, from offset 0. */
export function createRunLines(
  program: Program,
  states: ByteStates,
  dfa: Dfa,
  kernel: Kernel,
  memory: Buffer,
): RunLines {
  const uncached = createUncached(program, states, dfa, memory);
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

/** Steps without the table, and when to. */
interface Uncached {
  /** How many bytes to step without the table next. */
  readonly left: number;
  /** Looks whether the table has overflowed; `taken` counts all bytes that went through it. */
  watch(taken: number): void;
  readonly run: RunLines;
}

function createUncached(program: Program, states: ByteStates, dfa: Dfa, memory: Buffer): Uncached {
  let runBits: RunBits | undefined;
  let left = 0;
  let grant = minUncached;
  let flushes = 0;
  let takenAtFlush = 0;
  return {
    get left() {
      return left;
    },
    watch(taken) {
      if (dfa.flushes === flushes) return;
      const isWasted = taken - takenAtFlush < bytesPerState * dfa.capacity;
      flushes = dfa.flushes;
      takenAtFlush = taken;
      left = isWasted ? grant : 0;
      grant = isWasted ? Math.min(2 * grant, maxUncached) : minUncached;
    },
    run(from, to, row) {
      left -= to - from;
      runBits ??= createRunBits(program, states, memory) ?? createRunSteps(states, memory);
      const state = runBits(from, to, dfa.stateOf(row));
      return state === decided ? decidedRow : dfa.rowOf(state);
    },
  };
}

/** For programs that bits cannot run. */
function createRunSteps(states: ByteStates, memory: Buffer): RunBits {
  return (from, to, first) => {
    let state = first;
    for (let at = from; at < to; at++) {
      const next = states.advance(state, memory[at]!);
      if (next === decided) return decided;
      state = next;
    }
    return state;
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
