/** What timedrift answers, as it travels. */

/** within, outside: of the acceptable drift. unknown: no server answered, or those that did disagree about it. */
export type Verdict = 'within' | 'outside' | 'unknown';

/** The first four keys are MIG's. */
export interface Elements {
  /** True when a drift was given and a verdict was reached. */
  readonly hascheckeddrift: boolean;
  /** True, or absent. */
  readonly iswithindrift?: true;
  /** One sentence for each server that the local time differs from by more than the acceptable drift; absent without one. */
  readonly drifts?: readonly string[];
  /** RFC 3339, UTC, when the run began. */
  readonly localtime: string;
  /** Absent when no drift was given. */
  readonly verdict?: Verdict;
  /** The median over the servers that agree, local minus network time, a duration as Go prints it: "-59.98s". */
  readonly drift?: string;
}

/** One server, or one address of a pool. The first five keys are MIG's: of a server that did not answer a zero time and empty texts. */
export interface ServerStatistics {
  readonly host: string;
  /** Network time when the answer came, RFC 3339. */
  readonly time: string;
  /** Round trip without the server's own part, a duration as Go prints it. */
  readonly latency: string;
  /** Local minus network time. */
  readonly drift: string;
  readonly reachable: boolean;
  /** Where the server was found: "parameters", a file, or "public". */
  readonly source: string;
  readonly address?: string;
  readonly stratum?: number;
  /** What the server itself follows: an address, or the name of a clock ("GPS"). */
  readonly reference?: string;
  readonly iswithindrift?: boolean;
  /** False when most of the others contradict it. */
  readonly agrees?: boolean;
  /** Why it has no drift: no answer, or one that cannot be used. */
  readonly error?: string;
}

export interface Statistics {
  /** A duration as Go prints it: "1.885682ms". */
  readonly exectime: string;
  /** Absent when nobody was asked. */
  readonly ntpstats?: readonly ServerStatistics[];
}
