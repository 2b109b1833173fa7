/**
 * The little of the WebAssembly binary format (core specification 2.0, chapter 5) that the kernels need: one imported memory and functions
 * over 32-bit integers, with vectors of 16 bytes inside. Instructions are given as bytes; `op` names those in use.
 */

export const op = {
  block: 0x02,
  loop: 0x03,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  constant: 0x41,
  equalZero: 0x45,
  lessSigned: 0x48,
  add: 0x6a,
  countTrailingZeros: 0x68,
  subtract: 0x6b,
  or: 0x72,
  exclusiveOr: 0x73,
  shiftLeft: 0x74,
  lessUnsigned: 0x49,
  select: 0x1b,
} as const;

/** Instructions on vectors; the byte 0xfd announces them. */
export const vectorOp = {
  /** i8x16.relaxed_swizzle */
  swizzle: [0xfd, 0x80, 0x02],
  splat: [0xfd, 0x0f],
  equal: [0xfd, 0x23],
  and: [0xfd, 0x4e],
  anyTrue: [0xfd, 0x53],
  bitmask: [0xfd, 0x64],
  shiftRight16: [0xfd, 0x8d, 0x01],
} as const;

const i32 = 0x7f;
const v128 = 0x7b;
const noResult = 0x40;

/** A function over 32-bit integers with one result. `body` lacks the closing end. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  readonly locals: number;
  /** Locals that are vectors, numbered after the others. */
  readonly vectors?: number;
  readonly body: readonly number[];
}

/** The bytes of a module that imports the memory `env.memory` and exports the functions. */
export function assembleWasm(functions: readonly WasmFunction[], minPages: number): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, parameters, ...Array(parameters).fill(i32), 1, i32]);
  const memory = [...name('env'), ...name('memory'), 0x02, 0x00, ...unsigned(minPages)];
  const exported = functions.map((each, index) => [...name(each.name), 0x00, ...unsigned(index)]);
  const bodies = functions.map(({ locals, vectors = 0, body }) =>
    sized([2, locals, i32, vectors, v128, ...body, op.end]),
  );
  const indexes = functions.map((_, index) => unsigned(index));
  return Uint8Array.from(
    code(
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      code(section(1, types), section(2, [memory]), section(3, indexes), section(7, exported), section(10, bodies)),
    ),
  );
}

/** LEB128 of a number that is not negative, as used for counts, indexes and offsets. */
export function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** An i32.const; the number is signed. */
export function constant(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  return [op.constant, ...bytes, rest & 0x7f];
}

export const get = (local: number): number[] => [op.get, ...unsigned(local)];
export const set = (local: number): number[] => [op.set, ...unsigned(local)];

/** i32.load8_u, i32.load, v128.load and i32.store at a constant offset from the address on the stack. */
export const loadByte = (offset: number): number[] => [0x2d, 0x00, ...unsigned(offset)];
export const loadWord = (offset: number): number[] => [0x28, 0x02, ...unsigned(offset)];
export const loadVector = (offset: number): number[] => [0xfd, 0x00, 0x00, ...unsigned(offset)];
export const storeWord = (offset: number): number[] => [0x36, 0x02, ...unsigned(offset)];

/** Pieces of code one after the other. */
export const code = (...pieces: readonly (number | readonly number[])[]): number[] => pieces.flat();
/** A block without result: a branch to it goes to its end. */
export const block = (...body: readonly (number | readonly number[])[]): number[] =>
  code(op.block, noResult, ...body, op.end);
/** A loop: a branch to it goes to its beginning. */
export const loop = (...body: readonly (number | readonly number[])[]): number[] =>
  code(op.loop, noResult, ...body, op.end);

function section(id: number, items: readonly (readonly number[])[]): number[] {
  return [id, ...sized([...unsigned(items.length), ...items.flat()])];
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

function name(text: string): number[] {
  return sized([...Buffer.from(text)]);
}
