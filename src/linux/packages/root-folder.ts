import { closeSync, fstatSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/app-error.ts';
import { openCarefully } from '../../base/open-carefully.ts';

/** Where the databases of one system are: this host, or a tree such as a mounted image. */
export interface RootFolder {
  readonly path: string;
  /** The real path of something below the root, undefined when there is no such thing. Throws when it cannot be reached, or a link leads out of the root. */
  readonly find: (path: string) => string | undefined;
}

export function openRootFolder(root = '/'): RootFolder {
  const real = realpathSync(root);
  const prefix = real === '/' ? '/' : `${real}/`;
  return {
    path: real,
    find: (path) => {
      const place = join(real, path);
      try {
        const found = realpathSync(place);
        if (!found.startsWith(prefix)) throw new Error(`${place}: is a link out of ${real}, which is not followed`);
        return found;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

/**
 * The bytes of a regular file. It waits for nothing (a FIFO is refused) and, as root, leaves the time of last access as it was.
 * Throws an Error that names the file when it cannot be read or is larger than maxBytes; `undefined` when there is none.
 */
export function readWhole(path: string, options: { readonly maxBytes: number }): Buffer | undefined {
  const fd = openQuietly(path);
  if (fd === undefined) return undefined;
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new Error(`${path}: expected a file, got something else`);
    if (stats.size > options.maxBytes) {
      throw new Error(`${path}: expected at most ${options.maxBytes} bytes, got ${stats.size}`);
    }
    const bytes = Buffer.allocUnsafe(stats.size);
    return bytes.subarray(0, readFully(fd, bytes, 0));
  } finally {
    closeSync(fd);
  }
}

/** Reads from the position until the buffer is full or the file ends; the number of bytes that came. */
export function readFully(fd: number, into: Buffer, position: number): number {
  let length = 0;
  while (length < into.length) {
    const count = readSync(fd, into, length, into.length - length, position + length);
    if (count === 0) break;
    length += count;
  }
  return length;
}

/** A descriptor for reading; undefined when there is no such file. The last part of the path may not be a link. */
export function openQuietly(path: string): number | undefined {
  try {
    return openCarefully(path, { noFollow: true });
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (codeOf(error) === 'ELOOP') throw new Error(`${path}: is a link, which is not followed`, { cause: error });
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** What is wrong as one sentence that begins with the path. */
export function problemAt(path: string, error: unknown): string {
  const message = messageOf(error);
  return message.includes(path) ? message : `${path}: ${message}`;
}
