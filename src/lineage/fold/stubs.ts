/** What stays of processes that are settled: enough to know late facts of them, and to name them as somebody's parent. The oldest are forgotten beyond a number. */
import type { SightingEvent } from '../lineage-event.ts';
import { latestNs } from './fact-order.ts';
import type { Fact } from './fact-order.ts';

export interface Stub {
  readonly id: string;
  readonly pid: number;
  readonly startTicks: number | undefined;
  readonly fromNs: number;
  readonly toNs: number;
}

export class Stubs {
  readonly #limit: number;
  readonly #ofPid = new Map<number, Stub[]>();
  /** In the order they were settled, from #first on. */
  #queue: Stub[] = [];
  #first = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(stub: Stub): void {
    const stubs = this.#ofPid.get(stub.pid);
    if (stubs === undefined) this.#ofPid.set(stub.pid, [stub]);
    else {
      stubs.push(stub);
      stubs.sort((a, b) => a.fromNs - b.fromNs);
    }
    this.#queue.push(stub);
    if (this.#queue.length - this.#first > this.#limit) this.#forgetOldest();
  }

  find(pid: number, atNs: number): Stub | undefined {
    return this.#ofPid.get(pid)?.findLast((stub) => stub.fromNs <= atNs && stub.toNs >= atNs);
  }

  /** Whether the fact is of a life that is settled, and so comes too late. */
  holds(fact: Fact, tickNs: number): boolean {
    const stubs = this.#ofPid.get(fact.pid);
    if (stubs === undefined) return false;
    if (fact.kind === 'seen') return stubs.some((stub) => isOf(stub, fact, tickNs));
    // What may be after the end may be of the next life, whose birth is still to come.
    return stubs.some((stub) => stub.fromNs <= latestNs(fact) && stub.toNs >= latestNs(fact));
  }

  hasTick(pid: number, ticks: number): boolean {
    return this.#ofPid.get(pid)?.some((stub) => stub.startTicks === ticks) ?? false;
  }

  /** When the last one that is settled ended; -Infinity where there is none. */
  lastNs(pid: number): number {
    return this.#ofPid.get(pid)?.at(-1)?.toNs ?? Number.NEGATIVE_INFINITY;
  }

  #forgetOldest(): void {
    const stub = this.#queue[this.#first++];
    if (this.#first > 1024 && this.#first * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    if (stub === undefined) return;
    const left = (this.#ofPid.get(stub.pid) ?? []).filter((other) => other !== stub);
    if (left.length === 0) this.#ofPid.delete(stub.pid);
    else this.#ofPid.set(stub.pid, left);
  }
}

/** A zombie that nobody waits for is seen again and again after its end. */
function isOf(stub: Stub, sighting: SightingEvent, tickNs: number): boolean {
  if (stub.startTicks === undefined)
    return stub.toNs >= sighting.startTicks * tickNs + tickNs && stub.fromNs <= sighting.startTicks * tickNs;
  return Math.abs(stub.startTicks - sighting.startTicks) <= 1 && sighting.startTicks * tickNs <= stub.toNs;
}
