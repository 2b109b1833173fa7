/**
 * What stays of processes that are settled: enough to know late facts of them, and to name them as somebody's parent. A ring of numbers, for there are many: the oldest are overwritten.
 * Lives of one pid come in their order.
 */
import type { SightingEvent } from '../lineage-event.ts';
import { latestNs, subjectOf } from './fact-order.ts';
import type { Fact } from './fact-order.ts';
import { formatId, formatProvisionalId } from './node-id.ts';
import type { IdScope } from './node-id.ts';

/** What an id is made of: ticks and, where another life began in that tick, the birth; or, without ticks, the moment of a provisional one. */
export interface IdParts {
  readonly startTicks: number | undefined;
  readonly atNs: number | undefined;
}

export interface Stub extends IdParts {
  readonly pid: number;
  readonly fromNs: number;
  readonly toNs: number;
}

export class Stubs {
  readonly #limit: number;
  readonly #scope: IdScope;
  /** Five numbers each: fromNs, toNs, startTicks, atNs (NaN = undefined), the number of the one before of the same pid (0 = none). */
  #numbers = new Float64Array(5 * 1024);
  #pids = new Int32Array(1024);
  /** Numbers count from 1; their place is the rest by the limit. */
  #last = 0;
  readonly #lastOfPid = new Map<number, number>();

  constructor(limit: number, scope: IdScope) {
    this.#limit = Math.max(1, limit);
    this.#scope = scope;
  }

  add(stub: Stub): void {
    const number = ++this.#last;
    if (number > this.#limit) this.#overwrite(number - this.#limit);
    const place = number % this.#limit;
    this.#makeRoom(place);
    this.#pids[place] = stub.pid;
    const { fromNs, toNs, startTicks = Number.NaN, atNs = Number.NaN } = stub;
    this.#numbers.set([fromNs, toNs, startTicks, atNs, this.#lastOfPid.get(stub.pid) ?? 0], 5 * place);
    this.#lastOfPid.set(stub.pid, number);
  }

  /** The id of the settled life of the pid at that moment. */
  findId(pid: number, atNs: number): string | undefined {
    const stub = this.#find(pid, (candidate) => candidate.fromNs <= atNs && candidate.toNs >= atNs);
    if (stub === undefined) return undefined;
    return formatParts(this.#scope, pid, stub);
  }

  /** Whether the fact is of a life that is settled, and so comes too late. */
  holds(fact: Fact, tickNs: number): boolean {
    const pid = subjectOf(fact);
    if (!this.#lastOfPid.has(pid)) return false;
    if (fact.kind === 'seen') return this.#find(pid, (stub) => isOf(stub, fact, tickNs)) !== undefined;
    // What may be after the end may be of the next life, whose birth is still to come.
    const untilNs = latestNs(fact);
    return this.#find(pid, (stub) => stub.fromNs <= untilNs && stub.toNs >= untilNs) !== undefined;
  }

  hasTick(pid: number, ticks: number): boolean {
    return this.#find(pid, (stub) => stub.startTicks === ticks) !== undefined;
  }

  /** When the last one that is settled ended; -Infinity where there is none. */
  lastNs(pid: number): number {
    return this.#find(pid, () => true)?.toNs ?? Number.NEGATIVE_INFINITY;
  }

  /** The youngest that passes. */
  #find(pid: number, isWanted: (stub: Stub) => boolean): Stub | undefined {
    let number = this.#lastOfPid.get(pid) ?? 0;
    while (number !== 0 && number > this.#last - this.#limit) {
      const place = number % this.#limit;
      const [fromNs = 0, toNs = 0, ticks = 0, at = 0, previous = 0] = this.#numbers.subarray(5 * place, 5 * place + 5);
      const startTicks = Number.isNaN(ticks) ? undefined : ticks;
      const stub = { pid, fromNs, toNs, startTicks, atNs: Number.isNaN(at) ? undefined : at };
      if (isWanted(stub)) return stub;
      number = previous;
    }
    return undefined;
  }

  #overwrite(number: number): void {
    const pid = this.#pids[number % this.#limit] ?? 0;
    if (this.#lastOfPid.get(pid) === number) this.#lastOfPid.delete(pid);
  }

  #makeRoom(place: number): void {
    if (place < this.#pids.length) return;
    const size = Math.min(Math.max(2 * this.#pids.length, place + 1), Math.max(this.#limit, place + 1));
    const pids = new Int32Array(size);
    pids.set(this.#pids);
    this.#pids = pids;
    const numbers = new Float64Array(5 * size);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}

export function formatParts(scope: IdScope, pid: number, parts: IdParts): string {
  const { startTicks, atNs } = parts;
  if (startTicks === undefined) return formatProvisionalId(scope, pid, atNs ?? 0);
  return formatId(scope, pid, startTicks, atNs);
}

/** A zombie that nobody waits for is seen again and again after its end. */
function isOf(stub: Stub, sighting: SightingEvent, tickNs: number): boolean {
  const startNs = sighting.startTicks * tickNs;
  if (stub.startTicks === undefined) return stub.fromNs <= startNs && stub.toNs >= startNs + tickNs;
  return Math.abs(stub.startTicks - sighting.startTicks) <= 1 && startNs <= stub.toNs;
}
