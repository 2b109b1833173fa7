import { fstatSync } from 'node:fs';
import { readFully } from './root-folder.ts';

/** Bytes that are read here and there. */
export interface ByteSource {
  readonly size: number;
  /** The bytes at this place, fewer at the end. */
  readonly read: (position: number, length: number) => Buffer;
}

const chunkBytes = 256 * 1024;
const maxKept = 32;

/** The bytes of an open file, in chunks of which the last used are kept. */
export function readBytesOf(fd: number): ByteSource {
  const { size } = fstatSync(fd);
  const chunks = new Map<number, Buffer>();
  const chunkAt = (number: number): Buffer => {
    const kept = chunks.get(number);
    if (kept) return kept;
    const chunk = Buffer.allocUnsafe(Math.max(0, Math.min(chunkBytes, size - number * chunkBytes)));
    const length = readFully(fd, chunk, number * chunkBytes);
    if (chunks.size >= maxKept) chunks.delete(chunks.keys().next().value ?? 0);
    chunks.set(number, chunk.subarray(0, length));
    return chunk.subarray(0, length);
  };
  return {
    size,
    read: (position, length) => {
      const number = Math.floor(position / chunkBytes);
      const from = position - number * chunkBytes;
      if (from + length <= chunkBytes) return chunkAt(number).subarray(from, from + length);
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - position)));
      return bytes.subarray(0, readFully(fd, bytes, position));
    },
  };
}
