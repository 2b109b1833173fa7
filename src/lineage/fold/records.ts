/**
 * The records of all pids. What follows from the facts is made when it is asked for: adding a fact costs a push and a flag, and the lives of a pid are made anew once for all facts that came
 * in between. Lives never depend on other pids' lives, but for this: a pid that a child named while nothing is known of it gets a placeholder.
 */
import type { LineageOptions } from '../lineage-graph.ts';
import { continueLife } from './continue-life.ts';
import { compareFacts, isCausal, latestNs, sortFacts, subjectOf } from './fact-order.ts';
import type { Fact } from './fact-order.ts';
import { countFacts, firstNs, hasStart, lifeAt, overlaps, trimLife } from './life.ts';
import type { Life } from './life.ts';
import { adopters, birthEdge } from './parent-evidence.ts';
import { placeFacts } from './place-facts.ts';
import { createPidRecord, isEmpty } from './pid-record.ts';
import type { Edge, PidRecord } from './pid-record.ts';
import { areEqual, factsAfter, namedMoments, notePlace } from './record-facts.ts';
import { splitLives } from './split-lives.ts';
import { formatParts } from './stubs.ts';
import type { IdParts, Stubs } from './stubs.ts';

/** Of what there is how many. */
export interface Tally {
  live: number;
  ended: number;
  placeholders: number;
  ambiguous: number;
}

/** From so many facts on a pid's are put together. */
const compactFrom = 128;

export class Records {
  readonly options: LineageOptions;
  readonly tally: Tally = { live: 0, ended: 0, placeholders: 0, ambiguous: 0 };
  /** What is kept of those that have ended. */
  endedFacts = 0;
  /** Pids that live, with their start where it is known. */
  readonly livePids = new Map<number, number | undefined>();
  /** Counts up whenever lives were made anew: what was worked out from them may be otherwise. */
  generation = 0;
  /** Those with so many facts that putting them together is worth it. */
  readonly big = new Set<PidRecord>();
  /** Those of which audit told that something was made, which may be a thread, and nothing else: in the order they came. */
  readonly silent = new Set<PidRecord>();
  readonly #records = new Map<number, PidRecord>();
  readonly #stubs: Stubs;
  #dirty: PidRecord[] = [];

  constructor(options: LineageOptions, stubs: Stubs) {
    this.options = options;
    this.#stubs = stubs;
  }

  /** Whether it came too late: after something that it should have come before. */
  add(fact: Fact): boolean {
    const record = this.#open(subjectOf(fact));
    if (fact.slackNs > 0) record.coarseNs = Math.max(record.coarseNs, latestNs(fact));
    const last = record.facts.at(-1);
    if (last !== undefined && record.isSorted && compareFacts(last, fact) > 0) record.isSorted = false;
    record.facts.push(fact);
    if (last === undefined || !continueLife(record, last, fact)) this.touch(record);
    // Children that were born behind it inherited it.
    else if (record.namedUntilNs >= fact.atNs) this.generation++;
    if (record.facts.length >= 2 * Math.max(record.compactSize, compactFrom)) this.big.add(record);
    const isLate = isCausal(fact) && notePlace(record, fact);
    // What a child's birth says of its parent is in order with that one's own.
    if (fact.kind === 'birth' && fact.parentPid !== 0) notePlace(this.#open(fact.parentPid), fact);
    return isLate;
  }

  touch(record: PidRecord): void {
    if (record.isDirty) return;
    record.isDirty = true;
    this.#dirty.push(record);
  }

  /** All follows from all facts. Cheap where nothing has come. */
  update(): void {
    if (this.#dirty.length === 0) return;
    this.generation++;
    // Placeholders for parents may make more of them dirty.
    for (let record = this.#dirty.pop(); record !== undefined; record = this.#dirty.pop()) this.#derive(record);
  }

  get(pid: number): PidRecord | undefined {
    return this.#records.get(pid);
  }

  all(): IterableIterator<PidRecord> {
    return this.#records.values();
  }

  /** The life of the pid at that moment; within a tick where the moment is coarse. */
  find(pid: number, atNs: number, isExact = true): Life | undefined {
    const lives = this.#records.get(pid)?.lives;
    if (lives === undefined) return undefined;
    const life = lifeAt(lives, atNs);
    if (life !== undefined || isExact) return life;
    return lives.find((candidate) => overlaps(candidate, atNs, atNs + this.options.tickNs));
  }

  /** The id of the life at that moment, also where it is forgotten. */
  findId(pid: number, atNs: number, isExact = true): string | undefined {
    const life = this.find(pid, atNs, isExact);
    return life === undefined ? this.#stubs.findId(pid, atNs) : this.idOf(life);
  }

  idOf(life: Life): string {
    life.id ??= formatParts(this.options, life.pid, this.#idParts(life));
    return life.id;
  }

  /** The start as /proc has it, where it is known. */
  startTicks(life: Life): number | undefined {
    if (life.birth === undefined) return life.startTicks;
    return life.startTicks ?? this.#birthTicks(life.birth.atNs);
  }

  /** Children born by this life, oldest first. */
  children(life: Life): readonly { readonly atNs: number; readonly life: Life }[] {
    const record = this.#records.get(life.pid);
    if (record?.children === undefined) return [];
    const found: { readonly atNs: number; readonly life: Life }[] = [];
    for (const edges of record.children.values()) {
      for (const edge of edges) {
        if (this.find(edge.parentPid, edge.atNs, edge.isBirth) !== life) continue;
        const child = this.find(edge.childPid, edge.atNs);
        if (child !== undefined) found.push({ atNs: firstNs(child), life: child });
      }
    }
    return found.sort((a, b) => a.atNs - b.atNs || a.life.pid - b.life.pid);
  }

  /** Whether it is known to adopt orphans: others told of it as their parent that it did not bear. */
  isSubreaper(life: Life): boolean {
    const adoptions = this.#records.get(life.pid)?.adoptions;
    if (adoptions === undefined) return false;
    for (const atNs of adoptions.values()) if (overlaps(life, atNs, atNs)) return true;
    return false;
  }

  /** Whether children of this life are remembered, living or not. */
  hasChildren(life: Life): boolean {
    const record = this.#records.get(life.pid);
    if (record?.children === undefined) return false;
    if (record.lives.length === 1) return true;
    for (const edges of record.children.values()) {
      for (const edge of edges) if (this.find(edge.parentPid, edge.atNs, edge.isBirth) === life) return true;
    }
    return false;
  }

  /** Forgets the oldest life of a pid; its parent remembers its id. */
  forget(record: PidRecord, limit: number): void {
    const [life, ...left] = record.lives;
    if (life === undefined) return;
    const id = this.idOf(life);
    const edge = birthEdge(life);
    this.#stubs.add({ pid: life.pid, ...this.#idParts(life), fromNs: life.fromNs, toNs: life.toNs });
    this.#count(record, -1);
    record.lives = left;
    record.facts = factsAfter(record, life, left);
    // What fits two lives alike goes with the older one; the younger one stays flagged. That of later lives may still be decided.
    const [next] = left;
    record.ambiguous = record.ambiguous.filter((atNs) => atNs > life.fromNs);
    if (life.isAmbiguous && next?.isAmbiguous === true) record.ambiguous = [...record.ambiguous, next.fromNs];
    record.summaries = record.summaries.filter((summary) => summary.atNs > life.toNs);
    this.#count(record, 1);
    for (const { pid, atNs } of adopters(life)) this.#open(pid).adoptions?.set(0, atNs);
    this.#publish(record);
    if (edge !== undefined) this.#remember(edge, firstNs(life), id, limit);
    if (isEmpty(record)) this.#records.delete(record.pid);
  }

  /** Forgets what says nothing: those whose facts are all from before that moment, and the first ones beyond the number. */
  forgetSilent(beforeNs: number, limit: number): void {
    let spare = this.silent.size - limit;
    for (const record of this.silent) {
      if (spare-- <= 0 && (record.facts.at(-1)?.atNs ?? 0) >= beforeNs) {
        if (beforeNs === Number.NEGATIVE_INFINITY) return;
        continue;
      }
      record.facts = [];
      this.touch(record);
      this.silent.delete(record);
    }
    this.update();
  }

  #remember(edge: Edge, atNs: number, id: string, limit: number): void {
    const parent = this.find(edge.parentPid, edge.atNs, edge.isBirth);
    const record = this.#records.get(edge.parentPid);
    if (parent === undefined || record === undefined) return;
    if (parent.isFromHole && edge.isBirth) {
      const named = record.formerNamed.filter((other) => !overlaps(parent, other, other));
      record.formerNamed = [...named, Math.min(edge.atNs, parent.namedNs ?? edge.atNs)];
    }
    record.formerChildren.push({ atNs, id });
    if (record.formerChildren.length < 2 * limit) return;
    // The oldest go, in one go: a parent of a million children must not cost a million moves each.
    record.formerChildren.sort((a, b) => a.atNs - b.atNs);
    const dropped = record.formerChildren.splice(0, record.formerChildren.length - limit);
    record.droppedChildrenNs = dropped.at(-1)?.atNs ?? record.droppedChildrenNs;
  }

  #open(pid: number): PidRecord {
    let record = this.#records.get(pid);
    if (record === undefined) {
      record = createPidRecord(pid);
      this.#records.set(pid, record);
    }
    return record;
  }

  #derive(record: PidRecord): void {
    if (!record.isSorted) sortFacts(record.facts);
    record.isSorted = true;
    record.isDirty = false;
    this.#count(record, -1);
    record.lives = this.#livesOf(record);
    for (const life of record.lives) trimLife(life);
    if (record.lives.at(-1)?.end !== undefined) record.facts = record.facts.slice();
    this.#count(record, 1);
    this.#publish(record);
    if (record.lives.length === 0 && record.facts.length > 0) this.silent.add(record);
    else this.silent.delete(record);
    if (isEmpty(record) && this.#records.get(record.pid) === record) this.#records.delete(record.pid);
  }

  #livesOf(record: PidRecord): readonly Life[] {
    const { pid, facts } = record;
    const options = { pid, tickNs: this.options.tickNs, fromNs: this.#stubs.lastNs(pid), isCoarse: false };
    const lives = placeFacts(splitLives(facts, options), facts, namedMoments(record, options.fromNs), options);
    for (const summary of record.summaries) {
      const life = lifeAt(lives, summary.atNs);
      if (life !== undefined) life.summary = summary;
    }
    for (const life of lives) if (record.ambiguous.includes(life.fromNs)) life.isAmbiguous = true;
    return lives;
  }

  #count(record: PidRecord, sign: number): void {
    const { tally } = this;
    for (const life of record.lives) {
      if (!hasStart(life)) tally.placeholders += sign;
      else if (life.end === undefined) tally.live += sign;
      else tally.ended += sign;
      if (life.end !== undefined) this.endedFacts += sign * countFacts(life);
      if (life.isAmbiguous) tally.ambiguous += sign;
    }
    const last = record.lives.at(-1);
    if (last === undefined || last.end !== undefined) this.livePids.delete(record.pid);
    else this.livePids.set(record.pid, this.startTicks(last));
  }

  #publish(record: PidRecord): void {
    const edges = record.lives.map((life) => birthEdge(life)).filter((edge) => edge !== undefined);
    if (!areEqual(edges, record.edges)) {
      for (const parentPid of new Set(record.edges.map((edge) => edge.parentPid))) this.#unname(record.pid, parentPid);
      record.edges = edges;
      for (const parentPid of new Set(edges.map((edge) => edge.parentPid))) {
        this.#name(
          record.pid,
          parentPid,
          edges.filter((edge) => edge.parentPid === parentPid),
        );
      }
    }
    const adopted = record.lives.flatMap((life) => adopters(life));
    if (adopted.length === 0 && record.adopted.length === 0) return;
    for (const { pid } of record.adopted) this.#records.get(pid)?.adoptions?.delete(record.pid);
    record.adopted = adopted;
    for (const { pid, atNs } of adopted) {
      const adopter = this.#open(pid);
      adopter.adoptions ??= new Map();
      adopter.adoptions.set(record.pid, atNs);
    }
  }

  #name(childPid: number, parentPid: number, edges: readonly Edge[]): void {
    const parent = this.#open(parentPid);
    parent.children ??= new Map();
    parent.children.set(childPid, edges);
    for (const { atNs, isBirth } of edges) {
      if (!isBirth) continue;
      parent.namedFromNs = Math.min(parent.namedFromNs, atNs);
      parent.namedUntilNs = Math.max(parent.namedUntilNs, atNs);
      const life = lifeAt(parent.lives, atNs);
      if (life === undefined || (life.isFromHole && atNs < (life.namedNs ?? Number.POSITIVE_INFINITY)))
        this.touch(parent);
    }
  }

  #unname(childPid: number, parentPid: number): void {
    const parent = this.#records.get(parentPid);
    if (parent?.children === undefined) return;
    parent.children.delete(childPid);
    if (parent.children.size === 0) parent.children = undefined;
    if (parent.children === undefined || parent.lives.some((life) => life.namedNs !== undefined)) this.touch(parent);
  }

  #birthTicks(atNs: number): number {
    return Math.floor(atNs / this.options.tickNs);
  }

  #idParts(life: Life): IdParts {
    const startTicks = life.birth === undefined ? life.startTicks : this.#birthTicks(life.birth.atNs);
    if (startTicks === undefined) return { startTicks, atNs: firstNs(life) };
    const isFirst = !this.#stubs.hasTick(life.pid, startTicks) && this.#isFirstInTick(life, startTicks);
    return { startTicks, atNs: isFirst ? undefined : firstNs(life) };
  }

  #isFirstInTick(life: Life, ticks: number): boolean {
    for (const other of this.#records.get(life.pid)?.lives ?? []) {
      if (other === life) return true;
      if ((other.birth === undefined ? other.startTicks : this.#birthTicks(other.birth.atNs)) === ticks) return false;
    }
    return true;
  }
}
