import { constants, openSync } from 'node:fs';

/**
 * A descriptor to read a file of the host. It never waits: a FIFO, a terminal or a kernel log that blocks its readers answers at once. Root leaves the time
 * of last access as it was (O_NOATIME, open(2)): whoever investigates should not write over evidence. With `noFollow` the last part of the path may not be
 * a link (ELOOP). Throws the system's error.
 */
export function openCarefully(place: string | Buffer, options: { readonly noFollow?: boolean } = {}): number {
  // On systems without these flags the constants are undefined and count as 0.
  const link = options.noFollow ? constants.O_NOFOLLOW : 0;
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | link;
  if (process.geteuid?.() !== 0) return openSync(place, flags);
  try {
    return openSync(place, flags | constants.O_NOATIME);
  } catch (error) {
    // Some file systems refuse the flag even to root.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return openSync(place, flags);
    throw error;
  }
}
