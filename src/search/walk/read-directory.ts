import { type Dirent, lstatSync, opendirSync, readdirSync } from 'node:fs';
import { decodeLatin1Path, decodePath, encodePath } from './path-text.ts';

export type EntryKind = 'file' | 'directory' | 'link' | 'other';

export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** A directory that takes more than this on disk is read piece by piece: its entries at once could fill the memory. */
const bigDirectoryBytes = 1 << 20;
const batchEntries = 1024;

/**
 * The entries of a directory in its order, in batches. A path that is, or has become, a symbolic link is refused (ENOTDIR), so that a walk cannot be led
 * elsewhere. Throws the system's error, perhaps only at a later batch.
 */
export function* readDirectory(path: string): Generator<readonly Entry[]> {
  const place = encodePath(path);
  const stats = lstatSync(place);
  if (!stats.isDirectory()) throw Object.assign(new Error(`${path} is no directory`), { code: 'ENOTDIR', errno: -20 });
  if (stats.size > bigDirectoryBytes) yield* readBatches(place);
  else yield readWhole(place);
}

function readWhole(place: string | Buffer): readonly Entry[] {
  try {
    return readdirSync(place, { withFileTypes: true, encoding: 'latin1' }).map(toEntry);
  } catch (error) {
    // A file system that does not tell types makes Node look at each name, wrongly spelled where it is not ASCII.
    if (lstatSync(place, { throwIfNoEntry: false })?.isDirectory() && isNoEntry(error)) return readUntyped(place);
    throw error;
  }
}

function* readBatches(place: string | Buffer): Generator<readonly Entry[]> {
  const directory = opendirSync(place, { encoding: 'latin1' as BufferEncoding, bufferSize: 256 });
  try {
    let batch: Entry[] = [];
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      batch.push(toEntry(entry));
      if (batch.length < batchEntries) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } finally {
    directory.closeSync();
  }
}

function readUntyped(place: string | Buffer): readonly Entry[] {
  const prefix = Buffer.concat([Buffer.from(place), Buffer.from('/')]);
  return readdirSync(place, { encoding: 'buffer' }).flatMap((name): Entry[] => {
    const stats = lstatSync(Buffer.concat([prefix, name]), { throwIfNoEntry: false });
    return stats ? [{ name: decodePath(name), kind: kindOf(stats) }] : [];
  });
}

function toEntry(entry: Dirent): Entry {
  return { name: decodeLatin1Path(entry.name), kind: kindOf(entry) };
}

interface Typed {
  readonly isFile: () => boolean;
  readonly isDirectory: () => boolean;
  readonly isSymbolicLink: () => boolean;
}

/** The kind of what readdir or stat tells of. */
export function kindOf(typed: Typed): EntryKind {
  if (typed.isFile()) return 'file';
  if (typed.isDirectory()) return 'directory';
  return typed.isSymbolicLink() ? 'link' : 'other';
}

function isNoEntry(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
