import { type Dirent, lstatSync, opendirSync, readdirSync } from 'node:fs';
import { decodeLatin1Path, encodePath } from './path-text.ts';

export type EntryKind = 'file' | 'directory' | 'link' | 'other';

/** An entry as Node tells it. Its name is spelled in latin1, one character a byte: `entryName` gives the text. */
export type RawEntry = Pick<Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'>;

/** A directory that takes more than this on disk is read piece by piece: its entries at once could fill the memory. */
const bigDirectoryBytes = 1 << 20;
const batchEntries = 1024;

/**
 * The entries of a directory in its order, in batches. A path that is, or has become, a symbolic link is refused (ENOTDIR), so that a walk cannot be led
 * elsewhere. Throws the system's error, perhaps only at a later batch.
 */
export function* readDirectory(path: string): Generator<readonly RawEntry[]> {
  const place = encodePath(path);
  const stats = lstatSync(place);
  if (!stats.isDirectory()) throw Object.assign(new Error(`${path} is no directory`), { code: 'ENOTDIR', errno: -20 });
  if (stats.size > bigDirectoryBytes) yield* readBatches(place);
  else yield readWhole(place);
}

function readWhole(place: string | Buffer): readonly RawEntry[] {
  try {
    return readdirSync(place, { withFileTypes: true, encoding: 'latin1' });
  } catch (error) {
    // A file system that does not tell types makes Node look at each name, wrongly spelled where it is not ASCII.
    if (lstatSync(place, { throwIfNoEntry: false })?.isDirectory() && isNoEntry(error)) return readUntyped(place);
    throw error;
  }
}

function* readBatches(place: string | Buffer): Generator<readonly RawEntry[]> {
  const directory = opendirSync(place, { encoding: 'latin1' as BufferEncoding, bufferSize: 256 });
  try {
    let batch: RawEntry[] = [];
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      batch.push(entry);
      if (batch.length < batchEntries) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } finally {
    directory.closeSync();
  }
}

function readUntyped(place: string | Buffer): readonly RawEntry[] {
  const prefix = Buffer.concat([Buffer.from(place), Buffer.from('/')]);
  return readdirSync(place, { encoding: 'buffer' }).flatMap((name): RawEntry[] => {
    const stats = lstatSync(Buffer.concat([prefix, name]), { throwIfNoEntry: false });
    if (stats === undefined) return [];
    return [
      {
        name: name.toString('latin1'),
        isFile: () => stats.isFile(),
        isDirectory: () => stats.isDirectory(),
        isSymbolicLink: () => stats.isSymbolicLink(),
      },
    ];
  });
}

/** The name of an entry as text; see path-text.ts. */
export function entryName(entry: RawEntry): string {
  return decodeLatin1Path(entry.name);
}

export function entryKind(entry: RawEntry): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function isNoEntry(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
