import type { Kind } from './kinds.ts';

/**
 * What the package that owns a file says of its contents. "configuration file": another checksum than the package's, in a file that administrators are
 * expected to change; "not recorded": the package tells none; "copy of a packaged file": a
 * profile as every new home has it; "not read": it could not be.
 */
export type Verdict =
  | 'agrees'
  | 'differs'
  | 'configuration file'
  | 'not recorded'
  | 'not packaged'
  | 'copy of a packaged file'
  | 'not read';

/** Facts of a file. All are absent when there is no such file; of what is masked there are the owner and time of the link alone. */
export interface FileFacts {
  /** Where the path leads when it is a link; the other facts are of what is there. */
  readonly linksto?: string;
  readonly owner?: string;
  /** As chmod takes it: "0644". */
  readonly mode?: string;
  /** RFC 3339, UTC. */
  readonly mtime?: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly package?: string;
  readonly checksum?: Verdict;
}

/** A program or library that a start point names. */
export interface Program extends FileFacts {
  readonly path: string;
  readonly missing?: true;
}

/** A start point: its file, what it starts, as whom and when. A key that says nothing is left out. */
export interface Point extends FileFacts {
  readonly kind: Kind;
  readonly path: string;
  readonly line?: number;
  readonly name: string;
  /** As they are written; absent when the file itself is what runs. */
  readonly commands?: readonly string[];
  readonly runas: string;
  readonly when: string;
  readonly state: 'enabled' | 'on demand' | 'disabled' | 'masked' | 'overridden';
  readonly programs?: readonly Program[];
  readonly notes: readonly string[];
}

export interface Elements {
  readonly points: readonly Point[];
}

export interface Statistics {
  /** Start points looked at. */
  readonly examined: number;
  /** Files whose checksum was taken, and their bytes. */
  readonly hashedfiles: number;
  readonly hashedbytes: number;
  /** A duration as Go prints it. */
  readonly exectime: string;
  readonly totalhits: number;
}
