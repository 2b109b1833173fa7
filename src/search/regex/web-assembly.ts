/** A memory shared by WebAssembly and JavaScript. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** The part of the WebAssembly interface in use; TypeScript knows it only as a part of browsers. */
export interface WebAssemblyInterface {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

/** Compiled code; means nothing but to WebAssembly. */
export type WasmModule = object;

/** WebAssembly, or undefined where this Node runs without it (--jitless). */
export const webAssembly = (globalThis as { readonly WebAssembly?: WebAssemblyInterface }).WebAssembly;

/** A memory of so many pages of 64 KiB. V8 reserves 10 GiB of addresses for each; undefined where a limit forbids that: JavaScript does the work then. */
export function createWasmMemory(wasm: WebAssemblyInterface, pages: number): WasmMemory | undefined {
  try {
    return new wasm.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
