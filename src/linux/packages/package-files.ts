import { openApkFiles } from './apk-files.ts';
import { openDpkgFiles } from './dpkg-files.ts';
import type { FileSource, PackageFile } from './package-file.ts';
import { openRootFolder, problemAt, type RootFolder } from './root-folder.ts';
import { openRpmFiles } from './rpm-files.ts';
import { createWantedPaths, type WantedPaths } from './wanted-paths.ts';

export type { PackageFile };

/** Which package installed a file, and what it should contain. */
export interface PackageFiles {
  /**
   * The package that has this absolute path, in the way it was given or in the way the package wrote it where folders are merged (/lib and /usr/lib).
   * Undefined when no package has it. The databases are read at the first question.
   */
  readonly ownerOf: (path: string) => PackageFile | undefined;
  /** What could not be read so far, and why, as sentences. */
  readonly problems: () => readonly string[];
}

type Open = (root: RootFolder, wanted: WantedPaths, problems: string[]) => FileSource;

const databases: readonly Open[] = [openDpkgFiles, openRpmFiles, openApkFiles];

/**
 * The files of every installed package of the system below `root`. With `paths` only these may be asked for, which needs far less memory and time than
 * an index of everything.
 */
export function openPackageFiles(
  options: { readonly root?: string; readonly paths?: readonly string[] } = {},
): PackageFiles {
  const problems: string[] = [];
  let opened: { readonly wanted: WantedPaths; readonly sources: readonly FileSource[] } | undefined;
  const open = (): NonNullable<typeof opened> => {
    const root = openRootFolder(options.root);
    const wanted = createWantedPaths(root, options.paths);
    return { wanted, sources: databases.map((openOne) => openOne(root, wanted, problems)) };
  };
  return {
    ownerOf: (path) => {
      try {
        opened ??= open();
      } catch (error) {
        problems.push(problemAt(options.root ?? '/', error));
        return undefined;
      }
      const key = opened.wanted.toKey(path);
      for (const { find } of opened.sources) {
        const found = find(key);
        if (found) return found;
      }
      return undefined;
    },
    problems: () => problems,
  };
}
