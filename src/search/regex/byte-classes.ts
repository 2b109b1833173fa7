import { isWordByte } from './byte-states.ts';
import { nodeKind, type Program } from './build-program.ts';

/** Bytes that a program never tells apart share a class: `ids[byte]`, from 0. */
export interface ByteClasses {
  readonly ids: Uint8Array;
  readonly count: number;
}

/** Finds the classes of bytes. Newline and carriage return always have their own: lines end there. */
export function createByteClasses(program: Program): ByteClasses {
  const usesAssertions = program.kinds.includes(nodeKind.assertion);
  const known = new Map<string, number>();
  const ids = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const key = byte < 0x80 ? asciiKey(program, byte, usesAssertions) : highKey(program, byte);
    const id = known.get(key) ?? known.size;
    known.set(key, id);
    ids[byte] = id;
  }
  return { ids, count: known.size };
}

function asciiKey(program: Program, byte: number, usesAssertions: boolean): string {
  if (byte === 10 || byte === 13) return `control ${byte}`;
  const word = usesAssertions && isWordByte(byte) ? 'word ' : '';
  return `${word}${program.asciiClasses[byte]}`;
}

function highKey({ decoder }: Program, byte: number): string {
  if (byte >= 0xc0) return `lead ${decoder.leads[byte - 0x80]}`;
  const entries: (number | undefined)[] = [];
  for (let at = byte - 0x80; at < decoder.nodes.length; at += 64) entries.push(decoder.nodes[at]);
  return `continuation ${entries.join(',')}`;
}
