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
