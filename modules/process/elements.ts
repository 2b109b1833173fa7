export type EventKind = 'fork' | 'exec' | 'exit' | 'gap';

/** Something that happened. Keys that do not apply, or whose value is not known, are left out. Texts are UTF-8; a byte that is none is a lone surrogate. */
export interface EventElement {
  /** Its number since the module's start. */
  readonly n: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly event: EventKind;
  readonly pid?: number;
  /** The parent; at an exit the one that reaps it. */
  readonly ppid?: number;
  /** Clock ticks since boot: with the pid it names the process until the host boots again. */
  readonly start?: number;
  /** At most 15 bytes, chosen by the process. */
  readonly name?: string;
  readonly executable?: string;
  readonly args?: readonly string[];
  /** There were more arguments than are kept. */
  readonly cut?: true;
  readonly code?: number;
  /** "KILL", "SEGV", ... */
  readonly signal?: string;
  readonly core?: true;
  readonly ms?: number;
  /** Nobody told it: it was found in /proc after a gap. */
  readonly reconciled?: true;
  /** Of a gap: how many events are missing; null = nobody can know. */
  readonly drops?: number | null;
  readonly reason?: string;
  /** RFC 3339, UTC: what happened between these may be missing. */
  readonly from?: string;
  readonly until?: string;
  /** When /proc had been looked at after it; left out while it is not. */
  readonly repairedat?: string;
  /** What that look found. */
  readonly execs?: number;
  readonly exits?: number;
}

/** Events a second, of the whole host. */
export interface RateElement {
  readonly event: 'fork' | 'exec' | 'exit';
  /** Of the last full second, and on average over the last ten and sixty. */
  readonly second: number;
  readonly ten: number;
  readonly minute: number;
}

export interface HealthElement {
  readonly healthy: boolean;
  /** Why not. */
  readonly reason?: string;
  /** Processes that run, as far as is known. */
  readonly processes: number;
  readonly events: number;
  readonly fork: number;
  readonly exec: number;
  readonly exit: number;
  readonly gaps: number;
  readonly drops: number;
  readonly reinitialisations: number;
  readonly reinitialisationsfailed: number;
  readonly scansfailed: number;
  readonly callbacks: number;
  readonly callbacksfailed: number;
  readonly callbacksdropped: number;
  readonly queuedepth: number;
  readonly mostqueued: number;
  /** Bytes that may wait in the kernel. */
  readonly buffer: number;
  /** Events that who watched was not told: more came in a second than may be told. */
  readonly leftout: number;
}

export interface Elements {
  /** Newest last. */
  readonly events: readonly EventElement[];
  /** Only when asked for. */
  readonly rates?: readonly RateElement[];
  readonly health?: HealthElement;
}

export interface Statistics {
  /** Events that match, and how many are kept in all. */
  readonly matched: number;
  readonly kept: number;
  /** Forgotten since the start: there is no room for more. */
  readonly forgotten: number;
  /** RFC 3339, UTC; left out where none is kept. */
  readonly oldest?: string;
}
