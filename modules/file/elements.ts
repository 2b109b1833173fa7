/** Results as MIG writes them; the order of keys is MIG's. */
import type { FileInfo } from '../../src/files/file-info.ts';
import type { SearchEcho } from '../../src/files/search-echo.ts';

/** By label. Null: a match-any search without a condition. */
export type Elements = Readonly<Record<string, readonly Match[] | null>>;

export interface Match {
  /** The path as the walk came to it; "" stands for "nothing found". Bytes that are not UTF-8 stand as lone surrogates (src/search/walk/path-text.ts). */
  readonly file: string;
  readonly search: SearchEcho;
  readonly fileinfo: FileInfo;
}

export interface Statistics {
  /** Files whose conditions were looked at. */
  readonly filescount: number;
  /** Paths, directories, links and files that could not be opened or read. */
  readonly openfailed: number;
  readonly totalhits: number;
  /** As Go prints durations: "1.88ms". */
  readonly exectime: string;
  /** Not in MIG: the searches, by label, that ended at their limit of matches. */
  readonly limited?: readonly string[];
}
