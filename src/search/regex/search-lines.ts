/**
 * The answer of one pattern about the lines of a text that comes in pieces.
 */
import { createByteStates, type Question } from './byte-states.ts';
import { createDfa, decidedRow, type TableRegion } from './create-dfa.ts';
import type { Kernel } from './create-kernel.ts';
import type { RegexInternals } from './compile-regex.ts';
import { findRequiredLiterals } from './required-literals.ts';
import { createRunLines, type RunLines } from './run-lines.ts';

const newline = 10;
/** A literal found more often than once in so many bytes is no help; judged after so many finds. */
const minLiteralDistance = 128;
const literalTrials = 16;

/** The search of one pattern. `answer` is undefined until the bytes so far decide it. */
export interface LineSearch {
  readonly answer: boolean | undefined;
  reset(): void;
  /** The next piece of the text, between two addresses of the memory, not empty. */
  push(from: number, to: number): void;
  /** The text is over. */
  finish(): void;
}

/** Creates the search of a pattern for `some` or `every` line of a text, with the table and kernel given. */
export function createLineSearch(
  regex: RegexInternals,
  question: Exclude<Question, 'text'>,
  place: { readonly region: TableRegion; readonly kernel: Kernel; readonly memory: Buffer },
): LineSearch {
  const { kernel, memory, region } = place;
  const states = createByteStates(regex.program, question);
  const dfa = createDfa(states, regex.byteClasses, region, regex.maxStates);
  const run = createRunLines(states, dfa, kernel, memory);
  const literals = question === 'some' ? findRequiredLiterals(regex.tree) : undefined;
  const whenDecided = question === 'some';
  let row = dfa.start;
  let atLineStart = true;
  let answer: boolean | undefined;

  const pushFiltered = (from: number, to: number, required: readonly Buffer[]): number => {
    const bytes = memory.subarray(from, to);
    const headEnd = atLineStart ? 0 : bytes.indexOf(newline) + 1 || bytes.length;
    const tailStart = Math.max(headEnd, bytes.lastIndexOf(newline) + 1);
    if (headEnd > 0) row = run(from, from + headEnd, row);
    if (row === decidedRow || headEnd === bytes.length) return row;
    if (runCandidates(run, memory.subarray(from + headEnd, from + tailStart), from + headEnd, required, dfa.start))
      return decidedRow;
    return run(from + tailStart, to, dfa.start);
  };

  return {
    get answer() {
      return answer;
    },
    reset() {
      row = dfa.start;
      atLineStart = true;
      answer = undefined;
    },
    push(from, to) {
      row = literals === undefined ? run(from, to, row) : pushFiltered(from, to, literals);
      if (row === decidedRow) answer = whenDecided;
      atLineStart = memory[to - 1] === newline;
    },
    finish() {
      const isDecided = !atLineStart && states.isDecidedAtEnd(dfa.stateOf(row));
      answer ??= isDecided === whenDecided;
    },
  };
}

/** Whether a line holding a literal matches; `bytes`, at address `base`, are whole lines. */
function runCandidates(
  run: RunLines,
  bytes: Buffer,
  base: number,
  literals: readonly Buffer[],
  start: number,
): boolean {
  for (const literal of literals) {
    let trials = 0;
    for (let at = bytes.indexOf(literal); at >= 0; at = at < bytes.length ? bytes.indexOf(literal, at) : -1) {
      const lineStart = at === 0 ? 0 : bytes.lastIndexOf(newline, at - 1) + 1;
      const isCommon = ++trials > literalTrials && at < trials * minLiteralDistance;
      const lineEnd = isCommon ? bytes.length : bytes.indexOf(newline, at) + 1;
      if (run(base + lineStart, base + lineEnd, start) === decidedRow) return true;
      if (isCommon) return false;
      at = lineEnd;
    }
  }
  return false;
}
