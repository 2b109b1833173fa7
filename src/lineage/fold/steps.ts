/** What is told of one pid as steps through its lives: facts in the order in which they count, starts that /proc tells, and moments at which children named it. */
import type { CloneEvent, SightingEvent } from '../lineage-event.ts';
import { exitCallsThatCount } from './exit-calls.ts';
import { isExact, latestNs } from './fact-order.ts';
import type { Fact } from './fact-order.ts';

/** /proc's start of a life whose birth nobody told. */
export interface StartStep {
  readonly kind: 'start';
  readonly ticks: number;
  readonly sightings: readonly SightingEvent[];
  readonly atNs: number;
}
/** A child named it as its parent at that moment. */
export interface NamedStep {
  readonly kind: 'named';
  readonly atNs: number;
}
export type Step = Fact | StartStep | NamedStep;

export interface SplitOptions {
  readonly pid: number;
  readonly tickNs: number;
  /** Lives begin after this. */
  readonly fromNs: number;
  /** Whether facts without an exact time tell lives apart, too: between lives, where nothing better is known. */
  readonly isCoarse: boolean;
}

export function stepsOf(
  facts: readonly Fact[],
  ofTicks: ReadonlyMap<number, readonly SightingEvent[]>,
  named: readonly number[],
  options: SplitOptions,
): readonly Step[] {
  const calls = exitCallsThatCount(facts);
  const births = facts.filter((fact) => fact.kind === 'birth');
  const steps: Step[] = facts.filter((fact) => {
    if (fact.kind === 'clone') return options.isCoarse || !isBorn(fact, births);
    if (fact.kind === 'seen' || fact.kind === 'gone') return true;
    if (fact.kind === 'exitcall') return calls.has(fact);
    return options.isCoarse || isExact(fact);
  });
  // What /proc no longer shows has ended before the look was over: behind exits that were told meanwhile.
  for (const atNs of named) steps.push({ kind: 'named', atNs });
  if (
    named.length > 0 ||
    steps.some((step) => step.kind === 'gone' || step.kind === 'exitcall' || step.kind === 'clone' || isOver(step))
  ) {
    steps.sort((a, b) => placeOf(a, options.isCoarse) - placeOf(b, options.isCoarse));
  }
  for (const [ticks, sightings] of ofTicks) {
    insertStart(steps, { kind: 'start', ticks, sightings, atNs: ticks * options.tickNs }, options.tickNs);
  }
  return steps;
}

/** In exact time a clone is behind all that its tick may hold. */
function placeOf(step: Step, isCoarse = false): number {
  if (step.kind === 'clone') return isCoarse ? step.atNs : latestNs(step);
  return step.kind === 'gone' || step.kind === 'exitcall' || isOver(step) ? latestNs(step) : step.atNs;
}

/** A zombie with one thread has ended before its reading was over: it may have executed something since that began. */
export function isOver(step: Step): step is SightingEvent {
  return step.kind === 'seen' && step.isZombie && step.threads <= 1;
}

/** Whether the connector told of the birth that it is the call of. */
function isBorn(clone: CloneEvent, births: readonly Fact[]): boolean {
  return births.some((birth) => birth.atNs >= clone.atNs && birth.atNs <= latestNs(clone) + forkNs);
}

/** How long a fork may take. */
const forkNs = 1e9;

/**
 * A start is only known to the tick. Where the pid's older process exits within that tick, and the younger one was seen later, the younger began after that exit.
 */
function insertStart(steps: Step[], start: StartStep, tickNs: number): void {
  const seenNs = start.sightings[0]?.atNs ?? start.atNs;
  const first = steps.findIndex((step) => placeOf(step) >= start.atNs);
  let place = first === -1 ? steps.length : first;
  for (let index = place; index < steps.length; index++) {
    const step = steps[index];
    if (step === undefined || step.atNs >= start.atNs + tickNs || step.atNs >= seenNs) break;
    if (step.kind === 'exit' && step.tid === step.pid) place = index + 1;
  }
  steps.splice(place, 0, start);
}
