import { closeSync, fstatSync, readSync } from 'node:fs';
import { openCarefully } from '../../base/open-carefully.ts';

export interface FileSlice {
  readonly bytes: Buffer;
  /** How large the whole file is. */
  readonly size: number;
}

export interface RecordFile extends Disposable {
  readonly size: number;
  /** The bytes at a place; fewer than asked for at the end of the file. */
  readonly read: (at: number, length: number) => Buffer;
}

const chunkBytes = 256 * 1024;

/**
 * The first bytes of a regular file. It never waits (a FIFO is refused), reads files of /proc whose size is told as 0, and root leaves the time of last
 * access as it was. Throws the system's error, and EINVAL for anything but a regular file.
 */
export function readSlice(place: string | Buffer, maxBytes: number): FileSlice {
  using file = openRecords(place);
  const bytes = file.read(0, maxBytes);
  return { bytes, size: Math.max(file.size, bytes.length) };
}

/** A regular file to read at several places; throws as readSlice. */
export function openRecords(place: string | Buffer): RecordFile {
  const fd = openCarefully(place);
  const close = (): void => closeSync(fd);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw Object.assign(new Error('expected a regular file'), { code: 'EINVAL' });
    return {
      size: stats.size,
      read: (at, length) => readAt({ fd, size: stats.size }, at, length),
      [Symbol.dispose]: close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function readAt(file: { readonly fd: number; readonly size: number }, start: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  for (let total = 0; total < maxBytes;) {
    // One byte more than the file has shows its end; files of /proc tell no size.
    const expected = Math.max(4096, file.size - start - total + 1);
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, expected, maxBytes - total));
    const size = readSync(file.fd, chunk, 0, chunk.length, start + total);
    if (size === 0) break;
    chunks.push(chunk.subarray(0, size));
    total += size;
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
