/** One file of a process, whole or its beginning: as few calls as can be, since it is read for every process that is born. */
import { closeSync, openSync, readSync } from 'node:fs';

const smallBytes = 4096;

/** The first bytes of a file of /proc, one character a byte (latin1). Throws what opening and reading throw (errno): ENOENT and ESRCH where the process is gone. */
export function readStart(path: string, maxBytes = 64 * 1024): string {
  const file = openSync(path, 'r');
  try {
    let bytes = Buffer.allocUnsafe(Math.min(smallBytes, maxBytes));
    let length = 0;
    for (;;) {
      const size = readSync(file, bytes, length, bytes.length - length, null);
      length += size;
      // Files of /proc are read to their end: a short read is not yet it, but for one line less than a page.
      if (size === 0 || length === maxBytes) return bytes.toString('latin1', 0, length);
      if (length < bytes.length) continue;
      const larger = Buffer.allocUnsafe(Math.min(4 * bytes.length, maxBytes));
      bytes.copy(larger, 0, 0, length);
      bytes = larger;
    }
  } finally {
    closeSync(file);
  }
}
