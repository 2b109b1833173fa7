/** What netstat answers, as it travels. */

/** The kinds of queries in the order in which results are printed, MIG's. */
export const kinds = ['localmac', 'neighbormac', 'neighborip', 'localip', 'connectedip', 'listeningport'] as const;
export type Kind = (typeof kinds)[number];

/** A process that holds a socket open. */
export interface Owner {
  readonly pid: number;
  readonly process: string;
  /** The name of its effective user, or the number where there is no name. */
  readonly user: string;
}

/** One finding. The first seven keys are MIG's, the others are additions; a key is there only when it says something. */
export interface Item extends Partial<Owner> {
  readonly localmacaddr?: string;
  readonly remotemacaddr?: string;
  readonly localaddr?: string;
  readonly localport?: number;
  readonly remoteaddr?: string;
  readonly remoteport?: number;
  /** "default", or the namespace's link "net:[4026531833]" when namespaces were asked for. Local addresses: only in namespaces not the agent's own. */
  readonly namespace?: string;
  readonly interface?: string;
  readonly protocol?: 'tcp' | 'udp';
  /** Of a socket: the kernel's word ("LISTEN", "TIME_WAIT"); of a neighbour: "incomplete", "stale", ... */
  readonly state?: string;
  /** The other processes that hold the same socket. */
  readonly sharedwith?: readonly Owner[];
}

/** The findings of each query by kind; null for a query that found nothing. Kinds that were not asked for are absent. */
export type Elements = Partial<Record<Kind, Readonly<Record<string, readonly Item[] | null>>>>;

export interface Statistics {
  /** Interfaces, neighbours and sockets looked at. */
  readonly examined: number;
  /** A duration as Go prints it: "1.885682ms". */
  readonly exectime: string;
  /** When it was over, RFC 3339, UTC: process ids are those of that time. Not in MIG. */
  readonly finishedat?: string;
  /** Findings over all queries. */
  readonly totalhits: number;
}
