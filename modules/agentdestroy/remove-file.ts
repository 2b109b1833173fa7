import { closeSync, constants, lstatSync, openSync, unlinkSync, type BigIntStats } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Removes a regular file if it still is the one with these device and inode, in the directory as it is opened here: a link put in its place, or in that
 * of its directory, leads nowhere. Throws the system's error, or a sentence when it is another file by now.
 */
export function removeFile(path: string, expected: Pick<BigIntStats, 'dev' | 'ino'>): void {
  const directory = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    // The folder of descriptors stands for unlinkat(2), which Node has not.
    const place = join('/proc/self/fd', String(directory), basename(path));
    const stats = lstatSync(place, { bigint: true });
    if (!stats.isFile() || stats.dev !== expected.dev || stats.ino !== expected.ino)
      throw new Error(`${path} is another file than the agent was started from`);
    unlinkSync(place);
  } finally {
    closeSync(directory);
  }
}
