/** What a process runs and as whom, at a moment: from its execs, sightings and changes, and where it has told nothing itself, from its parent, of whom it inherited all at its birth. */
import type { ExecFacts, OwnerFacts, SightingEvent } from '../lineage-event.ts';
import type { Known } from '../process-node.ts';
import type { Fact } from './fact-order.ts';
import type { Life, LifeExecution } from './life.ts';
import type { Records } from './records.ts';
import { birthEdge } from './parent-evidence.ts';

/** A process as it is at a moment. */
export interface Image {
  readonly executable?: Known<string>;
  readonly args?: Known<readonly string[]>;
  readonly cwd?: Known<string>;
  readonly comm?: string;
  readonly uid?: Known<number>;
  readonly gid?: Known<number>;
  readonly loginUid?: Known<number>;
  readonly loginSession?: number;
  readonly session?: number;
  readonly cgroup?: string;
  readonly container?: string;
  readonly isKernelThread?: boolean;
}
type Draft = { -readonly [Key in keyof Image]: Image[Key] };

/** The images of lives; what they inherited is worked out once as long as nothing new has come. */
export class Images {
  readonly #records: Records;
  #inherited = new WeakMap<Life, Image>();
  #generation = -1;

  constructor(records: Records) {
    this.#records = records;
  }

  at(life: Life, atNs: number): Image {
    return imageFrom(this.#inheritedBy(life), life, atNs);
  }

  #inheritedBy(life: Life): Image {
    if (this.#generation !== this.#records.generation) {
      this.#inherited = new WeakMap();
      this.#generation = this.#records.generation;
    }
    // Upwards to the first ancestor that is worked out, then down again: a chain of forks may be longer than the stack is deep.
    const chain: { readonly life: Life; readonly parent: Life | undefined; readonly atNs: number }[] = [];
    let next: Life | undefined = life;
    while (next !== undefined && !this.#inherited.has(next)) {
      const edge = birthEdge(next);
      const parent: Life | undefined =
        edge === undefined ? undefined : this.#records.find(edge.parentPid, edge.atNs, edge.isBirth);
      // Two that are each other's parents by what was told are in no order: nothing is inherited.
      const isOlder: boolean = parent !== undefined && parent !== next && parent.fromNs < next.fromNs;
      chain.push({ life: next, parent: isOlder ? parent : undefined, atNs: edge?.atNs ?? 0 });
      next = isOlder ? parent : undefined;
    }
    for (const link of chain.reverse()) {
      const image =
        link.parent === undefined
          ? {}
          : inherit(imageFrom(this.#inherited.get(link.parent) ?? {}, link.parent, link.atNs));
      this.#inherited.set(link.life, image);
    }
    return this.#inherited.get(life) ?? {};
  }
}

function inherit(image: Image): Image {
  const draft: Draft = { ...image };
  if (draft.executable !== undefined) draft.executable = { ...draft.executable, how: 'inferred' };
  if (draft.args !== undefined) draft.args = { ...draft.args, how: 'inferred' };
  if (draft.cwd !== undefined) draft.cwd = { ...draft.cwd, how: 'inferred' };
  if (draft.uid !== undefined) draft.uid = { ...draft.uid, how: 'inferred' };
  if (draft.gid !== undefined) draft.gid = { ...draft.gid, how: 'inferred' };
  if (draft.loginUid !== undefined) draft.loginUid = { ...draft.loginUid, how: 'inferred' };
  return draft;
}

type Change =
  | Fact
  | SightingEvent
  | { readonly kind: 'execution'; readonly atNs: number; readonly execution: LifeExecution };

function imageFrom(base: Image, life: Life, untilNs: number): Image {
  const draft: Draft = { ...base };
  for (const change of changesOf(life)) {
    if (change.atNs > untilNs) break;
    apply(draft, life, change);
  }
  return draft;
}

function changesOf(life: Life): readonly Change[] {
  const changes: Change[] = [...life.sightings];
  for (const fact of life.facts)
    if (fact.kind === 'comm' || fact.kind === 'owner' || fact.kind === 'execfailed') changes.push(fact);
  for (const execution of life.executions) {
    changes.push({ kind: 'execution', atNs: executionNs(life, execution), execution });
  }
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
      if (change.tid === life.pid) draft.comm = change.comm;
      return;
    case 'owner':
      if (change.tid === life.pid) takeOwner(draft, change.owner);
      else if (change.owner.session !== undefined) draft.session = change.owner.session;
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
  }
  if (sighting.container !== undefined) draft.container = sighting.container;
  draft.isKernelThread = sighting.isKernelThread;
}

function takeFacts(draft: Draft, facts: ExecFacts | undefined): void {
  if (facts === undefined) return;
  if (facts.executable !== undefined) draft.executable = { value: facts.executable, how: 'observed' };
  if (facts.args !== undefined) draft.args = { value: facts.args, how: 'observed' };
  if (facts.cwd !== undefined) draft.cwd = { value: facts.cwd, how: 'observed' };
  if (facts.comm !== undefined) draft.comm = facts.comm;
}

function takeOwner(draft: Draft, owner: OwnerFacts | undefined): void {
  if (owner === undefined) return;
  if (owner.uid !== undefined) draft.uid = { value: owner.uid, how: 'observed' };
  if (owner.gid !== undefined) draft.gid = { value: owner.gid, how: 'observed' };
  if (owner.loginUid !== undefined) draft.loginUid = { value: owner.loginUid, how: 'observed' };
  if (owner.loginSession !== undefined) draft.loginSession = owner.loginSession;
  if (owner.session !== undefined) draft.session = owner.session;
}
