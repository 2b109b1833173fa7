/** One life of a pid as it follows from the facts: made by split-lives.ts, completed by place-facts.ts, told as a node by create-node.ts. */
import type { BirthEvent, CloneEvent, EndEvent, ExecutionEvent, SightingEvent } from '../lineage-event.ts';
import type { End } from '../process-node.ts';
import type { Fact } from './fact-order.ts';

/** One execve: told by the connector in exact time, by audit with its facts, or by both. */
export interface LifeExecution {
  readonly exact: ExecutionEvent | undefined;
  readonly told: ExecutionEvent | undefined;
}

export interface LifeEnd {
  readonly atNs: number;
  readonly wallMs: number;
  readonly reason: End['reason'];
  readonly isObserved: boolean;
  /** As wait(2) has it, where the connector told. */
  readonly status?: number;
  /** Where audit alone told. */
  readonly code?: number;
}

export interface Life {
  readonly pid: number;
  /** Made when it is asked for; see node-id.ts. */
  id: string | undefined;
  readonly birth: BirthEvent | undefined;
  /** Audit's word that something with this pid was made: a start that is inferred. */
  clone: CloneEvent | undefined;
  /** As /proc shows it; undefined = it was not seen there. */
  startTicks: number | undefined;
  /** Nothing of it was before. -Infinity = the first that is known of this pid. */
  fromNs: number;
  /** Nothing of it is after. Infinity = it has not ended. */
  toNs: number;
  /** All that was told of it in canonical order, but for its birth. */
  facts: Fact[];
  sightings: readonly SightingEvent[];
  executions: readonly LifeExecution[];
  /** The last end of one of its threads: of it all, where none is left. */
  lastExit: EndEvent | undefined;
  /** The last that named a reaper. */
  reaping: EndEvent | undefined;
  /** What will be its end unless the connector tells a better one. */
  ending: LifeEnd | undefined;
  end: LifeEnd | undefined;
  /** Threads that live, as far as they are known by name: without the first one. */
  knownThreads: Set<number> | undefined;
  /** And, from /proc, by number. */
  unknownThreads: number;
  /** When /proc's number was read at the latest. */
  threadsSeenNs: number;
  isLeaderAlive: boolean;
  /** The first one included. */
  threadsEver: number;
  isAmbiguous: boolean;
  /** Told apart by coarse time alone, where no life was known. */
  isFromHole: boolean;
  /** A child named it at that moment, and nothing else is known of it. */
  namedNs: number | undefined;
  /** What was put together to save room (compact-facts.ts). */
  summary: LifeSummary | undefined;
}

/** How many facts of a long life are no longer kept one by one. `atNs` lies in that life. */
export interface LifeSummary {
  readonly atNs: number;
  readonly threads: number;
  readonly executions: number;
  readonly failedExecutions: number;
  readonly files: number;
}

/** Most lives have none of something: they share the room. */
const none: readonly never[] = [];

export function addExecution(life: Life, execution: LifeExecution): void {
  if (life.executions === none) life.executions = [execution];
  else (life.executions as LifeExecution[]).push(execution);
}

/** Grown arrays have room for what does not come any more once a life is over. */
export function trimLife(life: Life): void {
  if (life.end === undefined) return;
  life.facts = life.facts.slice();
  if (life.executions !== none) life.executions = life.executions.slice();
}

export function createLife(pid: number, fromNs: number, birth?: BirthEvent): Life {
  return {
    pid,
    id: undefined,
    birth,
    clone: undefined,
    startTicks: undefined,
    fromNs,
    toNs: Number.POSITIVE_INFINITY,
    facts: [],
    sightings: none,
    executions: none,
    lastExit: undefined,
    reaping: undefined,
    ending: undefined,
    end: undefined,
    knownThreads: undefined,
    unknownThreads: 0,
    threadsSeenNs: Number.NEGATIVE_INFINITY,
    isLeaderAlive: true,
    threadsEver: 1,
    isAmbiguous: false,
    isFromHole: false,
    namedNs: undefined,
    summary: undefined,
  };
}

export function endLife(life: Life, end: LifeEnd): void {
  life.end = end;
  life.toNs = end.atNs;
}

/** Whether its start is known, be it inferred: a life without one is a placeholder, whose birth is still awaited. */
export function hasStart(life: Life): boolean {
  return life.birth !== undefined || life.startTicks !== undefined || life.clone !== undefined;
}

/** The first moment at which it surely lived. */
export function firstNs(life: Life): number {
  if (life.birth !== undefined || life.startTicks !== undefined) return life.fromNs;
  const first = Math.min(
    life.facts[0]?.atNs ?? Number.POSITIVE_INFINITY,
    life.sightings[0]?.atNs ?? Number.POSITIVE_INFINITY,
    life.executions[0]?.told?.atNs ?? Number.POSITIVE_INFINITY,
    life.namedNs ?? Number.POSITIVE_INFINITY,
    life.summary?.atNs ?? Number.POSITIVE_INFINITY,
  );
  return Math.max(first, life.fromNs);
}

/** How much room it takes, roughly: what was told of it, its birth included. */
export function countFacts(life: Life): number {
  return 1 + life.facts.length + life.sightings.length + life.executions.length;
}

/** Whether it has something in common with [fromNs, untilNs]. */
export function overlaps(life: Life, fromNs: number, untilNs: number): boolean {
  return life.fromNs <= untilNs && life.toNs >= fromNs;
}

/** The last of lives, oldest first, that had begun at that moment, if it had not ended. */
export function lifeAt(lives: readonly Life[], atNs: number): Life | undefined {
  let low = 0;
  let high = lives.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lives[middle]?.fromNs ?? 0) <= atNs) low = middle + 1;
    else high = middle;
  }
  const life = lives[low - 1];
  return life !== undefined && life.toNs >= atNs ? life : undefined;
}
