import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { encodePath } from '../walk/path-text.ts';

/** A regular file open for reading. */
export interface OpenFile {
  readonly path: string;
  /** Reads on into the buffer and tells how many bytes came; 0 at the end. Throws the system's error. */
  readonly read: (into: Buffer) => number;
  /** Size, blocks on disk and whether it is a regular file, as of now. */
  readonly stats: () => { readonly size: number; readonly blocks: number; readonly isRegular: boolean };
  readonly close: () => void;
}

/**
 * Opens a file to search it. It never waits: a FIFO or a kernel log that blocks its readers answers at once instead. Root, and the owner of a file, leave
 * the time of last access as it was (O_NOATIME, open(2)): an investigation should not write over evidence.
 */
export function openFile(path: string): OpenFile {
  const fd = openQuietly(encodePath(path));
  return {
    path,
    read: (into) => readSync(fd, into, 0, into.length, null),
    stats: () => {
      const stats = fstatSync(fd);
      return { size: stats.size, blocks: stats.blocks, isRegular: stats.isFile() };
    },
    close: () => closeSync(fd),
  };
}

function openQuietly(place: string | Buffer): number {
  // On systems without these flags the constants are undefined and count as 0.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  if (process.geteuid?.() !== 0) return openSync(place, flags);
  try {
    return openSync(place, flags | constants.O_NOATIME);
  } catch (error) {
    // Some file systems refuse the flag even to root.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return openSync(place, flags);
    throw error;
  }
}
