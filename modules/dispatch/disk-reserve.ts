import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';

/** Room on the disk that is kept for the moment when there is no other: what was sent can be deleted only by writing. */
export interface DiskReserve {
  /** Makes the file, if there is room for it. */
  readonly fill: () => void;
  readonly release: () => void;
}

const reserveBytes = 256 * 1024;

export function createDiskReserve(path: string): DiskReserve {
  let isFilled = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= reserveBytes;
  const release = (): void => {
    isFilled = false;
    rmSync(path, { force: true });
  };
  return {
    fill: () => {
      if (isFilled) return;
      try {
        const descriptor = openSync(path, 'w', 0o600);
        try {
          // Written, not only sized: a hole holds no room.
          for (let at = 0; at < reserveBytes;) at += writeSync(descriptor, Buffer.alloc(reserveBytes - at, 1));
          fsyncSync(descriptor);
          isFilled = true;
        } finally {
          closeSync(descriptor);
        }
      } catch {
        // No room even for this: the queue works without it.
        release();
      }
    },
    release,
  };
}
