import type { PackageKind } from './compare-versions.ts';

/** An installed package. Texts come from the endpoint as they are. */
export interface Package {
  readonly kind: PackageKind;
  /** Without architecture: "libc6". */
  readonly name: string;
  /** As the distribution writes it, with epoch and release: "1:1.1.1k-9.el8". */
  readonly version: string;
  /** "amd64", "all", "x86_64", "noarch"; rpm's "(none)" for imported keys. */
  readonly arch: string;
  /** dpkg: the name as its tools print it where that is not the name alone: "libc6:amd64". */
  readonly qualifiedName?: string;
  /** The source package: "glibc"; with rpm the name of its file. Absent where the database does not tell. */
  readonly source?: string;
  /** Milliseconds since 1970. Absent where the database does not tell (dpkg, apk). */
  readonly installedMs?: number;
  /** dpkg: its state where that is not plainly installed: "hold ok installed", "install ok triggers-pending". */
  readonly status?: string;
}

/** A package that a database names without telling that it is there, or which version: it is not listed. */
export interface DoubtfulPackage extends Pick<Package, 'kind' | 'name' | 'version' | 'arch' | 'qualifiedName'> {
  readonly reason: 'neither installed nor removed' | 'without a version';
}

/** What one database, or several, hold. */
export interface PackageList {
  readonly packages: readonly Package[];
  readonly doubtful: readonly DoubtfulPackage[];
  /** What could not be read, and why, as sentences. */
  readonly problems: readonly string[];
}

export const emptyList: PackageList = { packages: [], doubtful: [], problems: [] };

/** Several lists as one. */
export function joinLists(lists: readonly PackageList[]): PackageList {
  return {
    packages: lists.flatMap(({ packages }) => packages),
    doubtful: lists.flatMap(({ doubtful }) => doubtful),
    problems: lists.flatMap(({ problems }) => problems),
  };
}

/** Text of the database, read one character a byte, as UTF-8. */
export function decodeText(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1;
}
