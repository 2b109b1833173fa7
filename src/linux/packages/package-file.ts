import type { PackageKind } from './compare-versions.ts';

/** A file as the package that installed it describes it. */
export interface PackageFile {
  /** The package's name without architecture. */
  readonly package: string;
  readonly version: string;
  readonly kind: PackageKind;
  /** What the file's contents should hash to; undefined where the package recorded nothing (links, generated files, old packages). */
  readonly checksum: { readonly algorithm: 'md5' | 'sha1' | 'sha256'; readonly hex: string } | undefined;
  /** True for files that an administrator is expected to change: another checksum than the recorded one is no alarm by itself. */
  readonly isConfiguration: boolean;
}

/** What a database knows of the wanted paths, by key. */
export interface FileSource {
  readonly find: (key: string) => PackageFile | undefined;
}

export const noFiles: FileSource = { find: () => undefined };
