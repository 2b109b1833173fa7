import type { FileChange } from '../../lineage-event.ts';

/** What a process did with a file or directory. Paths are raw, one character a byte (latin1). */
export interface FileRecord {
  readonly kind: 'change';
  readonly change: FileChange;
  readonly pid: number;
  /** The start of the process; undefined where it had ended before this was read. */
  readonly startTicks: number | undefined;
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
  /** It happened between these, CLOCK_BOOTTIME ns: when nothing waited to be read, and when it was read. */
  readonly fromNs: number;
  readonly toNs: number;
}

export interface FileGap {
  readonly kind: 'gap';
  readonly fromNs: number;
  readonly toNs: number;
  /** Undefined where nobody counted them. */
  readonly drops: number | undefined;
  readonly reason: string;
}

export type FileItem = FileRecord | FileGap;
