import { chmodSync, chownSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TextCodec } from '../../src/linux/host/create-path-resolver.ts';
import { createHostFiles, type HostFiles } from '../../src/linux/host/host-files.ts';
import { decodeLatin1Path, encodePath } from '../../src/search/walk/path-text.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export const codec: TextCodec = { decodeLatin1: decodeLatin1Path, encode: encodePath };

/** A small tree that stands for the root folder of a host. */
export interface HostTree extends Disposable {
  readonly path: string;
  readonly files: HostFiles;
  /** Writes a file and the folders above it. The owner can only be set by root. */
  readonly write: (
    path: string,
    content: string | Buffer,
    facts?: { readonly mode?: number; readonly uid?: number; readonly mtimeMs?: number },
  ) => void;
  readonly makeFolder: (path: string, facts?: { readonly mode?: number; readonly uid?: number }) => void;
  /** A link whose text is that of the host: "/usr/bin/x" stays inside the tree. */
  readonly link: (path: string, target: string) => void;
}

export function createHostTree(): HostTree {
  const folder = createTemporaryFolder();
  // A test may look at the tree without the rights of root.
  chmodSync(folder.path, 0o755);
  const placeOf = (path: string): string => join(folder.path, path);
  const own = (place: string, uid: number | undefined): void => {
    if (uid !== undefined && process.geteuid?.() === 0) chownSync(place, uid, uid);
  };
  return {
    path: folder.path,
    files: createHostFiles({ codec, root: folder.path }),
    write: (path, content, { mode = 0o644, uid, mtimeMs } = {}) => {
      const place = placeOf(path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content);
      chmodSync(place, mode);
      own(place, uid);
      if (mtimeMs !== undefined) utimesSync(place, mtimeMs / 1000, mtimeMs / 1000);
    },
    makeFolder: (path, { mode = 0o755, uid } = {}) => {
      mkdirSync(placeOf(path), { recursive: true });
      chmodSync(placeOf(path), mode);
      own(placeOf(path), uid);
    },
    link: (path, target) => {
      mkdirSync(dirname(placeOf(path)), { recursive: true });
      symlinkSync(target, placeOf(path));
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
