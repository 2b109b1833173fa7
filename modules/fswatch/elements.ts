/** MIG's {"ok": true}, and what stands behind it. */
export interface Elements {
  readonly ok: boolean;
  /** How the system tells what happens: inotify, or node:fs where the C library cannot be called. */
  readonly way: 'inotify' | 'node:fs' | 'comparing';
  /** comparing: the tree is being looked through; collecting: it is, and the first checksums are still being taken; watching: all is known. */
  readonly state: 'comparing' | 'collecting' | 'watching';
  readonly paths: readonly PathElement[];
  readonly objects: number;
  /** Folders that the kernel watches, and those it cannot, which are compared again and again. */
  readonly folders: number;
  readonly unwatchedFolders: number;
  /** Objects that something happened to and that have not settled. */
  readonly pending: number;
  /** Changes that are in no alert yet. */
  readonly untold: number;
  readonly changes: readonly ChangeElement[];
  /** What is wrong now: missing paths, files without a checksum. */
  readonly problems: readonly string[];
  /** Only when a path was asked for and the baseline has it. */
  readonly record?: RecordElement;
}

export interface PathElement {
  readonly path: string;
  readonly recursive: boolean;
  readonly state: 'watched' | 'missing';
  /** Where a link leads that was configured. */
  readonly leadsTo?: string;
}

export interface ChangeElement {
  /** Its number, the same as in the alert. */
  readonly n: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly severity: string;
  /** What it is, in a word, as in the alert: signature, created, removed, ... */
  readonly change: string;
  /** What it happened to; "" where it is told of the watching itself. */
  readonly path?: string;
  readonly text: string;
  /** How often it happened alike. */
  readonly times: number;
}

export interface RecordElement {
  readonly path: string;
  readonly type: string;
  readonly size: number;
  /** RFC 3339, UTC, with nanoseconds. */
  readonly modified: string;
  readonly changed: string;
  readonly inode: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly sha256: string | null;
  readonly target?: string;
}

export interface Statistics {
  /** Since the module was started. */
  readonly events: number;
  readonly overflows: number;
  readonly alerts: number;
  readonly checksums: number;
  readonly checksumBytes: number;
}
