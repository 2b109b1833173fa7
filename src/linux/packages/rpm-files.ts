import { decodeText } from './package.ts';
import type { FileSource, PackageFile } from './package-file.ts';
import { rpmTags, type RpmHeader } from './parse-rpm-header.ts';
import { rpmVersionOf } from './read-rpm.ts';
import { readRpmHeaders } from './read-rpm-headers.ts';
import type { RootFolder } from './root-folder.ts';
import type { WantedPaths } from './wanted-paths.ts';

/** rpmfileAttrs (rpmfi.h). */
const configurationFlag = 1;

/** Numbers of algorithms as OpenPGP has them (RFC 4880, 9.4); a header without the tag means MD5. */
const algorithms = new Map([
  [1, { algorithm: 'md5', length: 32 }],
  [2, { algorithm: 'sha1', length: 40 }],
  [8, { algorithm: 'sha256', length: 64 }],
] as const);

/** rpm's knowledge of files: each header names its files with their checksums. */
export function openRpmFiles(root: RootFolder, wanted: WantedPaths, problems: string[]): FileSource {
  const owned = new Map<string, PackageFile>();
  readRpmHeaders(root, problems, (header) => {
    const found = wantedFiles(header, wanted).filter(([key]) => !owned.has(key));
    if (found.length === 0) return;
    const describe = createDescription(header);
    for (const [key, index] of found) owned.set(key, describe(index));
  });
  return { find: (key) => owned.get(key) };
}

type Found = readonly [key: string, index: number];

/** The wanted paths of a header with their places in its lists. */
function wantedFiles(header: RpmHeader, wanted: WantedPaths): readonly Found[] {
  const names = wantedNames(header.joined(rpmTags.baseNames), wanted);
  if (names.length === 0) return wantedOldFiles(header, wanted);
  const folders = header.texts(rpmTags.dirNames);
  const folderOf = header.numbers(rpmTags.dirIndexes);
  return names.flatMap(({ name, index }) => {
    const path = `${folders[folderOf[index] ?? -1] ?? ''}${name}`;
    const key = wanted.keyIn(path, 0, path.length);
    return key === undefined ? [] : [[key, index] as const];
  });
}

/** Headers are read by the thousand and most have nothing that is wanted: names are cut out only where one may be. */
function wantedNames(
  joined: string,
  wanted: WantedPaths,
): readonly { readonly name: string; readonly index: number }[] {
  const found: { readonly name: string; readonly index: number }[] = [];
  for (let from = 0, index = 0; from < joined.length; index++) {
    const end = joined.indexOf('\0', from);
    if (end < 0) break;
    if (wanted.hasName(joined, from, end)) found.push({ name: joined.slice(from, end), index });
    from = end + 1;
  }
  return found;
}

/** Packages of rpm 3 have whole paths. */
function wantedOldFiles(header: RpmHeader, wanted: WantedPaths): readonly Found[] {
  return header.texts(rpmTags.oldFileNames).flatMap((path, index) => {
    const key = wanted.keyIn(path, 0, path.length);
    return key === undefined ? [] : [[key, index] as const];
  });
}

function createDescription(header: RpmHeader): (index: number) => PackageFile {
  const facts = {
    package: decodeText(header.text(rpmTags.name) ?? ''),
    version: rpmVersionOf(header),
    kind: 'rpm',
  } as const;
  const digests = header.texts(rpmTags.fileDigests);
  const flags = header.numbers(rpmTags.fileFlags);
  const known = algorithms.get((header.numbers(rpmTags.fileDigestAlgorithm)[0] ?? 1) as 1 | 2 | 8);
  return (index) => {
    const hex = digests[index] ?? '';
    const isKnown = known !== undefined && hex.length === known.length && /^[0-9a-f]+$/.test(hex);
    return {
      ...facts,
      checksum: isKnown ? { algorithm: known.algorithm, hex } : undefined,
      isConfiguration: ((flags[index] ?? 0) & configurationFlag) !== 0,
    };
  };
}
