import { basename } from 'node:path';
import type { Pace } from '../../src/base/pace.ts';
import {
  mayHoldKeys,
  parseKeyFile,
  type FoundKey,
  type KeyFileKind,
  type ParseOptions,
} from '../../src/linux/ssh/parse-key-file.ts';
import { openFile } from '../../src/search/read/open-file.ts';

/** MIG's limit: a file of keys is small. */
const maxBytes = 1024 * 1024;
/** Files that are known to hold keys may be larger; they are taken apart piece by piece. */
const maxKnownBytes = 16 * 1024 * 1024;
const pieceBytes = 128 * 1024;

/** Which kind of file a name promises. */
export function kindOfName(path: string): KeyFileKind {
  const name = basename(path);
  if (name === 'authorized_keys' || name === 'authorized_keys2') return 'authorizedkeys';
  return name === 'known_hosts' || name === 'known_hosts2' || name === 'ssh_known_hosts' ? 'knownhosts' : 'any';
}

/**
 * Reads files that may hold keys: whole, into one buffer that the next call overwrites. Undefined for what is empty or, unless its name says that it holds
 * keys, no regular file or larger than 1 MiB. Throws the system's error, or a sentence for a file of keys that is too large or no regular file.
 */
export type FileReader = (path: string, kind: KeyFileKind) => Buffer | undefined;

export function createFileReader(): FileReader {
  const shared = Buffer.allocUnsafeSlow(maxBytes);
  return (path, kind) => {
    const file = openFile(path);
    try {
      const { size, isRegular } = file.stats();
      if (!isRegular && kind !== 'any') return refuseOther();
      if (!isRegular || size === 0 || (kind === 'any' && size > maxBytes)) return undefined;
      if (size > maxKnownBytes) throw new Error(`it has ${size} bytes, more than ${maxKnownBytes}`);
      const buffer = size <= maxBytes ? shared.subarray(0, size) : Buffer.allocUnsafeSlow(size);
      let filled = 0;
      for (let count = -1; count !== 0 && filled < size; filled += count) count = file.read(buffer.subarray(filled));
      return buffer.subarray(0, filled);
    } finally {
      file.close();
    }
  };
}

/** Says of a FIFO, a device or a folder under the name of a file of keys what sshd says: a login that fails for that reason should not stay a riddle. */
export function refuseOther(): never {
  throw new Error('it is no regular file');
}

/** What the bytes of a file hold. */
export interface KeysOfFile {
  readonly keys: readonly FoundKey[];
  /** How many lines begin like a key, or should be one, and are none; the first of them with the reason. */
  readonly unparsable: number;
  readonly firstUnparsable: { readonly line: number; readonly reason: string } | undefined;
  readonly isCut: boolean;
}

/** The keys in these bytes; gives way between pieces. */
export async function parseKeys(bytes: Buffer, options: ParseOptions, pace: Pace): Promise<KeysOfFile> {
  const { kind, maxKeys } = options;
  const keys: FoundKey[] = [];
  let unparsable = 0;
  let firstUnparsable: KeysOfFile['firstUnparsable'];
  let line = 0;
  for (let from = 0; from < bytes.length && keys.length < maxKeys && !pace.signal.aborted;) {
    const piece = kind === 'any' ? bytes : bytes.subarray(from, endOfPiece(bytes, from));
    const found = parseKeyFile(piece, { ...options, maxKeys: maxKeys - keys.length });
    for (const key of found.keys) keys.push({ ...key, line: key.line + line });
    const first = found.unparsable[0];
    if (first) firstUnparsable ??= { ...first, line: first.line + line };
    unparsable += found.unparsable.length;
    line += countLines(piece);
    from += piece.length;
    if (pace.isDue()) await pace.rest();
  }
  return { keys, unparsable, firstUnparsable, isCut: keys.length >= maxKeys };
}

/** True where it is worth parsing. */
export function isCandidate(bytes: Buffer, kind: KeyFileKind, wanted: ParseOptions['wanted']): boolean {
  return kind !== 'any' || mayHoldKeys(bytes, wanted);
}

function endOfPiece(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(10, Math.min(bytes.length, from + pieceBytes));
  return end < 0 ? bytes.length : end + 1;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
