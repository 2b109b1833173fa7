/** The configured paths: where they lead, and whether they are there. */
import { realpathSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { decodePath, encodePath } from '../../src/search/walk/path-text.ts';
import type { Entry } from './config.ts';

/** A configured path as it is now. */
export interface Root extends Entry {
  /** Where it leads, links followed; undefined while there is nothing. */
  readonly place: string | undefined;
  readonly isFolder: boolean;
  /** Another inode or file system in the same place is another root. */
  readonly identity: string;
}

/** Where an entry leads now. Never throws: what cannot be reached is not there. */
export function findRoot(entry: Entry): Root {
  try {
    const place = decodePath(realpathSync.native(encodePath(entry.path), { encoding: 'buffer' }));
    const stats = statSync(encodePath(place), { bigint: true });
    return {
      ...entry,
      place,
      isFolder: stats.isDirectory(),
      identity: stats.isDirectory() ? `${stats.dev} ${stats.ino}` : '',
    };
  } catch {
    // Missing, a part of it is no folder, a loop of links: all of them are waited for.
    return { ...entry, place: undefined, isFolder: false, identity: '' };
  }
}

/** True where another file system stands in the same place. */
export function isRemounted(before: Root, now: Root): boolean {
  const deviceOf = ({ identity }: Root): string | undefined => identity.split(' ')[0];
  return before.place !== undefined && before.place === now.place && deviceOf(before) !== deviceOf(now);
}

/** Under which it is noted in the baseline where an entry led when it was last there. */
export function noteKey({ path, isRecursive }: Entry): string {
  return `root:${isRecursive ? 'recursive' : 'flat'}:${path}`;
}

/** The folder to watch for a root, and what of it is wanted: a single file is watched through its folder, so that another file in its place is seen. */
export function wishOf(root: Root & { readonly place: string }): {
  readonly folder: string;
  readonly isRecursive: boolean;
  readonly names?: ReadonlySet<string>;
} {
  if (root.isFolder) return { folder: root.place, isRecursive: root.isRecursive };
  return { folder: posix.dirname(root.place), isRecursive: false, names: new Set([posix.basename(root.place)]) };
}

/** True for objects that one of the roots covers; the others are left over from another configuration. */
export function covers(root: Root, path: string): boolean {
  if (root.place === undefined) return false;
  if (path === root.place) return true;
  const start = root.place === '/' ? '/' : `${root.place}/`;
  return path.startsWith(start) && (root.isRecursive || !path.includes('/', start.length));
}
