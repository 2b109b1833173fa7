/** Results as MIG writes them; the order of keys is MIG's. */
import type { Search } from './params.ts';

/** By label. Null: a match-any search without a condition. */
export type Elements = Readonly<Record<string, readonly Match[] | null>>;

export interface Match {
  /** The path as the walk came to it; "" stands for "nothing found". Bytes that are not UTF-8 stand as lone surrogates (src/search/walk/path-text.ts). */
  readonly file: string;
  readonly search: SearchEcho;
  readonly fileinfo: FileInfo;
}

export interface FileInfo {
  readonly size: number;
  /** In Go's notation: "-rw-r--r--". */
  readonly mode: string;
  /** "2026-11-21 01:37:41.880681567 +0000 UTC". */
  readonly lastmodified: string;
  /** Upper-case hexadecimal. */
  readonly sha256?: string;
}

export interface Statistics {
  /** Files whose conditions were looked at. */
  readonly filescount: number;
  /** Paths, directories, links and files that could not be opened or read. */
  readonly openfailed: number;
  readonly totalhits: number;
  /** As Go prints durations: "1.88ms". */
  readonly exectime: string;
}

type Conditions = Pick<
  Search,
  'contents' | 'names' | 'sizes' | 'modes' | 'mtimes' | 'md5' | 'sha1' | 'sha2' | 'sha3' | 'description'
>;

/** The search a match belongs to: all of it with matchall, the one condition that was met with matchany. */
export interface SearchEcho extends Conditions {
  readonly paths: readonly string[];
  readonly options: OptionsEcho;
}

export interface OptionsEcho {
  readonly maxdepth: number;
  readonly maxerrors: number;
  readonly remotefs?: true;
  readonly matchall: boolean;
  readonly macroal: boolean;
  readonly mismatch: readonly string[] | null;
  readonly matchlimit: number;
  readonly debug?: string;
  readonly returnsha256?: true;
  readonly decompress?: true;
}

/** The `fileinfo` of "nothing found". */
export const noFileInfo: FileInfo = { size: 0, mode: '', lastmodified: '' };
