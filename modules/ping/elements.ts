/** What ping answers, as it travels. */

export const protocols = ['icmp', 'tcp', 'udp'] as const;
export type Protocol = (typeof protocols)[number];

/** What stands in MIG's list of latencies in place of a latency. */
export const codes = { timeout: 9_999_999, refused: -1, failed: 0 } as const;

/**
 * What one attempt came to. reply: the destination answered (tcp: accepted). refused: it said that nobody is there (tcp: reset; icmp and udp: protocol or
 * port unreachable). unreachable: a router, or this host, said that there is no way. timeout: nothing came. error: it could not be tried.
 */
export type Outcome = 'reply' | 'refused' | 'unreachable' | 'timeout' | 'error';

export interface Attempt {
  readonly outcome: Outcome;
  /** Milliseconds until the answer, only of a reply. */
  readonly ms?: number;
  /** What was said, and by whom: "host unreachable (from 192.0.2.1)". */
  readonly reason?: string;
}

/** The first four keys are MIG's. */
export interface Elements {
  /** Per attempt: milliseconds, or one of `codes`; null when there was none. */
  readonly latencies: readonly number[] | null;
  readonly protocol: string;
  /** "DESTINATION[:PORT] (ADDRESS)", without the address when the name did not resolve. */
  readonly resolvedhost: string;
  /** Why attempts could not be made, or did not get through; null when there is nothing to say. */
  readonly failures: readonly string[] | null;
  readonly address?: string;
  readonly port?: number;
  readonly attempts?: readonly Attempt[];
  /** The attempt that a stop ended while its answer was waited for: it stands in no list. 0: before the first. Absent otherwise. */
  readonly stoppedat?: number;
}

/** MIG has none. Latencies in milliseconds, over the replies only; absent without one. */
export interface Statistics {
  /** Attempts that could be made, one that a stop ended included. */
  readonly sent: number;
  readonly received: number;
  /** Per cent without a reply of those that were waited for to their end, one decimal; absent without one. */
  readonly loss?: number;
  readonly min?: number;
  readonly median?: number;
  readonly max?: number;
  /** A duration as Go prints it: "1.885682ms". */
  readonly exectime: string;
}
