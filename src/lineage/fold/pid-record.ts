/** All that is kept of one pid: its facts, the lives that follow from them, and who named it as a parent. */
import type { Fact } from './fact-order.ts';
import type { Life, LifeSummary } from './life.ts';

/** Child `pid` had this one as its parent at that moment: which life of either it was is looked up when it is asked, so that whoever comes first finds the other later. */
export interface Edge {
  readonly childPid: number;
  readonly parentPid: number;
  readonly atNs: number;
  /** Told by a birth: that the parent lived at that moment is sure. Else it was seen, or named by audit. */
  readonly isBirth: boolean;
}

export interface PidRecord {
  readonly pid: number;
  facts: Fact[];
  isSorted: boolean;
  /** Facts in coarse time may have their place until then. */
  coarseNs: number;
  isDirty: boolean;
  /** The causal fact that should come last, of those that came. */
  last: Fact | undefined;
  lives: readonly Life[];
  /** To the parents of its lives. */
  edges: readonly Edge[];
  /** By the pid of the child. */
  children: Map<number, readonly Edge[]> | undefined;
  /** From the first to the last moment that a child may have named. */
  namedFromNs: number;
  namedUntilNs: number;
  /** When children that are forgotten named it first, a moment for each life that nothing else is known of: so that it keeps its place, and its id. */
  formerNamed: readonly number[];
  /** Since when it is known to adopt orphans that were not born by it, by the pid that told. */
  adoptions: Map<number, number> | undefined;
  adopted: readonly { readonly pid: number; readonly atNs: number }[];
  summaries: readonly LifeSummary[];
  /** Starts of lives that evidence was found ambiguous for which is forgotten with another life. */
  ambiguous: readonly number[];
  /** How many facts were left when they were put together last. */
  compactSize: number;
  /** Ids of children that were forgotten. */
  formerChildren: { readonly atNs: number; readonly id: string }[];
  /** How many of those were forgotten here, too; when the last of them was born. */
  droppedChildrenNs: number;
  /** Facts until then were dropped for want of room. */
  evictedNs: number;
}

export function createPidRecord(pid: number): PidRecord {
  return {
    pid,
    facts: [],
    isSorted: true,
    coarseNs: Number.NEGATIVE_INFINITY,
    isDirty: false,
    last: undefined,
    lives: [],
    edges: [],
    children: undefined,
    namedFromNs: Number.POSITIVE_INFINITY,
    namedUntilNs: Number.NEGATIVE_INFINITY,
    formerNamed: [],
    adoptions: undefined,
    adopted: [],
    summaries: [],
    ambiguous: [],
    compactSize: 0,
    formerChildren: [],
    droppedChildrenNs: Number.NEGATIVE_INFINITY,
    evictedNs: Number.NEGATIVE_INFINITY,
  };
}

/** Whether nothing would be lost with it. */
export function isEmpty(record: PidRecord): boolean {
  return record.facts.length === 0 && record.children === undefined && record.lives.length === 0;
}
