import { isExact } from './fact-order.ts';
import type { Fact } from './fact-order.ts';
import type { PidRecord } from './pid-record.ts';
import { applyFact } from './split-lives.ts';
import { countThreads } from './threads.ts';

/**
 * What comes in order and changes a life only by itself (a thread, a name, an owner) needs nothing made anew: a process may have thousands of those in a second.
 * True where that was all.
 */
export function continueLife(record: PidRecord, last: Fact, fact: Fact): boolean {
  if (record.isDirty || !record.isSorted || !isExact(fact)) return false;
  const isPlain = fact.kind === 'comm' || fact.kind === 'owner' || fact.kind === 'thread';
  if (!isPlain && !(fact.kind === 'exit' && fact.tid !== fact.pid)) return false;
  const life = record.lives.at(-1);
  // Facts in coarse time may have their place behind this one: then the order is worked out.
  if (life === undefined || life.end !== undefined || life.ending !== undefined) return false;
  if (last.atNs >= fact.atNs || record.coarseNs >= fact.atNs) return false;
  if (fact.kind === 'exit' && countThreads(life) === 1) return false;
  applyFact(life, fact);
  return true;
}
