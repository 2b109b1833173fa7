import { emptyList, joinLists, type PackageList } from './package.ts';
import { readApk } from './read-apk.ts';
import { readDpkg } from './read-dpkg.ts';
import { readRpm } from './read-rpm.ts';
import { openRootFolder, problemAt, type RootFolder } from './root-folder.ts';

/** The databases that are looked for; a system may have several. */
const readers: readonly ((root: RootFolder) => PackageList)[] = [readDpkg, readRpm, readApk];

/**
 * Every installed package of the system below `root` (this host by default), from all databases that are there: dpkg, rpm, apk. The files are read as they
 * are, no tool is run and nothing is written. What cannot be read is a sentence in `problems`; a system without any database has neither.
 */
export function readPackages(options: { readonly root?: string } = {}): PackageList {
  const root = options.root ?? '/';
  try {
    const folder = openRootFolder(root);
    return joinLists(readers.map((read) => read(folder)));
  } catch (error) {
    return { ...emptyList, problems: [problemAt(root, error)] };
  }
}
