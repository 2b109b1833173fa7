import { assembleWasm } from './assemble-wasm.ts';
import { exactFinderFunction, finderFunction } from './finder-code.ts';
import { streamFunctions } from './kernel-code.ts';
import type { WasmMemory, WasmModule, WebAssemblyInterface } from './web-assembly.ts';

/**
 * The inner loops over one memory for one pattern; see kernel-code.ts and finder-code.ts. `one` and `four` end early where the table of the
 * automaton knows no next row.
 */
export interface Kernel {
  /** Runs one stream of `length` bytes at `at`; answers how many it took. */
  one(at: number, length: number, row: number): number;
  /** Runs four streams of `length` bytes in lockstep; answers how many bytes of each it took. Only where that is faster than one by one. */
  readonly four: FourStreams | undefined;
  /** The first place from `at` that has a fingerprint, or `end`; reads up to 18 bytes beyond the end. Only where vectors are known. */
  readonly find: ((at: number, end: number) => number) | undefined;
  /** The same for a single fingerprint of one or two bytes each. */
  readonly findExact: Kernel['find'];
  /** The rows the last call reached, one for each stream. */
  readonly rows: Int32Array;
}

type Four = readonly [at1: number, at2: number, at3: number, at4: number];
type FourStreams = (...call: readonly [...ats: Four, length: number, ...rows: Four]) => number;

/** The memory below belongs to the kernels: rows are left there. */
export const kernelBytes = 64;

/** The memory a pattern needs beside the table of its automaton: the classes of bytes, then the tables of fingerprints. */
export const slotBytes = 512;
export const fingerprintsInSlot = 256;

const modules = new Map<number, WasmModule>();

/** The WebAssembly kernel for the slot at an offset. Modules are kept: there is one for each place a slot can have. */
export function createWasmKernel(wasm: WebAssemblyInterface, memory: WasmMemory, slot: number): Kernel {
  const module = modules.get(slot) ?? compileModule(wasm, slot);
  modules.set(slot, module);
  const { exports } = new wasm.Instance(module, { env: { memory } });
  return {
    one: exports['one'] as Kernel['one'],
    four: exports['four'] as FourStreams,
    find: exports['find'] as Kernel['find'],
    findExact: exports['findExact'] as Kernel['find'],
    rows: new Int32Array(memory.buffer, 0, 4),
  };
}

/** Without the search for fingerprints where the processor has no vector instructions that it needs. */
function compileModule(wasm: WebAssemblyInterface, slot: number): WasmModule {
  const streams = streamFunctions(slot, 0);
  const tables = slot + fingerprintsInSlot;
  const complete = assembleWasm([...streams, finderFunction(tables), exactFinderFunction(tables)], 1);
  return new wasm.Module(wasm.validate(complete) ? complete : assembleWasm(streams, 1));
}

/** The loop for one stream in JavaScript, three times slower. */
export function createPlainKernel(buffer: ArrayBuffer, slot: number): Kernel {
  const words = new Int32Array(buffer);
  const bytes = new Uint8Array(buffer);
  const classes = new Uint8Array(buffer, slot, 256);
  const rows = new Int32Array(4);
  return {
    rows,
    four: undefined,
    find: undefined,
    findExact: undefined,
    one(at, length, firstRow) {
      let row = firstRow;
      let taken = 0;
      for (; taken < length; taken++) {
        const next = words[(row >> 2) + classes[bytes[at + taken]!]!]!;
        if (next < 0) break;
        row = next;
      }
      rows[0] = row;
      return taken;
    },
  };
}
