import { joinPath } from '../../src/search/walk/path-text.ts';
import type { FolderWatcher } from './folder-watcher.ts';

/** Which folders are watched, and what of each is wanted. */
export interface WatchedFolders {
  /**
   * `gone`: there is no such folder. `unwatched`: the system allows no more; the folder is known all the same, for those who compare it again and again. A folder that is known
   * already becomes recursive where one of the calls says so, and complete where one names no names.
   */
  readonly add: (folder: string, wish: Wish) => 'watched' | 'unwatched' | 'gone';
  readonly get: (folder: string) => Watched | undefined;
  readonly of: (watch: number) => Watched | undefined;
  /** The system ended it. */
  readonly ended: (watch: number) => Watched | undefined;
  /** The folder and all below it. */
  readonly drop: (folder: string) => void;
  readonly unwatched: () => readonly Watched[];
  readonly size: () => number;
}

export interface Wish {
  readonly isRecursive: boolean;
  /** Only these entries; undefined = all. */
  readonly names?: ReadonlySet<string> | undefined;
}

export interface Watched extends Wish {
  readonly path: string;
  /** Undefined where the system allows no watch. */
  readonly watch: number | undefined;
  /** The name of the error that kept it from being watched. */
  readonly failure: string | undefined;
}

const goneErrors: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ESTALE']);

export function createWatchedFolders(watcher: FolderWatcher | undefined): WatchedFolders {
  const byPath = new Map<string, Watched>();
  const byWatch = new Map<number, string>();
  const unwatched = new Set<string>();

  const forget = ({ path, watch }: Watched): void => {
    byPath.delete(path);
    unwatched.delete(path);
    if (watch !== undefined && byWatch.get(watch) === path) byWatch.delete(watch);
  };
  const get = (folder: string): Watched | undefined => byPath.get(folder);
  const of = (watch: number): Watched | undefined => byPath.get(byWatch.get(watch) ?? '');

  return {
    get,
    of,
    add: (folder, wish) => {
      const known = byPath.get(folder);
      const isRecursive = wish.isRecursive || (known?.isRecursive ?? false);
      const names = mergeNames(known, wish);
      const answer = watcher === undefined ? 'ENOSYS' : watcher.add(folder);
      if (typeof answer === 'string' && goneErrors.has(answer)) {
        if (known) forget(known);
        return 'gone';
      }
      const watch = typeof answer === 'number' ? answer : undefined;
      if (known?.watch !== undefined && known.watch !== watch) {
        if (watcher?.way === 'node:fs') watcher.remove(known.watch);
        byWatch.delete(known.watch);
      }
      byPath.set(folder, {
        path: folder,
        isRecursive,
        names,
        watch,
        failure: watch === undefined ? String(answer) : undefined,
      });
      if (watch === undefined) {
        unwatched.add(folder);
        return 'unwatched';
      }
      unwatched.delete(folder);
      byWatch.set(watch, folder);
      return 'watched';
    },
    ended: (watch) => {
      const known = of(watch);
      byWatch.delete(watch);
      if (known) forget(known);
      return known;
    },
    drop: (folder) => {
      const start = joinPath(folder, '');
      for (const known of byPath.values()) {
        if (known.path !== folder && !known.path.startsWith(start)) continue;
        if (known.watch !== undefined) watcher?.remove(known.watch);
        forget(known);
      }
    },
    unwatched: () => [...unwatched].map(get).filter((one) => one !== undefined),
    size: () => byPath.size,
  };
}

function mergeNames(known: Watched | undefined, wish: Wish): ReadonlySet<string> | undefined {
  if (known === undefined) return wish.names;
  return known.names === undefined || wish.names === undefined ? undefined : new Set([...known.names, ...wish.names]);
}
