import type { Question } from './byte-states.ts';
import type { Regex } from './compile-regex.ts';
import { createPlainKernel, createWasmKernel, kernelBytes, slotBytes } from './create-kernel.ts';
import { createLineSearch, type LineSearch } from './search-lines.ts';
import { createWasmMemory, webAssembly } from './web-assembly.ts';

/** What to find out about the lines of a file: does `some` line match, or `every`? */
export interface LineQuestion {
  readonly regex: Regex;
  readonly ask: Exclude<Question, 'text'>;
}

/**
 * Answers questions about the lines of one file after another, reading each only once.
 *
 * Fill `buffer` from its beginning (fs.readSync can do so directly) and `push` what was read, until `push` says that all is decided or the file is
 * over; then `finish`. Lines end at \n; one \r before that or before the end of the file is no part of the line; they may have any length. Each is
 * matched alone: ^ $ \A \z \b see its edges. A final \n begins no further line; a file without lines has no `some` line and satisfies `every`.
 */
export interface LineScannerSet {
  /** 1 MiB; the same all the time. */
  readonly buffer: Buffer<ArrayBuffer>;
  /**
   * Begins a new file, for the questions with these indexes, or for all; the others stay undecided and cost nothing. What was learnt about the patterns
   * stays.
   */
  reset(asked?: readonly number[]): void;
  /** The next `length` bytes of the file are in `buffer`. True once every question is decided: the rest of the file need not be read. */
  push(length: number): boolean;
  /** The next `count` bytes of the file are zeros, however many: they cost no more than a few pieces. Overwrites `buffer`. */
  pushZeros(count: number): boolean;
  /** The file is over; decides what is left. */
  finish(): void;
  /** The answer to a question, by its index; undefined while undecided. */
  answer(index: number): boolean | undefined;
}

const page = 65536;
const bufferBytes = 1 << 20;
const usualTableBytes = 1 << 20;
// The search for fingerprints looks a little further than it was asked to.
const paddingBytes = page;

/**
 * Creates a set of scanners. Its memory is bounded and taken once: 1 MiB for the buffer, and for each question 1 MiB of table (or `tableBytes`, in
 * pages of 64 KiB) and at most about ten times as much for the states behind it (much less for usual patterns; only what is used is touched).
 */
export function createLineScannerSet(
  questions: readonly LineQuestion[],
  options: { readonly useWasm?: boolean; readonly tableBytes?: number } = {},
): LineScannerSet {
  const tableBytes = roundToPages(options.tableBytes ?? usualTableBytes);
  const tablesStart = roundToPages(kernelBytes + questions.length * slotBytes);
  const bufferStart = tablesStart + questions.length * tableBytes;
  const pages = (bufferStart + bufferBytes + paddingBytes) / page;
  const wasm = options.useWasm === false ? undefined : webAssembly;
  const wasmMemory = wasm && createWasmMemory(wasm, pages);
  const memory = wasmMemory?.buffer ?? new ArrayBuffer(pages * page);
  const searches = questions.map(({ regex, ask }, index): LineSearch => {
    const slot = kernelBytes + index * slotBytes;
    return createLineSearch(regex.internals, ask, {
      memory: Buffer.from(memory),
      slot,
      region: { words: new Int32Array(memory), byteOffset: tablesStart + index * tableBytes, byteLength: tableBytes },
      kernel: wasm && wasmMemory ? createWasmKernel(wasm, wasmMemory, slot) : createPlainKernel(memory, slot),
    });
  });
  return createSet(Buffer.from(memory, bufferStart, bufferBytes), bufferStart, searches);
}

function createSet(buffer: Buffer<ArrayBuffer>, bufferStart: number, searches: readonly LineSearch[]): LineScannerSet {
  let active = searches;
  const push = (length: number): boolean => {
    let isDecided = true;
    for (const search of active) {
      if (search.answer === undefined && length > 0) search.push(bufferStart, bufferStart + length);
      isDecided &&= search.answer !== undefined;
    }
    return isDecided;
  };
  return {
    buffer,
    push,
    pushZeros(count) {
      buffer.fill(0, 0, Math.min(count, buffer.length));
      let isDecided = false;
      for (let left = count; left > 0 && !isDecided;) {
        const before = active.map((search) => search.state());
        const length = Math.min(left, buffer.length);
        isDecided = push(length);
        left -= length;
        // A piece of zeros that leaves all where they were leaves them there as often as it comes.
        const isSteady = active.every(
          (search, at) => search.answer !== undefined || isSame(search.state(), before[at]),
        );
        if (isSteady && length === buffer.length) left %= length;
      }
      return isDecided;
    },
    reset(asked) {
      for (const search of active) search.reset();
      active = asked === undefined ? searches : searches.filter((_search, index) => asked.includes(index));
      for (const search of active) search.reset();
    },
    finish() {
      for (const search of active) search.finish();
    },
    answer: (index) => searches[index]?.answer,
  };
}

function isSame(state: object | undefined, before: object | undefined): boolean {
  return state !== undefined && state === before;
}

function roundToPages(bytes: number): number {
  return Math.ceil(bytes / page) * page;
}
