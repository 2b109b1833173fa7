/** The canonical order of the facts of one pid: by time, then by what can only have come first, then by who told it. A total order, so that a set of facts has one sequence. */
import type { GapEvent, LineageEvent } from '../lineage-event.ts';

/** What is said of one pid. */
export type Fact = Exclude<LineageEvent, GapEvent>;

/** On a tie of times the causal order decides: nothing comes before the birth, nothing after the end. */
const ranks: Readonly<Record<Fact['kind'], number>> = {
  birth: 0,
  clone: 0,
  seen: 1,
  thread: 1,
  exec: 2,
  execfailed: 2,
  owner: 3,
  comm: 3,
  file: 3,
  core: 4,
  exitcall: 4,
  exit: 5,
  gone: 6,
};

export function compareFacts(a: Fact, b: Fact): number {
  return (
    a.atNs - b.atNs ||
    ranks[a.kind] - ranks[b.kind] ||
    (a.source < b.source ? -1 : a.source > b.source ? 1 : 0) ||
    a.stream - b.stream ||
    a.seq - b.seq
  );
}

/** The pid that it is kept with. Audit's clone is told by the caller, and is about the child. */
export function subjectOf(fact: Fact): number {
  return fact.kind === 'clone' ? fact.child : fact.pid;
}

/** The last moment at which it may have been. */
export function latestNs(fact: Fact): number {
  return fact.atNs + fact.slackNs;
}

/**
 * Whether the fact is in exact time with births and ends, so that it tells lives apart by its place alone: the connector's. What audit and fanotify say has a coarse time, and is
 * given to a life that is known already.
 */
export function isExact(fact: Fact): boolean {
  return fact.source === 'connector' || fact.kind === 'birth' || fact.kind === 'thread' || fact.kind === 'exit';
}

/** Facts that come in causal order where nothing is mixed up: what `outOfOrder` is counted by. A look at /proc or at files says nothing of order. */
export function isCausal(fact: Fact): boolean {
  return fact.source === 'connector' || fact.source === 'audit';
}

/**
 * Whether `first` should have come before `second`: it was over before the other can have been; or both may have been at one moment, and nothing comes before a birth or after an exit.
 * Audit's exec and the connector's of the same call are in no order: neither is too late.
 */
export function precedes(first: Fact, second: Fact): boolean {
  if (latestNs(first) < second.atNs) return true;
  if (first.atNs > latestNs(second)) return false;
  return (isBeginning(first) && !isBeginning(second)) || (second.kind === 'exit' && first.kind !== 'exit');
}

function isBeginning(fact: Fact): boolean {
  return fact.kind === 'birth' || fact.kind === 'clone';
}

/** Sorts in place what is nearly sorted. Births that the clocks of two processors put behind what their process did come first again. */
export function sortFacts(facts: Fact[]): void {
  facts.sort(compareFacts);
  for (let index = 1; index < facts.length; index++) {
    if (facts[index]?.kind === 'birth') moveBirth(facts, index);
  }
}

/**
 * Causal edges beat timestamps: the kernel tells a birth before anything else of that child, though its stamp, taken on another processor, may be up to half a millisecond late.
 * Source: measured; drivers/connector/cn_proc.c calls proc_fork_connector before the child runs.
 */
const skewNs = 1_000_000;

function moveBirth(facts: Fact[], index: number): void {
  const birth = facts[index];
  if (birth === undefined) return;
  let place = index;
  for (let before = index - 1; before >= 0; before--) {
    const fact = facts[before];
    if (fact === undefined || fact.atNs < birth.atNs - skewNs) break;
    if (fact.kind !== 'exit' && fact.source === birth.source && fact.stream === birth.stream && fact.seq > birth.seq)
      place = before;
  }
  if (place === index) return;
  facts.splice(index, 1);
  facts.splice(place, 0, birth);
}
