import { type ByteState, type ByteStates, createByteStates, decided } from './byte-states.ts';
import type { RegexInternals } from './regex-internals.ts';
import { createDfa, decidedRow } from './create-dfa.ts';

/** The tests of whole texts; see `Regex`. */
export interface TextTest {
  readonly test: (text: string | Uint8Array) => boolean;
  readonly testRange: (bytes: Uint8Array, from: number, to: number) => boolean;
}

/** Holds a table of `textTableBytes`. */
export function createTextTest(regex: RegexInternals): TextTest {
  const { textTableBytes: byteLength } = regex;
  const words = new Int32Array(byteLength / 4);
  const states = createByteStates(regex.program, 'text');
  const dfa = createDfa(states, regex.byteClasses, { words, byteOffset: 0, byteLength }, regex.maxStates);
  const { ids } = regex.byteClasses;
  // A row from which no match can come any more: most names leave a pattern with ^ at their first character.
  let hopeless: number | undefined;
  let hopelessAfter = 0;

  const advance = (row: number, byte: number): number => {
    const reached = dfa.advance(row, byte);
    if (dfa.flushes !== hopelessAfter) [hopeless, hopelessAfter] = [undefined, dfa.flushes];
    if (reached !== decidedRow && hopeless === undefined && isHopeless(states, dfa.stateOf(reached)))
      hopeless = reached;
    return reached;
  };

  const next = (row: number, byte: number): number => {
    const entry = words[(row >> 2) + ids[byte]!]!;
    return entry >= 0 ? entry : advance(row, byte);
  };

  const testRange = (bytes: Uint8Array, from: number, to: number): boolean => {
    let row = dfa.start;
    for (let at = from; at < to; at++) {
      const entry = words[(row >> 2) + ids[bytes[at]!]!]!;
      row = entry >= 0 ? entry : advance(row, bytes[at]!);
      if (row === decidedRow) return true;
      if (row === hopeless) return false;
    }
    return states.isDecidedAtEnd(dfa.stateOf(row));
  };

  /** Reads ASCII straight from the string: encoding would cost more than matching. */
  const testString = (text: string): boolean => {
    let row = dfa.start;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return testBytes(Buffer.from(text));
      row = next(row, unit);
      if (row === decidedRow) return true;
    }
    return states.isDecidedAtEnd(dfa.stateOf(row));
  };

  const testBytes = (bytes: Uint8Array): boolean => testRange(bytes, 0, bytes.length);
  return { testRange, test: (text) => (typeof text === 'string' ? testString(text) : testBytes(text)) };
}

/** After a newline, a character of a word or any other: an expression may begin anew after one of them, as `(?m)^` does. */
const beginnings = [10, 97, 32];

/** Whether nothing that follows can match: no node is left, and none begins. */
function isHopeless(states: ByteStates, state: ByteState): boolean {
  return isEmpty(state) && beginnings.every((byte) => isEmpty(states.advance(state, byte)));
}

function isEmpty(state: ByteState | typeof decided): boolean {
  if (state === decided || state.set === 'matched') return false;
  return state.set.nodes.length === 0 && state.heldBytes === 0 && !state.heldReturn;
}
