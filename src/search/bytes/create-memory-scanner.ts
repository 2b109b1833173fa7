/** Finds byte strings and matches of regular expressions in texts that come in pieces, such as the memory of a process, region by region. */
import type { Regex } from '../regex/compile-regex.ts';
import { createPlainKernel, createWasmKernel, kernelBytes, slotBytes } from '../regex/create-kernel.ts';
import { createMatchSearch } from '../regex/create-match-search.ts';
import { createWasmMemory, webAssembly } from '../regex/web-assembly.ts';
import { createByteSearch } from './create-byte-search.ts';

/** What to look for: a string of at most 64 KiB, or a pattern (see create-match-search.ts for what its matches are). */
export type Wanted = Buffer | Regex;

/** One match, in places of its text. */
export interface Found {
  /** Index of what was found. */
  readonly wanted: number;
  /** Undefined when the match is longer than 64 KiB. */
  readonly start: number | undefined;
  readonly end: number;
}

/**
 * Looks for several things in one text after another, reading each text once.
 *
 * `begin` a text, fill `buffer` from its beginning and `push` what was read, as often as there is more; then `finish`. Matches are found across the
 * pieces as if there were none. An empty text is a text: an empty pattern matches it.
 */
export interface MemoryScanner {
  /** 1 MiB; the same all the time. */
  readonly buffer: Buffer<ArrayBuffer>;
  /** A text begins, at a place that its matches are counted from. */
  begin(position: number): void;
  push(length: number): void;
  finish(): void;
}

/** Answers whether to look on for the same in this text. */
export type OnFound = (found: Found) => boolean;

const page = 65536;
const bufferBytes = 1 << 20;
const keptBytes = page;
const paddingBytes = page;
const allTablesBytes = 1 << 24;
const maxTableBytes = 1 << 20;
const minTableBytes = page;

export const longestWanted = keptBytes;

/** Creates a scanner. Its memory is taken once: 1 MiB and for each pattern 64 KiB to 1 MiB of table, for all together about 16 MiB at most. */
export function createMemoryScanner(
  wanted: readonly Wanted[],
  onFound: OnFound,
  options: { readonly useWasm?: boolean } = {},
): MemoryScanner {
  const regexes = wanted.filter((each) => !Buffer.isBuffer(each)).length;
  const tableBytes = Math.max(minTableBytes, Math.min(maxTableBytes, roundDown(allTablesBytes / Math.max(1, regexes))));
  const tablesStart = roundUp(kernelBytes + regexes * slotBytes);
  const keptStart = tablesStart + regexes * tableBytes;
  const bufferStart = keptStart + keptBytes;
  const pages = (bufferStart + bufferBytes + paddingBytes) / page;
  const wasm = options.useWasm === false ? undefined : webAssembly;
  const wasmMemory = wasm && createWasmMemory(wasm, pages);
  const data = wasmMemory?.buffer ?? new ArrayBuffer(pages * page);
  const memory = Buffer.from(data);
  /** What the address 0 of the memory is in the text. */
  let base = 0;
  let regex = 0;
  const searches = wanted.map((each, index): Search => {
    const onMatch = (start: number | undefined, end: number): boolean =>
      onFound({ wanted: index, start: start === undefined ? undefined : base + start, end: base + end });
    if (Buffer.isBuffer(each)) {
      const search = createByteSearch(each, memory, onMatch);
      return { ...search, run: ({ to, isEnd }) => search.run(isEnd ? to : to + 1) };
    }
    const slot = kernelBytes + regex * slotBytes;
    const byteOffset = tablesStart + regex++ * tableBytes;
    const kernel = wasm && wasmMemory ? createWasmKernel(wasm, wasmMemory, slot) : createPlainKernel(data, slot);
    const region = { words: new Int32Array(data), byteOffset, byteLength: tableBytes };
    return createMatchSearch(each, { memory, slot, region, kernel }, onMatch);
  });
  /** The text known so far ends at this address; what is kept of it begins at `lowest`. */
  let end = bufferStart;
  let lowest = bufferStart;

  return {
    buffer: Buffer.from(data, bufferStart, bufferBytes),
    begin(position) {
      base = position - bufferStart;
      end = bufferStart;
      lowest = bufferStart;
      for (const search of searches) search.begin(bufferStart);
    },
    push(length) {
      if (length === 0) return;
      end = bufferStart + length;
      // Whether an assertion holds may depend on the byte that follows: the last one waits for it.
      for (const search of searches) search.run({ to: end - 1, lowest, isEnd: false });
      const kept = Math.min(keptBytes, end - lowest);
      memory.copyWithin(bufferStart - kept, end - kept, end);
      for (const search of searches) search.move(length);
      base += length;
      end = bufferStart;
      lowest = bufferStart - kept;
    },
    finish() {
      for (const search of searches) search.run({ to: end, lowest, isEnd: true });
    },
  };
}

interface Search {
  begin(at: number): void;
  move(distance: number): void;
  run(text: { readonly to: number; readonly lowest: number; readonly isEnd: boolean }): void;
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / page) * page;
}

function roundDown(bytes: number): number {
  return Math.floor(bytes / page) * page;
}
