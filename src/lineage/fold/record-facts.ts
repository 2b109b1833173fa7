/** What a record's facts say without its lives being made anew, and what is left of them when a life goes. */
import { compareFacts, precedes } from './fact-order.ts';
import type { Fact } from './fact-order.ts';
import type { Life } from './life.ts';
import type { Edge, PidRecord } from './pid-record.ts';

/** What is left when a life is forgotten: what is of others, or from behind its end. What was given to none, being of its tick, goes with it. */
export function factsAfter(record: PidRecord, life: Life, left: readonly Life[]): Fact[] {
  return record.facts.filter(
    (fact) => (fact.atNs > life.toNs && !owns(life, fact)) || left.some((other) => owns(other, fact)),
  );
}

function owns(life: Life, fact: Fact): boolean {
  if (fact === life.birth) return true;
  if (fact.kind === 'seen') return life.sightings.includes(fact);
  if (fact.kind === 'exec')
    return life.executions.some((execution) => execution.exact === fact || execution.told === fact);
  return life.facts.includes(fact);
}

/** Notes the last in causal order; true where that one was there before this. */
export function notePlace(record: PidRecord, fact: Fact): boolean {
  const { last } = record;
  if (last !== undefined && precedes(fact, last)) return true;
  if (last === undefined || compareFacts(last, fact) < 0) record.last = fact;
  return false;
}

/** When children named it: all, or none where one life surely holds them all. */
export function namedMoments(record: PidRecord, fromNs: number): readonly number[] {
  if (record.children === undefined && record.formerNamed.length === 0) return [];
  const only = record.facts.find((fact) => fact.kind === 'birth');
  if (only !== undefined && only.atNs <= record.namedFromNs && isOpen(record)) return [];
  const afterNs = Math.max(fromNs, record.evictedNs);
  const moments = record.formerNamed.filter((atNs) => atNs > afterNs);
  for (const edges of record.children?.values() ?? []) {
    for (const edge of edges) if (edge.isBirth && edge.atNs > afterNs) moments.push(edge.atNs);
  }
  return moments.sort((a, b) => a - b);
}

/** One birth and no end: it lives all the time from its birth on. */
function isOpen(record: PidRecord): boolean {
  return !record.facts.some(
    (fact) => fact.kind === 'exit' || fact.kind === 'gone' || fact.kind === 'exitcall' || fact.kind === 'clone',
  );
}

export function areEqual(a: readonly Edge[], b: readonly Edge[]): boolean {
  return (
    a.length === b.length &&
    a.every((edge, index) => {
      const other = b[index];
      return edge.parentPid === other?.parentPid && edge.atNs === other.atNs && edge.isBirth === other.isBirth;
    })
  );
}
