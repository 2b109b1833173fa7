import { createByteStates } from './byte-states.ts';
import type { RegexInternals } from './regex-internals.ts';
import { createDfa, decidedRow } from './create-dfa.ts';

const tableBytes = 1 << 18;

/** The test of whole texts; see `Regex.test`. Holds a table of 256 KiB. */
export function createTextTest(regex: RegexInternals): (text: string | Uint8Array) => boolean {
  const words = new Int32Array(tableBytes / 4);
  const states = createByteStates(regex.program, 'text');
  const dfa = createDfa(states, regex.byteClasses, { words, byteOffset: 0, byteLength: tableBytes }, regex.maxStates);
  const { ids } = regex.byteClasses;

  const next = (row: number, byte: number): number => {
    const entry = words[(row >> 2) + ids[byte]!]!;
    return entry >= 0 ? entry : dfa.advance(row, byte);
  };

  const testBytes = (bytes: Uint8Array): boolean => {
    let row = dfa.start;
    for (let at = 0; at < bytes.length; at++) {
      row = next(row, bytes[at]!);
      if (row === decidedRow) return true;
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

  return (text) => (typeof text === 'string' ? testString(text) : testBytes(text));
}
