import { fstatSync, readlinkSync } from 'node:fs';
import { splitKey } from '../../../linux/fanotify/parse-events.ts';
import type { HandleCalls } from '../../../native/fanotify.ts';
import type { FolderLook } from './place-events.ts';

export type LookCalls = Pick<HandleCalls, 'openHandle' | 'openFolder' | 'closeAll'>;

const deletedMark = ' (deleted)';

/**
 * Where the directory of a key lies now, as this process sees it. `pointsOf`: where its file system is mounted; they are opened for each look and never kept: an open one could not be
 * unmounted. `prefers`: of several paths by several mounts, which is of use.
 */
export function lookAtFolder(
  key: string,
  calls: LookCalls,
  pointsOf: (fileSystem: string) => readonly string[],
  prefers: (path: string) => boolean,
): FolderLook {
  const { fileSystem, handle } = splitKey(key);
  let found: FolderLook | undefined;
  for (const point of pointsOf(fileSystem)) {
    const look = lookThrough(point, handle, calls);
    if (typeof look !== 'string' && prefers(look.path)) return look;
    // One mount shows only a part of its file system; the others may show it.
    if (found === undefined || found === 'elsewhere' || (found === 'gone' && look !== 'elsewhere')) found = look;
  }
  return found ?? 'elsewhere';
}

function lookThrough(point: string, handle: Buffer, { openFolder, openHandle, closeAll }: LookCalls): FolderLook {
  const mount = openFolder(point);
  if (mount < 0) return 'elsewhere';
  const folder = openHandle(mount, handle);
  try {
    return folder < 0 ? 'gone' : readPath(folder, point, mount);
  } finally {
    closeAll(folder < 0 ? [mount] : [mount, folder]);
  }
}

function readPath(folder: number, point: string, mount: number): FolderLook {
  const path = readlinkSync(`/proc/self/fd/${folder}`, 'latin1');
  const isDeleted = (): boolean => fstatSync(folder).nlink === 0;
  // What does not lie below the root of the mount is shown as "/"; so is what was deleted and lies nowhere.
  if (path === '/' && !(point === '/' && isSame(folder, mount))) return isDeleted() ? 'gone' : 'elsewhere';
  if (!path.startsWith('/')) return 'elsewhere';
  return { path: path.endsWith(deletedMark) && isDeleted() ? path.slice(0, -deletedMark.length) : path };
}

function isSame(one: number, other: number): boolean {
  const [a, b] = [fstatSync(one), fstatSync(other)];
  return a.ino === b.ino && a.dev === b.dev;
}
