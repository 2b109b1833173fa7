/** What an object of the file system is like, without its content. */
import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { decodePath, encodePath } from '../../src/search/walk/path-text.ts';

export type ObjectType = 'file' | 'folder' | 'link' | 'other';

export interface ObjectState {
  readonly type: ObjectType;
  readonly inode: bigint;
  /** When the inode was made; the time of the last change where the file system does not know. */
  readonly bornNs: bigint;
  readonly changedNs: bigint;
  readonly modifiedNs: bigint;
  readonly size: number;
  /** Permissions with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Where a link leads; '' for others. */
  readonly target: string;
}

/** Undefined where there is nothing. A link is not followed. Throws the system's error where it cannot be told. */
export function readObjectState(path: string): ObjectState | undefined {
  const place = encodePath(path);
  try {
    const stats = lstatSync(place, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const target = stats.isSymbolicLink() ? decodePath(readlinkSync(place, { encoding: 'buffer' })) : '';
    return toObjectState(stats, target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // ENOTDIR: a part of the path is a file now. EINVAL: what was a link is none any more; whoever looks again sees what.
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

export function toObjectState(stats: BigIntStats, target: string): ObjectState {
  return {
    type: typeOf(stats),
    inode: BigInt.asIntN(64, stats.ino),
    bornNs: stats.birthtimeNs,
    changedNs: stats.ctimeNs,
    modifiedNs: stats.mtimeNs,
    size: Number(stats.size),
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    target,
  };
}

function typeOf(stats: BigIntStats): ObjectType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** True where the content cannot have changed without the clock of the host being turned: nobody sets the time of the last change (ctime) at will. */
export function isUntouched(before: ObjectState, now: ObjectState): boolean {
  return (
    before.type === now.type &&
    before.inode === now.inode &&
    before.changedNs === now.changedNs &&
    before.modifiedNs === now.modifiedNs &&
    before.size === now.size
  );
}

/** True where a comparison has nothing to tell. A folder's times and size change with its entries, which speak for themselves. */
export function isSame(before: ObjectState, now: ObjectState): boolean {
  if (now.type === 'folder') {
    return (
      before.type === 'folder' &&
      before.inode === now.inode &&
      before.mode === now.mode &&
      before.uid === now.uid &&
      before.gid === now.gid
    );
  }
  return isUntouched(before, now);
}

/** One and the same object, wherever it has gone. An inode's number is given again to the next file; with its birth it is unique. */
export function isSameObject(before: ObjectState, now: ObjectState): boolean {
  const isKnown = now.bornNs !== 0n;
  return isKnown && before.type === now.type && before.inode === now.inode && before.bornNs === now.bornNs;
}
