/** Results as MIG writes them, with its capitals; lower-case keys are not in MIG. */
import type { YaraMatch } from '../../src/search/yara/yara-match.ts';

export interface Elements {
  /** Null where nothing matched. */
  readonly Matches: readonly Match[] | null;
}

export interface Match {
  /** The path as the walk came to it. Bytes that are not UTF-8 stand as lone surrogates (src/search/walk/path-text.ts). */
  readonly Object: string;
  readonly MatchedRules: readonly string[];
  readonly size?: number;
  /** SHA-256, where the search asked for it. */
  readonly sha256?: string;
  /** Of each rule in MatchedRules: what it says of itself, and where its strings are in the file; never what they are. */
  readonly rules?: readonly YaraMatch[];
}

/** MIG has none. */
export interface Statistics {
  /** Files that the search selected. */
  readonly filesfound: number;
  readonly filesscanned: number;
  /** Files that are larger than maxsize, or no regular files. */
  readonly filesskipped: number;
  /** Files whose scan failed or took too long, and directories and links that could not be read. */
  readonly openfailed: number;
  readonly totalhits: number;
  /** As Go prints durations: "1.88ms". */
  readonly exectime: string;
}
