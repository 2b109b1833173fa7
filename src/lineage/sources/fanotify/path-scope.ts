import { isWithin } from '../../../linux/fanotify/select-mounts.ts';

/** Which paths are told. */
export interface PathScope {
  readonly isWanted: (path: string) => boolean;
  /** False where nothing in the folder itself (not below it) can be wanted. */
  readonly mayHold: (folder: string) => boolean;
}

/** Wanted are the chosen paths and all below them, but for the ignored ones and all below those. Paths without links. */
export function createPathScope(chosen: readonly string[], ignored: readonly string[]): PathScope {
  const isIgnored = (path: string): boolean => ignored.some((folder) => isWithin(path, folder));
  return {
    isWanted: (path) => chosen.some((folder) => isWithin(path, folder)) && !isIgnored(path),
    mayHold: (folder) =>
      chosen.some((wanted) => isWithin(folder, wanted) || isWithin(wanted, folder)) && !isIgnored(folder),
  };
}

/** A name in a folder. "." is the folder itself. */
export function joinPath(folder: string, name: string): string {
  if (name === '.') return folder;
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}
