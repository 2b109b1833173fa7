/** The parents of a life: at its birth, and now or at its end. */
import type { How, NodeRef } from '../process-node.ts';
import type { GapList } from './gap-list.ts';
import type { Life } from './life.ts';
import { birthEdge, laterParents } from './parent-evidence.ts';
import type { ParentEvidence } from './parent-evidence.ts';
import type { Records } from './records.ts';

/** The first process of the reader's pid namespace. */
const initPid = 1;

/** Immutable once a birth told it: the real parent, also with CLONE_PARENT, where the caller of clone is a sibling. */
export function birthParent(records: Records, gaps: GapList, life: Life): NodeRef | undefined {
  const edge = birthEdge(life);
  if (edge === undefined) return undefined;
  return refer(records, gaps, edge.parentPid, edge.atNs, edge.isBirth ? 'observed' : 'inferred');
}

/**
 * The parent now, or at its end: the last that was told (its birth, /proc, audit, the reaper of its own exit), if that one lives. If not, whoever adopted it: the nearest living subreaper
 * among the ancestors of the dead one, else the init of its pid namespace, which is inferred.
 */
export function presentParent(records: Records, gaps: GapList, life: Life): NodeRef | undefined {
  const born = birthEdge(life);
  const last: ParentEvidence | undefined =
    laterParents(life).at(-1) ?? (born === undefined ? undefined : { pid: born.parentPid, atNs: born.atNs });
  if (last === undefined) return undefined;
  const isBirth = life.birth !== undefined && last.pid === born?.parentPid && last.atNs === born.atNs;
  const parent = records.find(last.pid, last.atNs, isBirth);
  const isAlive = parent === undefined || livesAt(parent, life.toNs) || isTold(life, last);
  const isGuess = born !== undefined && !born.isBirth && last.atNs === born.atNs && life.clone !== undefined;
  if (isAlive) return refer(records, gaps, last.pid, last.atNs, isGuess ? 'inferred' : 'observed');
  return adoptive(records, life, parent);
}

/** Its own exit named the reaper: the kernel's last word. */
function isTold(life: Life, last: ParentEvidence): boolean {
  return life.end !== undefined && life.reaping?.atNs === last.atNs && life.reaping.reaperPid === last.pid;
}

/** Source: kernel/exit.c, find_new_reaper. */
function adoptive(records: Records, life: Life, dead: Life): NodeRef {
  const seen = new Set<Life>([life, dead]);
  let topmost: Life | undefined;
  let next = parentLife(records, dead);
  while (next !== undefined && !seen.has(next)) {
    seen.add(next);
    if (livesAt(next, life.toNs)) {
      if (next.pid !== initPid && records.isSubreaper(next))
        return { pid: next.pid, id: records.idOf(next), how: 'inferred' };
      if (isInNamespace(next, life)) topmost = next;
    }
    next = parentLife(records, next);
  }
  const init = namespaceInit(records, life, topmost);
  const id =
    init === undefined ? records.findId(initPid, Math.min(life.toNs, Number.MAX_SAFE_INTEGER)) : records.idOf(init);
  return { pid: init?.pid ?? initPid, ...(id === undefined ? {} : { id }), how: 'inferred' };
}

/** In a pid namespace of its own the topmost ancestor in it is the init: it cannot have ended before the others. */
function namespaceInit(records: Records, life: Life, topmost: Life | undefined): Life | undefined {
  const namespace = namespaceOf(life);
  if (namespace === undefined || namespace === records.options.pidNamespace) return undefined;
  return topmost;
}

function isInNamespace(candidate: Life, life: Life): boolean {
  const namespace = namespaceOf(life);
  return namespace !== undefined && namespaceOf(candidate) === namespace;
}

export function namespaceOf(life: Life): number | undefined {
  return life.sightings.findLast((sighting) => sighting.pidNamespace !== undefined)?.pidNamespace;
}

function parentLife(records: Records, life: Life): Life | undefined {
  const last = laterParents(life).at(-1);
  const born = birthEdge(life);
  if (last !== undefined) return records.find(last.pid, last.atNs, false);
  return born === undefined ? undefined : records.find(born.parentPid, born.atNs, born.isBirth);
}

/** @param untilNs Infinity = now */
function livesAt(life: Life, untilNs: number): boolean {
  return untilNs === Number.POSITIVE_INFINITY ? life.end === undefined : life.toNs >= untilNs;
}

function refer(records: Records, gaps: GapList, pid: number, atNs: number, how: How): NodeRef {
  const id = records.findId(pid, atNs, how === 'observed');
  const life = records.find(pid, atNs, how === 'observed');
  const isDoubtful = life !== undefined && !gaps.isEmpty && !isProven(gaps, life, atNs);
  return { pid, ...(id === undefined ? {} : { id }), how: isDoubtful ? 'gap' : how };
}

/**
 * Whether the pid surely was this life's at that moment: no gap, in which it may have ended and been born again, lies between a proof of it before and the moment, or between the moment and a proof after it.
 */
function isProven(gaps: GapList, life: Life, atNs: number): boolean {
  if (life.birth === undefined && life.startTicks === undefined) return true;
  const before = life.sightings.findLast((sighting) => sighting.atNs <= atNs)?.atNs ?? life.fromNs;
  if (!gaps.touches('connector', before, atNs)) return true;
  return life.sightings.some((sighting) => sighting.atNs >= atNs);
}
