import { createHash, hash } from 'node:crypto';
import type { HashAlgorithm } from './algorithms.ts';

/** Several checksums of one stream of bytes, each byte read once. */
export interface Digests {
  readonly update: (bytes: Uint8Array) => void;
  /** Lower-case hexadecimal by function. Call once, at the end. */
  readonly finish: () => ReadonlyMap<HashAlgorithm, string>;
}

export function createDigests(algorithms: readonly HashAlgorithm[]): Digests {
  const hashes = algorithms.map((algorithm) => [algorithm, createHash(algorithm)] as const);
  return {
    update: (bytes) => {
      for (const [, running] of hashes) running.update(bytes);
    },
    finish: () => new Map(hashes.map(([algorithm, running]) => [algorithm, running.digest('hex')])),
  };
}

/** The checksum of bytes that are all there: faster than a stream of one piece. */
export function digestOf(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  return hash(algorithm, bytes, 'hex');
}
