/** What was told of the parents of a life: at its birth, and later, when it may have got another one. */
import type { Life } from './life.ts';
import type { Edge } from './pid-record.ts';

export interface ParentEvidence {
  readonly pid: number;
  readonly atNs: number;
}

/** Oldest first, without the birth. 0 (the kernel, or a parent outside of the pid namespace) is none. */
export function laterParents(life: Life): readonly ParentEvidence[] {
  const found: { readonly pid: number; readonly atNs: number }[] = [];
  for (const sighting of life.sightings) found.push({ pid: sighting.parentPid, atNs: sighting.atNs });
  for (const { told } of life.executions) {
    if (told?.parentPid !== undefined) found.push({ pid: told.parentPid, atNs: told.atNs });
  }
  for (const fact of life.facts) {
    if (fact.kind === 'execfailed' && fact.parentPid !== undefined)
      found.push({ pid: fact.parentPid, atNs: fact.atNs });
    if (fact.kind === 'exit' && fact.reaperPid !== 0) found.push({ pid: fact.reaperPid, atNs: fact.atNs });
  }
  return found
    .filter((evidence) => evidence.pid !== 0 && evidence.pid !== life.pid)
    .map((evidence) => ({ pid: evidence.pid, atNs: Math.max(evidence.atNs, life.fromNs) }))
    .sort((a, b) => a.atNs - b.atNs);
}

/**
 * Its parent at birth: told by the birth event, which never changes. Else inferred: from audit's clone, whose caller it most likely is, or from the first parent that was seen.
 */
export function birthEdge(life: Life): Edge | undefined {
  const { birth, clone, pid: childPid } = life;
  if (birth !== undefined) {
    return birth.parentPid === 0
      ? undefined
      : { childPid, parentPid: birth.parentPid, atNs: birth.atNs, isBirth: true };
  }
  if (clone !== undefined)
    return { childPid, parentPid: clone.pid, atNs: Math.max(clone.atNs, life.fromNs), isBirth: false };
  const [first] = laterParents(life);
  return first === undefined ? undefined : { childPid, parentPid: first.pid, atNs: first.atNs, isBirth: false };
}

/** Who had it as a child without having born it: a subreaper, or the namespace's init. */
export function adopters(life: Life): readonly ParentEvidence[] {
  const born = birthEdge(life);
  return laterParents(life).filter((evidence) => evidence.pid !== born?.parentPid);
}
