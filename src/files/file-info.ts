/** What is told about a file that was found. */
export interface FileInfo {
  readonly size: number;
  /** In Go's notation: "-rw-r--r--". */
  readonly mode: string;
  /** "2026-11-21 01:37:41.880681567 +0000 UTC". */
  readonly lastmodified: string;
  /** Upper-case hexadecimal. */
  readonly sha256?: string;
}

/** The `fileinfo` of "nothing found". */
export const noFileInfo: FileInfo = { size: 0, mode: '', lastmodified: '' };
