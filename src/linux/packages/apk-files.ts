import { decodeText } from './package.ts';
import type { FileSource, PackageFile } from './package-file.ts';
import { readApkEntries } from './read-apk.ts';
import type { RootFolder } from './root-folder.ts';
import type { WantedPaths } from './wanted-paths.ts';

/** apk's knowledge of files: its one database names each with a checksum. What is below /etc is configuration, as apk protects it. */
export function openApkFiles(root: RootFolder, wanted: WantedPaths, problems: string[]): FileSource {
  const owned = new Map<string, PackageFile>();
  let facts = { package: '', version: '', kind: 'apk' as const };
  readApkEntries(root, problems, {
    onPackage: ({ name, version }) => {
      facts = { package: decodeText(name), version: decodeText(version), kind: 'apk' };
    },
    onFile: ({ path, checksum }) => {
      const key = wanted.keyIn(path, 0, path.length);
      if (key === undefined || owned.has(key)) return;
      owned.set(key, { ...facts, checksum: parseChecksum(checksum), isConfiguration: path.startsWith('/etc/') });
    },
  });
  return { find: (key) => owned.get(key) };
}

const algorithms = { Q1: ['sha1', 40], Q2: ['sha256', 64] } as const;

/** "Q1" and a SHA-1 in base64, "Q2" and a SHA-256; undefined for anything else. */
function parseChecksum(text: string): PackageFile['checksum'] {
  const kind = text.slice(0, 2);
  if (kind !== 'Q1' && kind !== 'Q2') return undefined;
  const [algorithm, length] = algorithms[kind];
  const hex = Buffer.from(text.slice(2, 128), 'base64').toString('hex');
  return hex.length === length ? { algorithm, hex } : undefined;
}
