/** What a process runs and as whom, at a moment: from its execs, sightings and changes, and where it has told nothing itself, from its parent, of whom it inherited all at its birth. */
import type { ExecFacts, OwnerFacts, SightingEvent } from '../lineage-event.ts';
import type { InferredFact, ProcessNode } from '../process-node.ts';
import type { Fact } from './fact-order.ts';
import type { Life, LifeExecution } from './life.ts';
import type { Records } from './records.ts';
import { birthEdge } from './parent-evidence.ts';

type ImageFact =
  | 'executable'
  | 'args'
  | 'cwd'
  | 'comm'
  | 'uid'
  | 'gid'
  | 'loginUid'
  | 'loginSession'
  | 'session'
  | 'cgroup'
  | 'container'
  | 'inferred';

/** A process as it is at a moment. */
export interface Image extends Pick<ProcessNode, ImageFact> {
  readonly isKernelThread?: boolean;
}
type Draft = { -readonly [Key in keyof Image]: Image[Key] };

/** What a life was at each moment: `images[n]` after the n-th change, and `base` before all. */
interface Timeline {
  readonly base: Image;
  readonly life: Pick<Life, 'facts' | 'sightings' | 'executions'>;
  /** How many of the life's facts are in it. */
  count: number;
  readonly times: number[];
  readonly images: Image[];
  /** The state of the graph that it is known to be right for. */
  generation: number;
}

const unknown: Image = {};

/**
 * The images of lives, worked out once for each change: a shell with a million children is not gone through for each of them. What a child inherited is made anew when its parent's image of that
 * moment is another.
 */
export class Images {
  readonly #records: Records;
  readonly #timelines = new WeakMap<Life, Timeline>();
  readonly #inherited = new WeakMap<Life, { readonly from: Image; readonly image: Image }>();

  constructor(records: Records) {
    this.#records = records;
  }

  at(life: Life, atNs: number): Image {
    // Upwards to the first ancestor that is worked out, then down again: a chain of forks may be longer than the stack is deep.
    const chain = this.#unknownAncestors(life);
    for (const { life: older, parent, atNs: bornNs } of chain.reverse()) {
      const base = parent === undefined ? unknown : this.#inherit(older, imageAt(this.#timelines.get(parent), bornNs));
      this.#update(older, base);
    }
    const timeline = this.#timelines.get(life);
    if (timeline !== undefined) extend(timeline, life);
    return imageAt(timeline, atNs);
  }

  #unknownAncestors(life: Life): { readonly life: Life; readonly parent: Life | undefined; readonly atNs: number }[] {
    const chain: { readonly life: Life; readonly parent: Life | undefined; readonly atNs: number }[] = [];
    let next: Life | undefined = life;
    while (next !== undefined && this.#timelines.get(next)?.generation !== this.#records.generation) {
      const edge = birthEdge(next);
      const parent: Life | undefined =
        edge === undefined ? undefined : this.#records.find(edge.parentPid, edge.atNs, edge.isBirth);
      // Two that are each other's parents by what was told are in no order: nothing is inherited.
      // Nor where nobody told of the birth: the parent that was seen later on may have adopted it.
      const isTold: boolean = next.birth !== undefined || next.clone !== undefined;
      const isOlder: boolean = isTold && parent !== undefined && parent !== next && parent.fromNs < next.fromNs;
      chain.push({ life: next, parent: isOlder ? parent : undefined, atNs: edge?.atNs ?? 0 });
      next = isOlder ? parent : undefined;
    }
    if (next !== undefined) extend(this.#timelines.get(next), next);
    return chain;
  }

  #inherit(life: Life, from: Image): Image {
    const known = this.#inherited.get(life);
    if (known?.from === from) return known.image;
    const image = inherit(from);
    this.#inherited.set(life, { from, image });
    return image;
  }

  #update(life: Life, base: Image): void {
    const { facts, sightings, executions } = life;
    let timeline = this.#timelines.get(life);
    const of = timeline?.life;
    const isSame = of?.facts === facts && of.sightings === sightings && of.executions === executions;
    if (timeline === undefined || timeline.base !== base || !isSame) {
      timeline = { base, life: { facts, sightings, executions }, count: 0, times: [], images: [], generation: 0 };
      this.#timelines.set(life, timeline);
      for (const change of changesOf(life)) append(timeline, life, change);
      timeline.count = facts.length;
    }
    timeline.generation = this.#records.generation;
    extend(timeline, life);
  }
}

/** Names and owners that came since, in order, without anything made anew. */
function extend(timeline: Timeline | undefined, life: Life): void {
  if (timeline === undefined) return;
  for (; timeline.count < life.facts.length; timeline.count++) {
    const fact = life.facts[timeline.count];
    if (fact?.kind === 'comm' || fact?.kind === 'owner') append(timeline, life, fact);
  }
}

function append(timeline: Timeline, life: Life, change: Change): void {
  const draft: Draft = { ...(timeline.images.at(-1) ?? timeline.base) };
  apply(draft, life, change);
  timeline.times.push(change.atNs);
  timeline.images.push(draft);
}

function imageAt(timeline: Timeline | undefined, atNs: number): Image {
  if (timeline === undefined) return unknown;
  let low = 0;
  let high = timeline.times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timeline.times[middle] ?? 0) <= atNs) low = middle + 1;
    else high = middle;
  }
  return timeline.images[low - 1] ?? timeline.base;
}

function inherit(image: Image): Image {
  const draft: Draft = { ...image };
  if (draft.executable !== undefined) draft.executable = { ...draft.executable, how: 'inferred' };
  if (draft.args !== undefined) draft.args = { ...draft.args, how: 'inferred' };
  if (draft.cwd !== undefined) draft.cwd = { ...draft.cwd, how: 'inferred' };
  if (draft.uid !== undefined) draft.uid = { ...draft.uid, how: 'inferred' };
  if (draft.gid !== undefined) draft.gid = { ...draft.gid, how: 'inferred' };
  if (draft.loginUid !== undefined) draft.loginUid = { ...draft.loginUid, how: 'inferred' };
  const inferred = plainFacts.filter((name) => draft[name] !== undefined);
  if (inferred.length > 0) draft.inferred = inferred;
  return draft;
}

const plainFacts = ['comm', 'loginSession', 'session', 'cgroup', 'container'] as const satisfies InferredFact[];

/** They were told of the process itself, or are no more. */
function observe(draft: Draft, ...names: readonly InferredFact[]): void {
  if (draft.inferred?.some((name) => names.includes(name)) !== true) return;
  const left = draft.inferred.filter((name) => !names.includes(name));
  if (left.length > 0) draft.inferred = left;
  else delete draft.inferred;
}

type Change =
  | Fact
  | SightingEvent
  | { readonly kind: 'execution'; readonly atNs: number; readonly execution: LifeExecution };

function changesOf(life: Life): readonly Change[] {
  // In the causal order of fact-order.ts, which the sort keeps where times are the same.
  const changes: Change[] = [...life.sightings];
  for (const execution of life.executions) {
    changes.push({ kind: 'execution', atNs: executionNs(life, execution), execution });
  }
  for (const fact of life.facts)
    if (fact.kind === 'comm' || fact.kind === 'owner' || fact.kind === 'execfailed') changes.push(fact);
  return changes.length < 2 ? changes : changes.sort((a, b) => a.atNs - b.atNs);
}

/** The connector's time is exact; audit's alone may stand before the birth. */
export function executionNs(life: Life, execution: LifeExecution): number {
  return execution.exact?.atNs ?? Math.max(execution.told?.atNs ?? 0, life.fromNs);
}

function apply(draft: Draft, life: Life, change: Change): void {
  switch (change.kind) {
    case 'execution': {
      // Whatever it was before, it is that no more: without facts it is not known what it is.
      delete draft.executable;
      delete draft.args;
      delete draft.comm;
      observe(draft, 'comm');
      draft.isKernelThread = false;
      takeFacts(draft, change.execution.told?.facts ?? change.execution.exact?.facts);
      takeOwner(draft, change.execution.told?.owner ?? change.execution.exact?.owner);
      return;
    }
    case 'seen':
      takeSighting(draft, change);
      return;
    case 'comm':
      // Threads have names of their own.
      if (change.tid !== life.pid) return;
      draft.comm = change.comm;
      observe(draft, 'comm');
      return;
    case 'owner':
      if (change.tid === life.pid) takeOwner(draft, change.owner);
      else takeSession(draft, change.owner.session);
      return;
    case 'execfailed':
      takeOwner(draft, change.owner);
      return;
    default:
      return;
  }
}

function takeSighting(draft: Draft, sighting: SightingEvent): void {
  const { facts } = sighting;
  // A process may write over its arguments: those of its execve count, where they were told.
  const args = draft.args?.how === 'observed' ? draft.args : undefined;
  takeFacts(draft, facts);
  if (args !== undefined) draft.args = args;
  takeOwner(draft, sighting.owner);
  if (sighting.cgroup !== undefined) {
    draft.cgroup = sighting.cgroup;
    // Another cgroup is another container, or none.
    if (sighting.container === undefined) delete draft.container;
    observe(draft, 'cgroup', 'container');
  }
  if (sighting.container !== undefined) {
    draft.container = sighting.container;
    observe(draft, 'container');
  }
  draft.isKernelThread = sighting.isKernelThread;
}

function takeFacts(draft: Draft, facts: ExecFacts | undefined): void {
  if (facts === undefined) return;
  if (facts.executable !== undefined) draft.executable = { value: facts.executable, how: 'observed' };
  if (facts.args !== undefined) draft.args = { value: facts.args, how: 'observed' };
  if (facts.cwd !== undefined) draft.cwd = { value: facts.cwd, how: 'observed' };
  if (facts.comm === undefined) return;
  draft.comm = facts.comm;
  observe(draft, 'comm');
}

function takeOwner(draft: Draft, owner: OwnerFacts | undefined): void {
  if (owner === undefined) return;
  if (owner.uid !== undefined) draft.uid = { value: owner.uid, how: 'observed' };
  if (owner.gid !== undefined) draft.gid = { value: owner.gid, how: 'observed' };
  if (owner.loginUid !== undefined) draft.loginUid = { value: owner.loginUid, how: 'observed' };
  if (owner.loginSession !== undefined) {
    draft.loginSession = owner.loginSession;
    observe(draft, 'loginSession');
  }
  takeSession(draft, owner.session);
}

function takeSession(draft: Draft, session: number | undefined): void {
  if (session === undefined) return;
  draft.session = session;
  observe(draft, 'session');
}
