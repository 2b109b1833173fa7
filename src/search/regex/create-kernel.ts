import { assembleKernel } from './kernel-code.ts';
import type { WasmMemory, WasmModule, WebAssemblyInterface } from './web-assembly.ts';

/** The inner loops over one memory and one class table; see kernel-code.ts. Both end early where the table knows no next row. */
export interface Kernel {
  /** Runs one stream of `length` bytes at `at`; answers how many it took. */
  one(at: number, length: number, row: number): number;
  /** Runs four streams of `length` bytes in lockstep; answers how many bytes of each it took. Only worth having where it is faster. */
  readonly four: FourStreams | undefined;
  /** The rows the last call reached, one for each stream. */
  readonly rows: Int32Array;
}

type Four = readonly [at1: number, at2: number, at3: number, at4: number];
type FourStreams = (...call: readonly [...ats: Four, length: number, ...rows: Four]) => number;

/** Rows are left in the first 16 bytes of the memory, which belong to the kernels. */
export const kernelBytes = 64;

const modules = new Map<number, WasmModule>();

/** The WebAssembly kernel for the class table at an offset. Modules are kept: there is one for each place a class table can have. */
export function createWasmKernel(wasm: WebAssemblyInterface, memory: WasmMemory, classesOffset: number): Kernel {
  const module = modules.get(classesOffset) ?? new wasm.Module(assembleKernel(classesOffset, 0));
  modules.set(classesOffset, module);
  const { exports } = new wasm.Instance(module, { env: { memory } });
  return {
    one: exports['one'] as Kernel['one'],
    four: exports['four'] as FourStreams,
    rows: new Int32Array(memory.buffer, 0, 4),
  };
}

/** The loop for one stream in JavaScript, three times slower. */
export function createPlainKernel(buffer: ArrayBuffer, classesOffset: number): Kernel {
  const words = new Int32Array(buffer);
  const bytes = new Uint8Array(buffer);
  const classes = new Uint8Array(buffer, classesOffset, 256);
  const rows = new Int32Array(4);
  return {
    rows,
    four: undefined,
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
