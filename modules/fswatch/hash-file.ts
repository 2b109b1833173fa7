import { closeSync, fstatSync, read } from 'node:fs';
import { createHash } from 'node:crypto';
import { openCarefully } from '../../src/base/open-carefully.ts';
import { systemErrorText } from '../../src/search/walk/error-text.ts';
import { encodePath } from '../../src/search/walk/path-text.ts';
import { type ObjectState, toObjectState } from './object-state.ts';

export interface HashedFile {
  /** Lower-case hexadecimal; '' where it could not be taken. */
  readonly sha256: string;
  /** What it was like before it was read; undefined where it could not be opened. */
  readonly state: ObjectState | undefined;
  /** Why there is none. */
  readonly reason: string | undefined;
  readonly bytes: number;
}

const chunkBytes = 1 << 20;

/**
 * The checksum of a regular file, read in another thread, piece by piece. What takes the place of the file meanwhile (a FIFO, a device, a link) is not read.
 * Never throws.
 */
export async function hashFile(
  path: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<HashedFile> {
  const none = (reason: string, state?: ObjectState): HashedFile => ({ sha256: '', state, reason, bytes: 0 });
  let file: number | undefined;
  try {
    file = openCarefully(encodePath(path), { noFollow: true });
    const state = toObjectState(fstatSync(file, { bigint: true }), '');
    if (state.type !== 'file') return none('it is no regular file any more', state);
    if (state.size > maxBytes) return none(`${state.size} bytes, more than maxFileBytes`, state);
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, Math.max(1, state.size + 1)));
    let bytes = 0;
    for (;;) {
      if (signal.aborted) return none('stopped', state);
      const count = await readOn(file, buffer);
      if (count === 0) break;
      hash.update(buffer.subarray(0, count));
      bytes += count;
      // A file that grows while it is read has no end.
      if (bytes > maxBytes) return none(`more than maxFileBytes`, state);
    }
    return { sha256: hash.digest('hex'), state, reason: undefined, bytes };
  } catch (error) {
    return none(systemErrorText(error));
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readOn(file: number, buffer: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  read(file, buffer, 0, buffer.length, null, (error, count) => (error ? reject(error) : resolve(count)));
  return promise;
}
