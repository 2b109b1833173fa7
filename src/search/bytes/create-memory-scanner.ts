/** Finds byte strings and matches of regular expressions in texts that come in pieces, such as the memory of a process, region by region. */
import type { Regex } from '../regex/compile-regex.ts';
import { createPlainKernel, createWasmKernel, type Kernel, kernelBytes, slotBytes } from '../regex/create-kernel.ts';
import { createMatchSearch } from '../regex/create-match-search.ts';
import { createWasmMemory, webAssembly } from '../regex/web-assembly.ts';
import { estimateMemoryFrequency } from './memory-frequency.ts';
import { createByteSearch, maxByteStrings } from './create-byte-search.ts';

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
  /** From the next text on only these are looked for, by index. In the beginning all are. */
  ask(indexes: Iterable<number>): void;
  /** Nothing is looked for any more: what was asked for was found often enough. */
  readonly isDecided: boolean;
  /** A text begins, at a place that its matches are counted from. */
  begin(position: number): void;
  push(length: number): void;
  finish(): void;
}

/** Answers whether to look on for the same; if not, it is no longer asked for. */
export type OnFound = (found: Found) => boolean;

const page = 65536;
const bufferBytes = 1 << 20;
const keptBytes = page;
const paddingBytes = page;
const allTablesBytes = 1 << 24;
const maxTableBytes = 1 << 20;
const minTableBytes = page;

const inMemory = { frequencyOf: estimateMemoryFrequency, maxFrequency: 1 / 200, acrossLines: true };

export const longestWanted = keptBytes;

/** Creates a scanner. Its memory is taken once: 1 MiB and for each pattern 64 KiB to 1 MiB of table, for all together about 16 MiB at most. */
export function createMemoryScanner(
  wanted: readonly Wanted[],
  onFound: OnFound,
  options: { readonly useWasm?: boolean } = {},
): MemoryScanner {
  const regexes = wanted.flatMap((each, index) => (Buffer.isBuffer(each) ? [] : [{ index, regex: each }]));
  const strings = wanted.flatMap((each, index) => (Buffer.isBuffer(each) ? [{ index, bytes: each }] : []));
  const groups = chunk(strings, maxByteStrings);
  const tableBytes = Math.max(
    minTableBytes,
    Math.min(maxTableBytes, roundDown(allTablesBytes / Math.max(1, regexes.length))),
  );
  const tablesStart = roundUp(kernelBytes + (regexes.length + groups.length) * slotBytes);
  const keptStart = tablesStart + regexes.length * tableBytes;
  const bufferStart = keptStart + keptBytes;
  const pages = (bufferStart + bufferBytes + paddingBytes) / page;
  const wasm = options.useWasm === false ? undefined : webAssembly;
  const wasmMemory = wasm && createWasmMemory(wasm, pages);
  const data = wasmMemory?.buffer ?? new ArrayBuffer(pages * page);
  const memory = Buffer.from(data);
  /** What the address 0 of the memory is in the text. */
  let base = 0;
  let asked: Set<number> = new Set(wanted.keys());
  const onMatch = (index: number, start: number | undefined, end: number): boolean => {
    const goOn = onFound({ wanted: index, start: start === undefined ? undefined : base + start, end: base + end });
    if (!goOn) asked.delete(index);
    return goOn;
  };
  const createKernel = (slot: number): Kernel =>
    wasm && wasmMemory ? createWasmKernel(wasm, wasmMemory, slot) : createPlainKernel(data, slot);
  const searches = [
    ...regexes.map(({ index, regex }, order): Search => {
      const slot = kernelBytes + order * slotBytes;
      const byteOffset = tablesStart + order * tableBytes;
      const region = { words: new Int32Array(data), byteOffset, byteLength: tableBytes };
      const place = { memory, slot, region, kernel: createKernel(slot), choice: inMemory };
      const search = createMatchSearch(regex, place, (start, end) => onMatch(index, start, end));
      return { ...search, begin: (at) => search.begin(at, asked.has(index)) };
    }),
    ...groups.map((group, order): Search => {
      const slot = kernelBytes + (regexes.length + order) * slotBytes;
      const search = createByteSearch(group, { memory, slot, find: createKernel(slot).find }, onMatch);
      return {
        ...search,
        begin: (at) => search.begin(at, asked),
        run: ({ to, isEnd }) => search.run(isEnd ? to : to + 1),
      };
    }),
  ];
  /** The text known so far ends at this address; what is kept of it begins at `lowest`. */
  let end = bufferStart;
  let lowest = bufferStart;

  return {
    buffer: Buffer.from(data, bufferStart, bufferBytes),
    ask(indexes) {
      asked = new Set(indexes);
    },
    get isDecided() {
      return asked.size === 0;
    },
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

function chunk<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
