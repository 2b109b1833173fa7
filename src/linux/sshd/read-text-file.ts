import { closeSync, fstatSync, readSync } from 'node:fs';
import { openCarefully } from '../../base/open-carefully.ts';

/** Settings and tables of accounts: larger files are cut here. */
const maxBytes = 16 * 1024 * 1024;

/** The text of a regular file of the system. It never waits, whatever the path leads to. Throws the system's error. */
export function readTextFile(path: string): string {
  const fd = openCarefully(path);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw Object.assign(new Error(`${path} is no regular file`), { code: 'EINVAL' });
    const buffer = Buffer.allocUnsafe(Math.min(stats.size, maxBytes));
    let filled = 0;
    for (let count = -1; count !== 0 && filled < buffer.length; filled += count) {
      count = readSync(fd, buffer, filled, buffer.length - filled, null);
    }
    return buffer.toString('utf8', 0, filled);
  } finally {
    closeSync(fd);
  }
}
