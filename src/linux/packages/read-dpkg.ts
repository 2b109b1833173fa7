import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeText, emptyList, type DoubtfulPackage, type Package, type PackageList } from './package.ts';
import { parseDpkgStatus, type DpkgEntry, type DpkgStatus } from './parse-dpkg-status.ts';
import { problemAt, readWhole, type RootFolder } from './root-folder.ts';

const maxStatusBytes = 64 * 1024 * 1024;
const maxStatusFiles = 50_000;

/** What is installed according to dpkg: its status file, and the folder status.d of distroless images, which holds one file a package. */
export function readDpkg(root: RootFolder): PackageList {
  const { entries, problems } = readDpkgEntries(root);
  if (entries.length === 0) return { ...emptyList, problems };
  const native = entries.find(({ name }) => name === 'dpkg')?.arch ?? '';
  const packages: Package[] = [];
  const doubtful: DoubtfulPackage[] = [];
  for (const entry of entries) {
    const reason = doubtOf(entry);
    if (reason !== undefined) doubtful.push({ ...toPackage(entry, native), reason });
    else if (isInstalled(entry)) packages.push(toPackage(entry, native));
  }
  return { packages, doubtful, problems };
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
      const text = bytes.toString('latin1');
      const parsed = parseDpkgStatus(text);
      for (const entry of parsed.entries) entries.push(entry);
      for (const problem of describeDamage(text, parsed)) problems.push(`${path}: ${problem}`);
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

/** dpkg has a version of everything that it installed; a state that it does not know is as doubtful as one of those in between. */
function doubtOf(entry: DpkgEntry): DoubtfulPackage['reason'] | undefined {
  if (isInstalled(entry)) return entry.version === '' ? 'without a version' : undefined;
  return / (not-installed|config-files)$/.test(entry.status) ? undefined : 'neither installed nor removed';
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

function describeDamage(text: string, { damaged, strange: { lines, firstAt } }: DpkgStatus): readonly string[] {
  return [
    ...(damaged > 0 ? [`${count(damaged, 'paragraph')} not understood and left out`] : []),
    ...(lines > 0
      ? [`${count(lines, 'line')} not understood and left out, the first is line ${lineOf(text, firstAt)}`]
      : []),
  ];
}

/** The number, from 1, of the line that begins at this place. */
function lineOf(text: string, place: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < place; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun} is` : `${number} ${noun}s are`;
}
