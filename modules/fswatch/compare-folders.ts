/** Compares folders with the baseline: what differs is to be looked at; on the first time, what is there becomes the baseline. */
import type { Pace } from '../../src/base/pace.ts';
import { isOfKernel } from '../../src/linux/host/is-of-kernel.ts';
import { isGone } from '../../src/linux/errno.ts';
import { systemErrorText } from '../../src/search/walk/error-text.ts';
import { encodePath, joinPath } from '../../src/search/walk/path-text.ts';
import { entryName, readDirectory } from '../../src/search/walk/read-directory.ts';
import type { Baseline, ObjectRecord } from './baseline.ts';
import type { IsExcluded } from './exclusions.ts';
import { isSame, type ObjectState, readObjectState } from './object-state.ts';
import type { Problems } from './problems.ts';
import type { WatchedFolders, Wish } from './watched-folders.ts';

export interface CompareOptions {
  /** What the baseline does not know becomes a part of it without a word. */
  readonly isFirst?: boolean;
  /** Of a tree, only this folder. */
  readonly isShallow?: boolean;
}

export interface FolderComparison {
  /** Watches the folder, and where the wish is recursive all below it, and compares each. `differs` is told of each path that is not as it was. */
  readonly compare: (
    folder: string,
    wish: Wish,
    differs: (path: string, now: ObjectState | undefined) => void | Promise<void>,
    options?: CompareOptions,
  ) => Promise<void>;
  /** The same for one object. */
  readonly compareEntry: (
    path: string,
    differs: (path: string, now: ObjectState | undefined) => void | Promise<void>,
    options?: CompareOptions,
  ) => Promise<void>;
}

const commitEvery = 1000;

export function createFolderComparison(context: {
  readonly baseline: Baseline;
  readonly folders: WatchedFolders;
  readonly isExcluded: IsExcluded;
  readonly problems: Problems;
  readonly pace: Pace;
  readonly maxObjects: number;
}): FolderComparison {
  const { baseline, folders, isExcluded, problems, pace, maxObjects } = context;

  const compare: FolderComparison['compare'] = async (
    start,
    wish,
    differs,
    { isFirst = false, isShallow = false } = {},
  ) => {
    const found: ObjectRecord[] = [];
    const keep = (): void => {
      if (found.length === 0) return;
      baseline.commit(() => found.forEach(baseline.put));
      found.length = 0;
    };
    const add = (path: string, now: ObjectState): void => {
      if (baseline.count() + found.length >= maxObjects) return problems.reachLimit(path);
      found.push({ ...now, path, sha256: now.type === 'file' ? undefined : '' });
      if (found.length >= commitEvery) keep();
    };
    const compareEntry = async (path: string, before: ObjectRecord | undefined): Promise<ObjectState | undefined> => {
      const now = look(path, problems);
      if (now === 'unknown') return undefined;
      if (before === undefined && now !== undefined && isFirst) add(path, now);
      else if (before === undefined || now === undefined || !isSame(before, now)) await differs(path, now);
      return now;
    };
    /** The folders in it that are to be compared as well. */
    const compareFolder = async (folder: string, isTop: boolean): Promise<readonly string[]> => {
      if (folders.add(folder, isTop ? wish : { isRecursive: true }) === 'gone') return [];
      if (!isTop && isOfKernel(encodePath(folder))) {
        folders.drop(folder);
        return [];
      }
      const names = folders.get(folder)?.names;
      const isWanted = (path: string): boolean =>
        (names === undefined || names.has(path.slice(joinPath(folder, '').length))) && !isExcluded(path);
      const known = new Map(baseline.childrenOf(folder).map((record) => [record.path, record]));
      const below: string[] = [];
      for (const batch of readDirectory(folder)) {
        for (const raw of batch) {
          const path = joinPath(folder, entryName(raw));
          if (!isWanted(path)) continue;
          const now = await compareEntry(path, known.get(path));
          known.delete(path);
          if (now?.type === 'folder' && wish.isRecursive && !isShallow) below.push(path);
          if (pace.isDue()) await pace.rest();
          if (pace.signal.aborted) return [];
        }
      }
      for (const path of known.keys()) if (isWanted(path)) await differs(path, undefined);
      return below;
    };
    const waiting: [string, boolean][] = [[start, true]];
    for (let next = waiting.pop(); next !== undefined && !pace.signal.aborted; next = waiting.pop()) {
      try {
        for (const path of await compareFolder(...next)) waiting.push([path, false]);
      } catch (error) {
        if (!isGone(error)) problems.add(`${next[0]}: ${systemErrorText(error)}`);
      }
      if (pace.isDue()) await pace.rest();
    }
    keep();
  };
  const compareEntry: FolderComparison['compareEntry'] = async (path, differs, { isFirst = false } = {}) => {
    const before = baseline.get(path);
    const now = look(path, problems);
    if (now === 'unknown') return;
    if (before === undefined && now !== undefined && isFirst)
      baseline.put({ ...now, path, sha256: now.type === 'file' ? undefined : '' });
    else if (before === undefined || now === undefined || !isSame(before, now)) await differs(path, now);
  };
  return { compare, compareEntry };
}

function look(path: string, problems: Problems): ObjectState | undefined | 'unknown' {
  try {
    return readObjectState(path);
  } catch (error) {
    problems.add(`${path}: ${systemErrorText(error)}`);
    return 'unknown';
  }
}
