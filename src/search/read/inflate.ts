import { Readable, pipeline } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { type ByteSource, openByteSource } from './byte-source.ts';
import { UnreadableError } from './unreadable-error.ts';

/** Compressed files up to this size are inflated in one call if the result is small as well. */
const smallBytes = 64 * 1024;
const smallInflatedBytes = 4 * 1024 * 1024;
const pieceBytes = 256 * 1024;
/** Beyond this much, a file that grows more than so many times is a bomb: logs reach a hundredfold, deflate's limit is a thousandfold. */
const bombBytes = 256 * 1024 * 1024;
const bombRatio = 200;

/**
 * The bytes of a file, inflated if it begins as gzip does (1f 8b, RFC 1952) and as they stand if not. A damaged file gives what is whole and then
 * throws UnreadableError with "corrupt input"; a bomb throws as well.
 */
export async function openInflated(path: string): Promise<ByteSource> {
  const source = openByteSource(path);
  try {
    const head = Buffer.allocUnsafe(smallBytes);
    const count = source.fill(head);
    const start = head.subarray(0, count);
    if (!isGzip(start)) return prepend(start, source);
    const small = count < smallBytes ? inflateSmall(start) : undefined;
    return small ? prepend(small, source) : inflateStream(prepend(start, source));
  } catch (error) {
    source.close();
    throw error;
  }
}

function isGzip(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** Undefined for what is too large or damaged: the stream then tells how far it goes. */
function inflateSmall(compressed: Buffer): Buffer | undefined {
  try {
    return gunzipSync(compressed, { maxOutputLength: smallInflatedBytes });
  } catch {
    return undefined; // said again, with the place, by the stream
  }
}

/** A source that gives these bytes first. */
function prepend(first: Buffer, rest: ByteSource): ByteSource {
  let left = first;
  return {
    fill: async (buffer) => {
      const count = left.copy(buffer);
      left = left.subarray(count);
      return count < buffer.length ? count + (await rest.fill(buffer.subarray(count))) : count;
    },
    close: rest.close,
  };
}

function inflateStream(source: ByteSource): ByteSource {
  let taken = 0;
  let given = 0;
  async function* compressed(): AsyncGenerator<Buffer> {
    for (;;) {
      const piece = Buffer.allocUnsafe(smallBytes);
      const count = await source.fill(piece);
      taken += count;
      if (count > 0) yield piece.subarray(0, count);
      if (count < piece.length) return;
    }
  }
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  // The error is thrown again where the pieces are taken.
  pipeline(Readable.from(compressed(), { objectMode: false }), gunzip, () => {});
  const pieces = gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let left: Buffer = Buffer.alloc(0);
  const next = async (): Promise<boolean> => {
    const piece = await pieces.next().catch((error: unknown) => {
      throw asUnreadable(error);
    });
    if (piece.done) return false;
    left = piece.value;
    given += left.length;
    if (given > bombBytes && given > bombRatio * taken)
      throw new UnreadableError(`it inflates to more than ${bombRatio} times its size: a bomb, not read further`);
    return true;
  };
  return {
    fill: async (buffer) => {
      let filled = 0;
      while (filled < buffer.length && (left.length > 0 || (await next()))) {
        const count = left.copy(buffer, filled);
        left = left.subarray(count);
        filled += count;
      }
      return filled;
    },
    close: () => {
      gunzip.destroy();
      source.close();
    },
  };
}

/** "flate: corrupt input" is how Go, and so MIG's users, know it. */
function asUnreadable(error: unknown): unknown {
  const isZlib = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
  return isZlib ? new UnreadableError(`flate: corrupt input: ${error.message}`, { cause: error }) : error;
}
