/** What is shown of what was found: the processes that were asked for, who started them, and what they started, as many as fit, in the order they are drawn in. */
import type { Pace } from '../../src/base/pace.ts';
import type { ProcessNode } from '../../src/lineage/process-node.ts';
import { compareStarts, mostExamined, type Kin } from './kin.ts';
import type { Found } from './words.ts';

export interface ForestOptions {
  readonly matches: readonly ProcessNode[];
  /** Ancestors are followed up to these alone. */
  readonly roots: readonly ProcessNode[] | undefined;
  readonly kin: Kin;
  readonly wantsAbove: boolean;
  readonly wantsBelow: boolean;
  /** Generations of descendants. */
  readonly depth: number;
  readonly limit: number;
  readonly pace: Pace;
}

export interface Placed {
  readonly node: ProcessNode;
  readonly found: Found;
  readonly depth: number;
  readonly below: string | undefined;
}

export interface Forest {
  readonly placed: readonly Placed[];
  readonly omitted: number;
  readonly isCut: boolean;
}

interface Member {
  readonly node: ProcessNode;
  readonly found: Found;
}

/** Each process knows its place by its parent's: no recursion, however deep a tree is. */
export async function collectForest(options: ForestOptions): Promise<Forest> {
  const { matches, limit, pace } = options;
  const members = new Map<string, Member>();
  const asked = new Set(matches.map(({ id }) => id));
  const omitted = new Set<string>();
  const add = (node: ProcessNode, found: Found): void => {
    if (members.has(node.id)) return;
    if (members.size < limit) members.set(node.id, { node, found: asked.has(node.id) ? 'asked' : found });
    else omitted.add(node.id);
  };
  // Where not all fit the newest are told: what is looked for has mostly just happened.
  for (const node of matches.toSorted((one, other) => compareStarts(other, one))) {
    const hasRoom = members.size < limit;
    add(node, 'asked');
    if (hasRoom && options.wantsAbove) for (const ancestor of ancestorsOf(node, options)) add(ancestor, 'above');
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) break;
  }
  const isCut = options.wantsBelow && (await addBelow(options, members, add));
  return { placed: await place(members, options), omitted: omitted.size, isCut };
}

/** Nearest first. A chain that leads back to itself, which nothing in the kernel does, ends there. */
function ancestorsOf(node: ProcessNode, { kin, roots }: Pick<ForestOptions, 'kin' | 'roots'>): readonly ProcessNode[] {
  const ends = new Set(roots?.map(({ id }) => id));
  const chain = new Map<string, ProcessNode>();
  for (let at = kin.parentOf(node); at && at.id !== node.id && !chain.has(at.id); at = kin.parentOf(at)) {
    chain.set(at.id, at);
    if (ends.has(at.id)) break;
  }
  return [...chain.values()];
}

/** Generation by generation, so that what is nearest is told first. */
async function addBelow(
  { matches, kin, depth, pace }: ForestOptions,
  members: ReadonlyMap<string, Member>,
  add: (node: ProcessNode, found: Found) => void,
): Promise<boolean> {
  const seen = new Set(matches.map(({ id }) => id));
  let generation = matches.filter(({ id }) => members.has(id));
  for (let level = 0; level < depth && generation.length > 0; level++) {
    const next: ProcessNode[] = [];
    for (const parent of generation) {
      for (const child of kin.childrenOf(parent)) {
        if (seen.has(child.id)) continue;
        if (seen.size >= mostExamined) return true;
        seen.add(child.id);
        // What started nothing is not kept beyond what is shown.
        if (child.children.length > 0) next.push(child);
        add(child, 'below');
        if (pace.isDue()) await pace.rest();
        if (pace.signal.aborted) return false;
      }
    }
    generation = next;
  }
  return false;
}

async function place(
  members: ReadonlyMap<string, Member>,
  { kin, pace }: Pick<ForestOptions, 'kin' | 'pace'>,
): Promise<readonly Placed[]> {
  const children = new Map<string, Member[]>();
  const roots: Member[] = [];
  const belowOf = new Map<string, string>();
  for (const member of members.values()) {
    if (pace.isDue()) await pace.rest();
    const parent = members.get(kin.parentOf(member.node)?.id ?? '');
    if (!parent || parent === member) {
      roots.push(member);
      continue;
    }
    belowOf.set(member.node.id, parent.node.id);
    const siblings = children.get(parent.node.id);
    if (siblings) siblings.push(member);
    else children.set(parent.node.id, [member]);
  }
  const placed: Placed[] = [];
  const stack = roots.toSorted(latestFirst).map((member) => ({ member, depth: 0 }));
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { member, depth } = top;
    placed.push({ ...member, depth, below: belowOf.get(member.node.id) });
    const next = (children.get(member.node.id) ?? []).toSorted(latestFirst);
    for (const child of next) stack.push({ member: child, depth: depth + 1 });
  }
  return placed;
}

/** For a stack: the oldest comes out first. */
function latestFirst(one: Member, other: Member): number {
  return compareStarts(other.node, one.node);
}
