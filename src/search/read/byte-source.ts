import type { FileCalls } from '../../native/file-calls.ts';
import { openFile, type OpenFile } from './open-file.ts';
import { UnreadableError } from './unreadable-error.ts';

/** The bytes of a file, piece by piece. */
export interface ByteSource {
  /** Fills the buffer; fewer bytes come only at the end. Throws the system's error or UnreadableError. */
  readonly fill: (buffer: Buffer) => number | Promise<number>;
  readonly skipHole?: () => number;
  readonly close: () => void;
}

/** A source that never has to wait. */
export interface PlainSource extends ByteSource {
  readonly fill: (buffer: Buffer) => number;
  /** Leaves out the hole of a sparse file that begins here: how many zeros it stands for. Only after a first `fill`. */
  readonly skipHole: () => number;
}

/** How far a file may give more than its size said: logs grow while they are read, files of /proc say 0. */
const growthBytes = 16 * 1024 * 1024;
/** A file of this size without a single block is no file but a window (/proc/kcore). */
const windowBytes = 2 ** 40;

/** Whoever reads it takes the messages away from the system's logger. */
const kernelLog = '/proc/kmsg';

/** The bytes of the file as they stand. Endless files, and what is no regular file, are refused once they show. Throws the system's error. */
export function openByteSource(path: string, calls?: FileCalls): PlainSource {
  if (path === kernelLog) throw new UnreadableError('it is the kernel log, which reading would empty');
  const file = openFile(path, calls);
  let total = 0;
  let limit: number | undefined;
  return {
    fill: (buffer) => {
      // The size is only asked for where one buffer does not hold the file: most files cost no call.
      if (total > 0) limit ??= readLimit(file);
      const count = fillFrom(file, buffer);
      total += count;
      if (limit !== undefined && total > limit)
        throw new UnreadableError(`it gave more than ${total} bytes although its size is ${limit - growthBytes}`);
      return count;
    },
    skipHole: () => {
      // A window such as /proc/kcore is refused before its size is believed.
      limit ??= readLimit(file);
      const zeros = file.skipHole(total);
      total += zeros;
      return zeros;
    },
    close: file.close,
  };
}

function readLimit(file: OpenFile): number {
  const { size, blocks, isRegular } = file.stats();
  if (!isRegular) throw new UnreadableError('it is no regular file any more');
  if (size >= windowBytes && blocks === 0) throw new UnreadableError(`its size is ${size} bytes but it holds none`);
  return size + growthBytes;
}

function fillFrom(file: OpenFile, buffer: Buffer): number {
  let filled = 0;
  while (filled < buffer.length) {
    const count = file.read(filled === 0 ? buffer : buffer.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
