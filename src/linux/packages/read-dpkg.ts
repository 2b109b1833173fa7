import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeText, emptyList, type Package, type PackageList } from './package.ts';
import { parseDpkgStatus, type DpkgEntry } from './parse-dpkg-status.ts';
import { problemAt, readWhole, type RootFolder } from './root-folder.ts';

const maxStatusBytes = 64 * 1024 * 1024;
const maxNamed = 5;
const maxStatusFiles = 50_000;

/** What is installed according to dpkg: its status file, and the folder status.d of distroless images, which holds one file a package. */
export function readDpkg(root: RootFolder): PackageList {
  const { entries, problems } = readDpkgEntries(root);
  if (entries.length === 0) return { ...emptyList, problems };
  const native = entries.find(({ name }) => name === 'dpkg')?.arch ?? '';
  const installed = entries.filter(isInstalled);
  const broken = entries.filter((entry) => !isInstalled(entry) && isHalfway(entry));
  return {
    packages: installed.map((entry) => toPackage(entry, native)),
    problems: broken.length === 0 ? problems : [...problems, describeBroken(broken)],
  };
}

/** Every paragraph of dpkg's databases, also of packages that were removed. */
export function readDpkgEntries(root: RootFolder): {
  readonly entries: readonly DpkgEntry[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const entries: DpkgEntry[] = [];
  const read = (path: string): void => {
    try {
      const bytes = readWhole(path, { maxBytes: maxStatusBytes });
      if (!bytes) return;
      const parsed = parseDpkgStatus(bytes.toString('latin1'));
      for (const entry of parsed.entries) entries.push(entry);
      if (parsed.damaged > 0)
        problems.push(`${path}: ${count(parsed.damaged, 'paragraph')} not understood and left out`);
    } catch (error) {
      problems.push(problemAt(path, error));
    }
  };
  for (const path of statusFiles(root, problems)) read(path);
  return { entries, problems };
}

function statusFiles(root: RootFolder, problems: string[]): readonly string[] {
  const files: string[] = [];
  try {
    const status = root.find('/var/lib/dpkg/status');
    if (status !== undefined) files.push(status);
    const folder = root.find('/var/lib/dpkg/status.d');
    if (folder === undefined) return files;
    const names = readdirSync(folder).filter((name) => !name.endsWith('.md5sums'));
    if (names.length > maxStatusFiles)
      problems.push(`${folder}: ${names.length} files, the first ${maxStatusFiles} are read`);
    files.push(...names.slice(0, maxStatusFiles).map((name) => join(folder, name)));
  } catch (error) {
    problems.push(problemAt(join(root.path, 'var/lib/dpkg'), error));
  }
  return files;
}

/** True when dpkg has the whole package on the disk, whatever is wanted of it: installed, on hold, or only waiting for triggers. */
export function isInstalled({ status }: DpkgEntry): boolean {
  return status === '' || / (installed|triggers-awaited|triggers-pending)$/.test(status);
}

function isHalfway({ status }: DpkgEntry): boolean {
  return / (half-installed|unpacked|half-configured)$/.test(status);
}

function toPackage(entry: DpkgEntry, native: string): Package {
  const { name, version, arch, status, multiArch, source } = entry;
  const isQualified = multiArch === 'same' || (arch !== native && arch !== 'all' && native !== '');
  const [sourceName = ''] = source.split(' ', 1);
  return {
    kind: 'dpkg',
    name: decodeText(name),
    version: decodeText(version),
    arch: decodeText(arch),
    ...(isQualified ? { qualifiedName: decodeText(`${name}:${arch}`) } : {}),
    source: decodeText(sourceName === '' ? name : sourceName),
    ...(status === '' || status === 'install ok installed' ? {} : { status: decodeText(status) }),
  };
}

function describeBroken(broken: readonly DpkgEntry[]): string {
  const named = broken.slice(0, maxNamed).map(({ name, version }) => decodeText(`${name} ${version}`));
  const more = broken.length > maxNamed ? ` and ${broken.length - maxNamed} more` : '';
  return `dpkg: ${count(broken.length, 'package')} neither installed nor removed, not listed: ${named.join(', ')}${more}`;
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun} is` : `${number} ${noun}s are`;
}
