import { createRequire } from 'node:module';
import type * as Ffi from 'node:ffi';

/** The C types that a signature may name. 64-bit integers and pointers are bigints. */
export type Signatures = Readonly<
  Record<string, { readonly return: Ffi.ReturnType; readonly arguments: readonly Ffi.ArgumentType[] }>
>;

/** Functions of the C library, bound to a signature. */
export interface NativeLibrary<Wanted extends Signatures> {
  readonly call: Ffi.WrappedFunctionsFromDefinitions<Wanted>;
  /** The errno of the last call of this thread: read it directly after the call that failed. */
  readonly errno: () => number;
  /**
   * The address of a buffer, for a `pointer`. The garbage collector does not know that the kernel has it: whoever asked for it keeps the buffer
   * referenced for as long as the address is in use.
   */
  readonly addressOf: (buffer: ArrayBuffer | NodeJS.ArrayBufferView) => bigint;
  /** `length` bytes of native memory, seen in place. */
  readonly view: (address: bigint, length: number) => ArrayBuffer;
}

/**
 * Binds functions of the C library (libc and what the process has loaded), in the calling thread. Undefined where this Node has no node:ffi or may not
 * use it (permission model), or where the C library lacks one of the functions: the caller says then what it cannot do, or does it another way.
 * The only place that imports node:ffi, which is experimental.
 */
export function openLibrary<const Wanted extends Signatures>(wanted: Wanted): NativeLibrary<Wanted> | undefined {
  try {
    const ffi = createRequire(import.meta.url)('node:ffi') as typeof Ffi;
    const { lib, functions } = ffi.dlopen(null, wanted);
    const findErrno = lib.getFunction('__errno_location', { return: 'pointer', arguments: [] });
    // The place of errno stays the same for the life of a thread.
    const place = new Int32Array(ffi.toArrayBuffer(findErrno(), Int32Array.BYTES_PER_ELEMENT, false));
    return {
      call: functions,
      errno: () => place[0] ?? 0,
      addressOf: ffi.getRawPointer,
      view: (address, length) => ffi.toArrayBuffer(address, length, false),
    };
  } catch {
    // No node:ffi, not permitted, or a function that is not there: to the caller all of them mean that it has to do without.
    return undefined;
  }
}
