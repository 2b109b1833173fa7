import type { Pace } from '../../src/base/pace.ts';
import type { HostFiles } from '../../src/linux/host/host-files.ts';
import { createDigests } from '../../src/search/hash/digests.ts';
import type { HashAlgorithm } from '../../src/search/hash/algorithms.ts';

/** Checksums of files, each file read once. */
export interface Hasher {
  /** Undefined when the file could not be read, is too large, or the run was stopped. */
  readonly hash: (
    path: string,
    algorithms: readonly HashAlgorithm[],
  ) => Promise<ReadonlyMap<HashAlgorithm, string> | undefined>;
  readonly files: () => number;
  readonly bytes: () => number;
}

const chunkBytes = 1 << 20;
const maxFileBytes = 1 << 30;

export function createHasher(hostFiles: HostFiles, pace: Pace): Hasher {
  let [files, bytes] = [0, 0];
  return {
    files: () => files,
    bytes: () => bytes,
    hash: async (path, algorithms) => {
      using file = hostFiles.openRecords(path);
      if (file === undefined) return undefined;
      if (file.size > maxFileBytes) {
        hostFiles.problems.add(
          `${path}: ${file.size} bytes, its checksum is taken of files up to ${maxFileBytes} only`,
        );
        return undefined;
      }
      const digests = createDigests(algorithms);
      files++;
      // A file that grows while it is read has no end.
      for (let at = 0; at <= file.size;) {
        if (pace.isDue()) await pace.rest();
        if (pace.signal.aborted) return undefined;
        const chunk = file.read(at, chunkBytes);
        if (chunk.length === 0) break;
        digests.update(chunk);
        at += chunk.length;
        bytes += chunk.length;
      }
      return digests.finish();
    },
  };
}
