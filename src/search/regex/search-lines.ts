/**
 * The answer of one pattern about the lines of a text that comes in pieces.
 */
import { createByteStates, type Question } from './byte-states.ts';
import { createDfa, decidedRow, type RunLines, type TableRegion } from './create-dfa.ts';
import { fingerprintsInSlot, type Kernel } from './create-kernel.ts';
import type { RegexInternals } from './regex-internals.ts';
import { chooseExactFingerprint, chooseFingerprints } from './choose-fingerprints.ts';
import { createRunLines } from './run-lines.ts';

const newline = 10;
/** Fingerprints found more often than once in so many bytes are no help; judged after so many finds. */
const minDistance = 2048;
const trials = 8;

/** The search of one pattern. `answer` is undefined until the bytes so far decide it. */
export interface LineSearch {
  readonly answer: boolean | undefined;
  reset(): void;
  /** The next piece of the text, between two addresses of the memory, not empty. */
  push(from: number, to: number): void;
  /** Where the search stands: from the same object on, the same bytes lead to the same answer. Undefined where that can no longer be told. */
  state(): object | undefined;
  /** The text is over. */
  finish(): void;
}

/** What a search works with: `memory` views all of it from offset 0, `slot` is where its small tables lie, `region` its big one. */
export interface SearchPlace {
  readonly memory: Buffer;
  readonly slot: number;
  readonly region: TableRegion;
  readonly kernel: Kernel;
}

/** Creates the search of a pattern for `some` or `every` line of a text; fills its slot. */
export function createLineSearch(
  regex: RegexInternals,
  question: Exclude<Question, 'text'>,
  place: SearchPlace,
): LineSearch {
  const { memory } = place;
  memory.set(regex.byteClasses.ids, place.slot);
  const states = createByteStates(regex.program, question);
  const dfa = createDfa(states, regex.byteClasses, place.region, regex.maxStates);
  const run = createRunLines(regex.program, states, dfa, place.kernel, memory);
  const runCandidates = question === 'some' ? createRunCandidates(regex, place, run, dfa.start) : undefined;
  const whenDecided = question === 'some';
  let row = dfa.start;
  let atLineStart = true;
  let answer: boolean | undefined;

  /** Whole lines only if they have a fingerprint; the end of a line begun before and the beginning of one unfinished in any case. */
  const pushFiltered = (from: number, to: number, filter: RunLines): number => {
    const bytes = memory.subarray(from, to);
    const headEnd = atLineStart ? 0 : bytes.indexOf(newline) + 1 || bytes.length;
    const tailStart = Math.max(headEnd, bytes.lastIndexOf(newline) + 1);
    const afterHead = headEnd > 0 ? run(from, from + headEnd, row) : row;
    if (afterHead === decidedRow || headEnd === bytes.length) return afterHead;
    if (filter(from + headEnd, from + tailStart, dfa.start) === decidedRow) return decidedRow;
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
      row = runCandidates === undefined ? run(from, to, row) : pushFiltered(from, to, runCandidates);
      if (row === decidedRow) answer = whenDecided;
      atLineStart = memory[to - 1] === newline;
    },
    // At the start of a line the text before it counts for nothing, and elsewhere the state of the automaton is all there is.
    state: () => (atLineStart || row === decidedRow ? undefined : dfa.stateOf(row)),
    finish() {
      const isDecided = !atLineStart && states.isDecidedAtEnd(dfa.stateOf(row));
      answer ??= isDecided === whenDecided;
    },
  };
}

/** Runs whole lines, leaving out those without a fingerprint; undefined when the pattern has none worth looking for. */
function createRunCandidates(
  regex: RegexInternals,
  { kernel, memory, slot }: SearchPlace,
  run: RunLines,
  start: number,
): RunLines | undefined {
  const exact = kernel.findExact && chooseExactFingerprint(regex.tree);
  const find = exact ? kernel.findExact : kernel.find;
  if (find === undefined) return undefined;
  const tables = exact ?? chooseFingerprints(regex.tree);
  if (tables === undefined) return undefined;
  memory.set(tables, slot + fingerprintsInSlot);
  return (from, to) => {
    const bytes = memory.subarray(from, to);
    let finds = 0;
    for (let at = find(from, to); at < to; at = find(at, to)) {
      const lineStart = from + bytes.lastIndexOf(newline, at - from) + 1;
      const isCommon = ++finds > trials && at - from < finds * minDistance;
      const lineEnd = isCommon ? to : from + bytes.indexOf(newline, at - from) + 1;
      if (run(lineStart, lineEnd, start) === decidedRow) return decidedRow;
      at = lineEnd;
    }
    return start;
  };
}
