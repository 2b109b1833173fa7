import { fstatSync } from 'node:fs';
import { readFully } from './root-folder.ts';

/** Bytes that are read here and there. */
export interface ByteSource {
  readonly size: number;
  /** The bytes at this place, fewer at the end. Valid until the next read. */
  readonly read: (position: number, length: number) => Buffer;
}

const chunkBytes = 64 * 1024;
const maxKept = 128;

interface Chunk {
  readonly buffer: Buffer;
  length: number;
}

/** How often a good database has each of its bytes read, at most; one that sends its reader round and round is stopped. */
const maxRounds = 4;

/**
 * The bytes of an open file, read in chunks of which the last ones are kept. Reading throws an Error when it comes to many times the size of the file, which
 * only a damaged database leads to.
 */
export function readBytesOf(fd: number): ByteSource {
  const { size } = fstatSync(fd);
  let left = size * maxRounds + chunkBytes;
  const chunks = new Map<number, Chunk>();
  const load = (number: number): Chunk => {
    const oldest = chunks.size >= maxKept ? chunks.entries().next().value : undefined;
    if (oldest) chunks.delete(oldest[0]);
    const chunk = oldest?.[1] ?? { buffer: Buffer.allocUnsafeSlow(chunkBytes), length: 0 };
    chunk.length = readFully(fd, chunk.buffer, number * chunkBytes);
    chunks.set(number, chunk);
    return chunk;
  };
  return {
    size,
    read: (position, length) => {
      left -= length;
      if (left < 0) throw new Error('is damaged: its parts refer to each other again and again');
      const number = Math.floor(position / chunkBytes);
      const from = position - number * chunkBytes;
      if (from + length <= chunkBytes) {
        const chunk = chunks.get(number) ?? load(number);
        return chunk.buffer.subarray(Math.min(from, chunk.length), Math.min(from + length, chunk.length));
      }
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - position)));
      return bytes.subarray(0, readFully(fd, bytes, position));
    },
  };
}
