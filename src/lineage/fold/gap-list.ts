/** The gaps that sources told of, and whether something fell into one. */
import type { GapEvent, LineageSource } from '../lineage-event.ts';
import type { GapNode } from '../process-node.ts';

export class GapList {
  readonly #gaps: GapEvent[] = [];
  /** Moments at which /proc was looked at, in order of arrival: sorted when asked for. */
  #looks: { readonly atNs: number; readonly wallMs: number }[] = [];
  #areLooksSorted = true;

  add(gap: GapEvent): void {
    this.#gaps.push(gap);
    this.#gaps.sort((a, b) => a.atNs - b.atNs || a.untilNs - b.untilNs || a.stream - b.stream || a.seq - b.seq);
  }

  look(atNs: number, wallMs: number): void {
    const last = this.#looks.at(-1);
    if (last !== undefined && last.atNs > atNs) this.#areLooksSorted = false;
    this.#looks.push({ atNs, wallMs });
  }

  /** Whether a gap of this source has something in common with [fromNs, untilNs]. */
  touches(source: LineageSource, fromNs: number, untilNs: number): boolean {
    for (const gap of this.#gaps) {
      if (gap.atNs > untilNs) return false;
      if (gap.source === source && gap.untilNs >= fromNs) return true;
    }
    return false;
  }

  get isEmpty(): boolean {
    return this.#gaps.length === 0;
  }

  nodes(): readonly GapNode[] {
    return this.#gaps.map((gap) => this.#describe(gap));
  }

  /** Looks before this moment repair no gap that is still to come, but for the last. */
  forgetLooks(untilNs: number): void {
    this.#sortLooks();
    if (this.#gaps.some((gap) => gap.untilNs > untilNs)) return;
    const kept = new Set(this.#gaps.map((gap) => this.#lookAfter(gap)));
    this.#looks = this.#looks.filter((look) => look.atNs > untilNs || kept.has(look));
  }

  #describe(gap: GapEvent): GapNode {
    const look = this.#lookAfter(gap);
    const wallUntilMs = gap.wallMs + Math.round((gap.untilNs - gap.atNs) / 1e6);
    return {
      source: gap.source,
      from: { atNs: gap.atNs, wallMs: gap.wallMs, how: 'observed' },
      until: { atNs: gap.untilNs, wallMs: wallUntilMs, how: 'observed' },
      ...(gap.drops === undefined ? {} : { drops: gap.drops }),
      reason: gap.reason,
      ...(look === undefined ? {} : { repairedMs: look.wallMs }),
    };
  }

  #lookAfter(gap: GapEvent): { readonly atNs: number; readonly wallMs: number } | undefined {
    this.#sortLooks();
    let low = 0;
    let high = this.#looks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#looks[middle]?.atNs ?? 0) < gap.untilNs) low = middle + 1;
      else high = middle;
    }
    return this.#looks[low];
  }

  #sortLooks(): void {
    if (this.#areLooksSorted) return;
    this.#looks.sort((a, b) => a.atNs - b.atNs || a.wallMs - b.wallMs);
    this.#areLooksSorted = true;
  }
}
