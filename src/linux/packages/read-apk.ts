import { decodeText, emptyList, type Package, type PackageList } from './package.ts';
import { parseApkInstalled, type ApkEntry, type ApkFile } from './parse-apk-installed.ts';
import { problemAt, readWhole, type RootFolder } from './root-folder.ts';

/** The second one is where a merged /usr has it. */
const databases = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];
const maxBytes = 256 * 1024 * 1024;

/** What is installed according to apk. */
export function readApk(root: RootFolder): PackageList {
  const problems: string[] = [];
  const packages: Package[] = [];
  readApkEntries(root, problems, { onPackage: (entry) => packages.push(toPackage(entry)) });
  return { ...emptyList, packages, problems };
}

/** Reads the database through; what is wrong with it is added to the problems. */
export function readApkEntries(
  root: RootFolder,
  problems: string[],
  options: { readonly onPackage: (entry: ApkEntry) => void; readonly onFile?: (file: ApkFile) => void },
): void {
  for (const path of findDatabases(root, problems)) {
    try {
      const bytes = readWhole(path, { maxBytes });
      const damaged = bytes ? parseApkInstalled(bytes.toString('latin1'), options).damaged : 0;
      if (damaged > 0) problems.push(`${path}: paragraphs not understood and left out: ${damaged}`);
    } catch (error) {
      problems.push(problemAt(path, error));
    }
  }
}

function findDatabases(root: RootFolder, problems: string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of databases) {
    try {
      const file = root.find(path);
      if (file !== undefined) found.add(file);
    } catch (error) {
      problems.push(problemAt(path, error));
    }
  }
  return found;
}

function toPackage({ name, version, arch, origin }: ApkEntry): Package {
  return {
    kind: 'apk',
    name: decodeText(name),
    version: decodeText(version),
    arch: decodeText(arch),
    ...(origin === '' ? {} : { source: decodeText(origin) }),
  };
}
