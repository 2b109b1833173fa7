/** Who is drawn below whom: by birth, or, at a moment, by who was whose parent then. */
import type { Lineage } from '../../src/lineage/lineage.ts';
import type { NodeRef, ProcessNode } from '../../src/lineage/process-node.ts';

/** More than this of one question are not looked at, which is said. */
export const mostExamined = 200_000;

/** As many of one search of the store, which holds up everything else until it is done. */
export const mostFound = 50_000;

export interface Kin {
  readonly parentOf: (node: ProcessNode) => ProcessNode | undefined;
  /** One after the other, each looked up when it is wanted: there may be tens of thousands. */
  readonly childrenOf: (node: ProcessNode) => Iterable<ProcessNode>;
}

/** By birth, which never changes: what a process started stays below it when it ends before them. */
export function createBirthKin(lineage: Lineage): Kin {
  return {
    parentOf: ({ birthParent, start }) => find(lineage, birthParent, start?.wallMs),
    childrenOf: function* ({ children }) {
      for (const id of children) {
        const child = lineage.byId(id);
        if (child) yield child;
      }
    },
  };
}

/** As it was at that moment, of those that lived then: below its parent at birth where that still lived, or else below the one that it had been handed over to. */
export function createMomentKin(lineage: Lineage, living: readonly ProcessNode[], atMs: number): Kin {
  const byId = new Map(living.map((node) => [node.id, node]));
  const parents = new Map<string, ProcessNode>();
  const children = new Map<string, ProcessNode[]>();
  for (const node of living) {
    const parent = [node.birthParent, node.parent]
      .map((ref) => byId.get(find(lineage, ref, atMs)?.id ?? ''))
      .find((one) => one !== undefined && one.id !== node.id);
    if (!parent) continue;
    parents.set(node.id, parent);
    const siblings = children.get(parent.id);
    if (siblings) siblings.push(node);
    else children.set(parent.id, [node]);
  }
  return { parentOf: ({ id }) => parents.get(id), childrenOf: ({ id }) => children.get(id) ?? [] };
}

/** By its id; where nobody could tell which life of the pid it was, the one of that time. */
function find(lineage: Lineage, ref: NodeRef | undefined, atMs: number | undefined): ProcessNode | undefined {
  if (!ref || ref.pid <= 0) return undefined;
  return ref.id === undefined ? lineage.byPid(ref.pid, atMs) : lineage.byId(ref.id);
}

/** Older first, as they are drawn; what has no start was there before anybody looked. */
export function compareStarts(one: ProcessNode, other: ProcessNode): number {
  return (
    (one.start?.atNs ?? -1) - (other.start?.atNs ?? -1) || startedIn(one) - startedIn(other) || one.pid - other.pid
  );
}

function startedIn({ start }: ProcessNode): number {
  return start?.wallMs ?? -1;
}
