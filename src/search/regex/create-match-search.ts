/**
 * Finds the matches of one pattern in a text that comes in pieces. Newlines are ordinary characters, and no place where the text is cut exists for
 * the pattern: the state of the automaton runs on.
 *
 * A match is reported where it ends earliest, from the leftmost place that it can begin at; the next one begins where it ends (after an empty one: one byte
 * later). This is the rule that needs no look beyond the end of a match, so that the work is linear in the text whatever is in it; the leftmost
 * match of Go's FindAll can need the whole rest of the text for each match.
 */
import { isUtf8 } from 'node:buffer';
import { buildProgram } from './build-program.ts';
import { createByteClasses } from './byte-classes.ts';
import { betweenCharacters, type ByteState, createByteStates } from './byte-states.ts';
import { contextOf, createBackwardSearch } from './create-backward-search.ts';
import { createDfa, decidedRow, minRows } from './create-dfa.ts';
import { createRunUncached } from './run-uncached.ts';
import { createRunStreams, minStreams } from './run-streams.ts';
import { createSkip } from './create-skip.ts';
import type { FingerprintChoice } from './choose-fingerprints.ts';
import type { Regex } from './compile-regex.ts';
import { trimTail } from './reshape-tree.ts';
import type { SearchPlace } from './search-lines.ts';
import { context } from './step-program.ts';

/** What `createMatchSearch` answers; all places are addresses in the memory of the search. */
export interface MatchSearch {
  /** A text begins at this address; without the pattern being looked for unless asked. */
  begin(at: number, isAsked: boolean): void;
  /** The bytes of the text were moved towards the beginning of the memory. */
  move(distance: number): void;
  /**
   * Searches up to `to`; the byte there must be known already, unless the text ends. Bytes before `lowest` are lost: a match that begins before is
   * reported without its beginning.
   */
  run(text: { readonly to: number; readonly lowest: number; readonly isEnd: boolean }): void;
}

/** A match was found; false ends the search of this text. */
export type OnMatch = (start: number | undefined, end: number) => boolean;

/** Uncached steps do not tell where they were decided: so many are taken again one by one. */
const uncachedPiece = 256;
/** While a match is open the automaton runs on so far, then looks again. */
const openPiece = 128;
/** After streams that did not fit together so many runs do without. */
const pauseAfterFailure = 8;

interface Bounds {
  readonly to: number;
  readonly lowest: number;
  readonly isEnd: boolean;
}

/** Creates the search of a pattern; fills its slot. */
export function createMatchSearch(
  regex: Regex,
  place: SearchPlace & { readonly choice: FingerprintChoice },
  onMatch: OnMatch,
): MatchSearch {
  const { memory, kernel } = place;
  const { pattern, internals } = regex;
  const tree = trimTail(internals.tree);
  const program = buildProgram(pattern, tree);
  const classes = createByteClasses(program);
  memory.set(classes.ids, place.slot);
  const states = createByteStates(program, 'text');
  const dfa = createDfa(states, classes, place.region, Math.max(minRows, internals.maxStates));
  const uncached = createRunUncached(program, states, dfa, memory);
  const findStart = createBackwardSearch(pattern, tree, memory);
  const skip = createSkip(tree, place);
  const runStreams = createRunStreams(dfa, kernel, memory);
  let pause = 0;

  let at = 0;
  let row = dfa.start;
  /** The row is that of the text up to `at`. */
  let isRowKnown = false;
  let taken = 0;
  let textBegin = 0;
  /** No match begins before this place. */
  let restart = 0;
  let lastEnd = -1;
  let isOver = true;

  const stateAt = (from: number): ByteState => {
    if (from === textBegin) return states.start;
    // Only what a finished character means to assertions matters: any byte that begins none will do for those beyond ASCII.
    const state = states.advance(nothing, Math.min(memory[from - 1]!, 0x80));
    return state === 'decided' ? betweenCharacters('matched') : state;
  };

  const goOn = (from: number, { to, isEnd }: Bounds): void => {
    restart = from;
    at = from;
    isRowKnown = false;
    if (isEnd && from > to) isOver = true;
  };

  /** Goes as far towards `to` as streams come. */
  const runInStreams = (to: number): void => {
    if (runStreams === undefined || uncached.left > 0 || pause-- > 0) return;
    const run = runStreams(at, to, row, stateAt);
    ({ at, row } = run);
    taken += run.taken;
    pause = run.failed ? pauseAfterFailure : 0;
  };

  /** Runs up to `to` or to the byte that decides; answers the state before that byte. */
  const runTo = (to: number): ByteState | undefined => {
    if (to - at >= minStreams) runInStreams(to);
    while (at < to) {
      if (uncached.left > 0) {
        const end = Math.min(to, at + Math.min(uncached.left, uncachedPiece));
        const before = dfa.stateOf(row);
        row = uncached.run(at, end, row);
        if (row === decidedRow) return stepTo(before, end);
        at = end;
        continue;
      }
      const count = kernel.one(at, to - at, row);
      row = kernel.rows[0]!;
      at += count;
      taken += count + 1;
      if (at >= to) break;
      const before = dfa.stateOf(row);
      row = dfa.advance(row, memory[at++]!);
      uncached.watch(taken);
      if (row === decidedRow) return before;
    }
    return undefined;
  };

  const stepTo = (from: ByteState, end: number): ByteState | undefined => {
    let state = from;
    while (at < end) {
      const next = states.advance(state, memory[at++]!);
      if (next === 'decided') return state;
      state = next;
    }
    return undefined;
  };

  /** Reports the match whose end lies between two places, both included, and goes on behind it. */
  const report = (first: number, end: number, bounds: Bounds): void => {
    const isCharacter = end - first > 1 && isUtf8(memory.subarray(first, end));
    // What stands before the lowest byte is not known.
    const isKept = restart > bounds.lowest || (restart === textBegin && restart === bounds.lowest);
    const from = isKept ? restart : bounds.lowest + 1;
    const before = from === textBegin ? context.edge : contextOf(memory[from - 1]!);
    for (let place = Math.max(first, restart); place <= end; place++) {
      if (isCharacter && place > first && place < end) continue;
      const after = bounds.isEnd && place === bounds.to ? context.edge : contextOf(memory[place]!);
      const start = findStart({ end: place, from, before, after });
      if (start === undefined && place < end) continue;
      // An empty match right behind another one is none, as in Go.
      if (start === place && place === lastEnd) return goOn(place + 1, bounds);
      lastEnd = place;
      if (!onMatch(start, place)) isOver = true;
      else goOn(start === place || place === restart ? place + 1 : place, bounds);
      return;
    }
  };

  /** No match has begun that may still come to an end: the automaton is where it would be if the text began here. */
  const isIdle = (): boolean => isSameState(dfa.stateOf(row), stateAt(at));

  /** Goes to where the automaton must run next; false when that is not before `to`. */
  const skipTo = (to: number): boolean => {
    if (skip === undefined) return true;
    if (isRowKnown && at >= skip.runUntil && !skip.isBounded && !isIdle()) skip.runOn(at + openPiece);
    const next = skip.next(at, to);
    if (!isRowKnown || next > at) {
      at = Math.max(restart, next);
      isRowKnown = false;
    }
    return at < to || isRowKnown;
  };

  return {
    begin(from, isAsked) {
      at = from;
      restart = from;
      textBegin = from;
      lastEnd = -1;
      isRowKnown = false;
      isOver = !isAsked;
      skip?.begin(from);
    },
    move(distance) {
      at -= distance;
      restart -= distance;
      textBegin -= distance;
      lastEnd -= distance;
      skip?.move(distance);
    },
    run(bounds) {
      const { to, isEnd } = bounds;
      while (!isOver) {
        if (at > to) return;
        if (!skipTo(to)) {
          isOver = isEnd;
          return;
        }
        if (!isRowKnown) row = dfa.rowOf(stateAt(at));
        isRowKnown = true;
        const before = runTo(Math.min(to, skip?.runUntil ?? to));
        if (before !== undefined) report(firstEnd(before, at), at, bounds);
        else if (at < to) continue;
        else if (!isEnd) return;
        else {
          const last = dfa.stateOf(row);
          if (!states.isDecidedAtEnd(last)) isOver = true;
          else report(at - last.heldBytes, at, bounds);
        }
      }
    },
  };
}

/** Between two characters, in no node. */
const nothing = betweenCharacters({ nodes: new Int32Array(0), before: context.other, waiting: false });

/** Where a match can have ended that is known after a byte: behind it, unless something was held back for it to decide. */
function firstEnd({ set, heldBytes }: ByteState, at: number): number {
  const isHeldBack = heldBytes > 0 || set === 'matched' || set.waiting;
  return isHeldBack ? at - 1 - heldBytes : at;
}

function isSameState(one: ByteState, other: ByteState): boolean {
  if (one.set === 'matched' || other.set === 'matched') return one.set === other.set;
  const { nodes, before } = other.set;
  return (
    one.heldBytes === 0 &&
    one.set.before === before &&
    one.set.nodes.length === nodes.length &&
    one.set.nodes.every((node, index) => node === nodes[index])
  );
}
