import type { HashAlgorithm } from './algorithms.ts';

/** Several checksums of one stream of bytes, each byte read once. */
export interface Digests {
  readonly update: (bytes: Uint8Array) => void;
  /** Lower-case hexadecimal by function. Call once, at the end. */
  readonly finish: () => ReadonlyMap<HashAlgorithm, string>;
}

// Loaded when the first checksum is made: most searches make none, and loading it takes as long as looking at a thousand directories.
const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');

export function createDigests(algorithms: readonly HashAlgorithm[]): Digests {
  const hashes = algorithms.map((algorithm) => [algorithm, crypto().createHash(algorithm)] as const);
  return {
    update: (bytes) => {
      for (const [, running] of hashes) running.update(bytes);
    },
    finish: () => new Map(hashes.map(([algorithm, running]) => [algorithm, running.digest('hex')])),
  };
}

/** The checksum of bytes that are all there: faster than a stream of one piece. */
export function digestOf(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  return crypto().hash(algorithm, bytes, 'hex');
}
