/**
 * The automaton of a program over bytes: what has been understood so far, and what one more byte makes of it.
 *
 * Three things are held back until the next byte decides them: the bytes of an unfinished UTF-8 sequence (complete: one character; broken: each
 * byte one U+FFFD), a carriage return (before a newline or the end it is no part of the line) and assertions about what follows.
 */
import type { Program } from './build-program.ts';
import { context, createStepper, type NodeSet, type Stepped } from './step-program.ts';
import { invalid, nodeOfEntry } from './utf8-decoder.ts';

/**
 * What is asked. `some`: does any line of a text match? `every`: does every line? `text`: does the whole text, newlines being ordinary
 * characters? Lines end at \n; one \r before that or before the end of the text does not count.
 */
export type Question = 'some' | 'every' | 'text';

/** Immutable. `matched` instead of a set: this line has matched, whatever follows. */
export interface ByteState {
  readonly set: Stepped;
  /** Node of the UTF-8 decoder and how many bytes it has taken; 0 between characters. */
  readonly decoderNode: number;
  readonly heldBytes: number;
  readonly heldReturn: boolean;
}

/**
 * The question is answered without reading on: yes for `some` and `text` (there is a match), no for `every` (there is a line without one).
 */
export const decided = 'decided';

/** The steps over bytes for one question. */
export interface ByteStates {
  readonly start: ByteState;
  advance(state: ByteState, byte: number): ByteState | typeof decided;
  /** Whether the text ending here decides the question. Not to be asked where a new line would begin: no line is there. */
  isDecidedAtEnd(state: ByteState): boolean;
}

const newline = 10;
const carriageReturn = 13;

/** Creates the automaton of a program for a question. */
export function createByteStates(program: Program, question: Question): ByteStates {
  const { decoder, asciiClasses } = program;
  const stepper = createStepper(program);
  const inLines = question !== 'text';
  const returnClass = asciiClasses[carriageReturn] ?? 0;
  const start = betweenCharacters(stepper.begin());
  const lineMatched = betweenCharacters('matched');

  const onMatch = (byte: number): ByteState | typeof decided => {
    if (question !== 'every') return decided;
    return byte === newline ? start : lineMatched;
  };

  const onLineEnd = (set: NodeSet): ByteState | typeof decided =>
    stepper.matchesAtEnd(set) === (question === 'every') ? start : decided;

  /** Releases held bytes that turned out to be no character. */
  const breakSequence = (set: NodeSet, heldBytes: number): Stepped => {
    let broken: Stepped = set;
    for (let i = 0; i < heldBytes && broken !== 'matched'; i++) {
      broken = stepper.step(broken, decoder.replacementClass, context.other);
    }
    return broken;
  };

  const advanceFromBoundary = (set: NodeSet, byte: number): ByteState | typeof decided => {
    if (inLines && byte === newline) return onLineEnd(set);
    if (inLines && byte === carriageReturn) return { ...betweenCharacters(set), heldReturn: true };
    const entry = byte < 0x80 ? (asciiClasses[byte] ?? 0) : (decoder.leads[byte - 0x80] ?? invalid);
    if (entry < invalid) return { set, decoderNode: nodeOfEntry(entry), heldBytes: 1, heldReturn: false };
    const stepped = stepper.step(set, entry === invalid ? decoder.replacementClass : entry, contextOf(byte));
    return stepped === 'matched' ? onMatch(byte) : betweenCharacters(stepped);
  };

  const advanceSequence = (state: ByteState, set: NodeSet, byte: number): ByteState | typeof decided => {
    const isContinuation = byte >= 0x80 && byte < 0xc0;
    const entry = isContinuation ? (decoder.nodes[state.decoderNode * 64 + byte - 0x80] ?? invalid) : invalid;
    if (entry < invalid) return { ...state, decoderNode: nodeOfEntry(entry), heldBytes: state.heldBytes + 1 };
    const stepped = entry === invalid ? breakSequence(set, state.heldBytes) : stepper.step(set, entry, context.other);
    if (stepped === 'matched') return onMatch(byte);
    return entry === invalid ? advanceFromBoundary(stepped, byte) : betweenCharacters(stepped);
  };

  return {
    start,
    advance(state, byte) {
      const { set } = state;
      if (set === 'matched') return onMatch(byte);
      if (state.heldBytes > 0) return advanceSequence(state, set, byte);
      if (!state.heldReturn) return advanceFromBoundary(set, byte);
      if (byte === newline) return onLineEnd(set);
      const stepped = stepper.step(set, returnClass, context.other);
      return stepped === 'matched' ? onMatch(byte) : advanceFromBoundary(stepped, byte);
    },
    isDecidedAtEnd({ set, heldBytes }) {
      const last = set === 'matched' ? set : breakSequence(set, heldBytes);
      const isMatch = last === 'matched' || stepper.matchesAtEnd(last);
      return isMatch !== (question === 'every');
    },
  };
}

/** A state that holds nothing back. */
export function betweenCharacters(set: Stepped): ByteState {
  return { set, decoderNode: 0, heldBytes: 0, heldReturn: false };
}

function contextOf(byte: number): number {
  if (byte === newline) return context.newline;
  return isWordByte(byte) ? context.word : context.other;
}

/** Go's \b and \w: ASCII letters, digits and the underscore. */
export function isWordByte(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122);
}
