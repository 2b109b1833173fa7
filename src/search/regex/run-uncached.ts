/**
 * What to do when the table of states overflows again and again: with less than ten bytes for each state made (the rule of RE2), making states is
 * wasted work. The next bytes are then stepped without remembering states, and twice as many each time it happens again.
 */
import type { Program } from './build-program.ts';
import { type ByteStates, decided } from './byte-states.ts';
import { decidedRow, type Dfa, type RunLines } from './create-dfa.ts';
import { createRunBits, type RunBits } from './run-bits.ts';

const bytesPerState = 10;
const minUncached = 4096;
const maxUncached = 1 << 24;

/** Steps without the table, and when to. */
export interface RunUncached {
  /** How many bytes to step without the table next. */
  readonly left: number;
  /** Looks whether the table has overflowed; `taken` counts all bytes that went through it. */
  watch(taken: number): void;
  readonly run: RunLines;
}

/** Creates both for one automaton. */
export function createRunUncached(program: Program, states: ByteStates, dfa: Dfa, memory: Buffer): RunUncached {
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
