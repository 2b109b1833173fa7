import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { openCarefully } from '../../base/open-carefully.ts';
import type { FileCalls } from '../../native/file-calls.ts';
import { createSystemError } from '../../native/system-error.ts';
import { encodePath } from '../walk/path-text.ts';

/** ENAMETOOLONG and EPERM. */
const nameTooLong = 36;
const notPermitted = 1;
/** lseek(2); it answers ENXIO where no data follows. */
const [seekSet, seekEnd, seekData] = [0, 2, 3];
const noData = 6;

/** A regular file open for reading. */
export interface OpenFile {
  readonly path: string;
  /** Reads on into the buffer and tells how many bytes came; 0 at the end. Throws the system's error. */
  readonly read: (into: Buffer) => number;
  /** Moves from `place`, where reading has come to, behind the hole that begins there, if one does; how many bytes long it is. */
  readonly skipHole: (place: number) => number;
  /** Size, blocks on disk and whether it is a regular file, as of now. */
  readonly stats: () => { readonly size: number; readonly blocks: number; readonly isRegular: boolean };
  readonly close: () => void;
}

/**
 * Opens a file to search it. It never waits: a FIFO or a kernel log that blocks its readers answers at once instead. Root, and the owner of a file, leave
 * the time of last access as it was (O_NOATIME, open(2)): an investigation should not write over evidence. With `calls` it goes through the C library.
 */
export function openFile(path: string, calls?: FileCalls): OpenFile {
  return calls ? openNatively(path, calls) : openPlainly(path);
}

function openPlainly(path: string): OpenFile {
  const fd = openCarefully(encodePath(path));
  return {
    path,
    read: (into) => readSync(fd, into, 0, into.length, null),
    skipHole: () => 0,
    stats: () => readStats(fd),
    close: () => closeSync(fd),
  };
}

function openNatively(path: string, calls: FileCalls): OpenFile {
  const flags = constants.O_RDONLY;
  const isPath = calls.setPath(encodePath(path));
  let fd = isPath ? calls.open(flags | calls.quietFlag) : -nameTooLong;
  if (fd === -notPermitted) fd = calls.open(flags);
  if (fd < 0) throw createSystemError(path, -fd);
  return {
    path,
    read: (into) => {
      const count = calls.read(fd, calls.addressOf(into), into.length);
      if (count < 0) throw createSystemError(path, -count);
      return count;
    },
    skipHole: (place) => {
      const data = calls.seek(fd, place, seekData);
      const end = data === -noData ? calls.seek(fd, 0, seekEnd) : data;
      // A file that says nothing about holes, or whose size says nothing about its content, is read on where it was.
      if (end <= place) calls.seek(fd, place, seekSet);
      return Math.max(0, end - place);
    },
    stats: () => readStats(fd),
    close: () => calls.close(fd),
  };
}

function readStats(fd: number): ReturnType<OpenFile['stats']> {
  const stats = fstatSync(fd);
  return { size: stats.size, blocks: stats.blocks, isRegular: stats.isFile() };
}
