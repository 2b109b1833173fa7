import type { ByteSource } from '../../../../src/linux/packages/byte-source.ts';

/** Bytes in memory as a source; each read gives a copy that the next one wipes out, as a reader of files may. */
export function bytesOf(bytes: Uint8Array): ByteSource {
  let last = Buffer.alloc(0);
  return {
    size: bytes.length,
    read: (position, length) => {
      last.fill(0xee);
      last = Buffer.from(bytes.subarray(position, position + length));
      return last;
    },
  };
}
