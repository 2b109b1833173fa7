/**
 * Gives what was told in coarse time (audit, fanotify) to the lives that exact time has told apart: to the one whose [start, end] holds its time, flagged where it fits two alike. What fits none
 * makes lives of its own in the holes between: a placeholder, whose birth was not told (yet).
 */
import type { CloneEvent, ExecutionEvent } from '../lineage-event.ts';
import { compareFacts, isExact, latestNs } from './fact-order.ts';
import type { Fact } from './fact-order.ts';
import { addExecution, endLife, firstNs, lifeAt, overlaps } from './life.ts';
import type { Life } from './life.ts';
import { isParent, matchExecutions } from './match-executions.ts';
import { splitLives } from './split-lives.ts';
import type { SplitOptions } from './steps.ts';

/** fanotify's time is that of the reading: the process may be over by then. */
const lateFileNs = 2e9;
/** A clone is the birth of what is first heard of within this, where nothing else says so. */
const cloneNs = 1e9;

/**
 * @param lives of one pid, as splitLives made them: completed in place
 * @param facts all of the pid, in canonical order
 * @param named when children named the pid as their parent, oldest first
 * @returns all lives, oldest first
 */
export function placeFacts(
  lives: readonly Life[],
  facts: readonly Fact[],
  named: readonly number[],
  options: SplitOptions,
): readonly Life[] {
  const { tickNs } = options;
  const left: Fact[] = placeExecutions(lives, facts, tickNs);
  for (const fact of facts) {
    if (isExact(fact) || isPlaced(fact)) continue;
    if (fact.kind === 'exitcall') {
      if (lifeIn(lives, fact, tickNs).length === 0) left.push(fact);
    } else if (!place(lives, fact, tickNs)) left.push(fact);
  }
  for (const life of lives) {
    if (life.facts.length > 1) life.facts.sort(compareFacts);
    if (life.executions.length > 1) life.executions = life.executions.toSorted((a, b) => timeOf(a) - timeOf(b));
  }
  const clones = facts.filter((fact): fact is CloneEvent => fact.kind === 'clone');
  const unknown = named.filter((atNs) => lifeAt(lives, atNs) === undefined);
  const all =
    left.length === 0 && unknown.length === 0 ? lives : fillHoles(lives, [...left, ...clones], facts, unknown, options);
  for (const life of all) takeClone(life, clones, options.tickNs);
  return all;
}

/** By splitLives, or by placeExecutions, or not at all. */
function isPlaced(fact: Fact): boolean {
  return fact.kind === 'seen' || fact.kind === 'gone' || fact.kind === 'clone' || fact.kind === 'exec';
}

function placeExecutions(lives: readonly Life[], facts: readonly Fact[], tickNs: number): Fact[] {
  const told = facts.filter((fact): fact is ExecutionEvent => fact.kind === 'exec' && !isExact(fact));
  const exact = lives.flatMap((life) =>
    life.facts.filter((fact): fact is ExecutionEvent => fact.kind === 'exec').map((event) => ({ event, life })),
  );
  const matched = matchExecutions(exact, told);
  for (const { event, life } of exact) addExecution(life, { exact: event, told: matched.told.get(event) });
  return matched.alone.filter((event) => !place(lives, event, tickNs));
}

/** False where no life was at that time. */
function place(lives: readonly Life[], fact: Fact, tickNs: number): boolean {
  const fitting = lifeIn(lives, fact, tickNs);
  if (fitting.length === 0) return fact.kind === 'file' && placeLate(lives, fact, tickNs);
  const parentPid = fact.kind === 'exec' || fact.kind === 'execfailed' ? fact.parentPid : undefined;
  const named = parentPid === undefined ? [] : fitting.filter((life) => isParent(life, parentPid));
  const chosen = fitting.length === 1 ? fitting[0] : named.length === 1 ? named[0] : undefined;
  if (chosen === undefined) {
    // Flagged, never guessed.
    for (const life of fitting) life.isAmbiguous = true;
    return true;
  }
  add(chosen, fact);
  return true;
}

function add(life: Life, fact: Fact): void {
  if (fact.kind !== 'exec') {
    life.facts.push(fact);
    return;
  }
  addExecution(life, { exact: undefined, told: fact });
}

function timeOf(execution: {
  readonly exact: ExecutionEvent | undefined;
  readonly told: ExecutionEvent | undefined;
}): number {
  return (execution.exact ?? execution.told)?.atNs ?? 0;
}

function lifeIn(lives: readonly Life[], fact: Fact, tickNs: number): readonly Life[] {
  return lives.filter((life) => overlaps(life, fact.atNs, latestNs(fact)) && mayBeOf(life, fact, tickNs));
}

/** Whose start fanotify's reader saw, that one it is: the start that a birth tells may be a tick later than /proc's. */
function mayBeOf(life: Life, fact: Fact, tickNs: number): boolean {
  if (fact.kind !== 'file' || fact.startTicks === undefined) return true;
  const ticks = life.startTicks ?? (life.birth === undefined ? undefined : Math.floor(life.birth.atNs / tickNs));
  return ticks === undefined || Math.abs(ticks - fact.startTicks) <= 1;
}

function placeLate(lives: readonly Life[], fact: Fact, tickNs: number): boolean {
  const last = lives.findLast((life) => life.toNs < fact.atNs && mayBeOf(life, fact, tickNs));
  if (last === undefined || fact.atNs - last.toNs > lateFileNs) return false;
  last.facts.push(fact);
  return true;
}

/** What fits no life is told apart by itself, as well as coarse time can, in each hole between the lives that are known. */
function fillHoles(
  lives: readonly Life[],
  left: readonly Fact[],
  facts: readonly Fact[],
  named: readonly number[],
  options: SplitOptions,
): readonly Life[] {
  const all: Life[] = [];
  let fromNs = options.fromNs;
  const absences = facts.filter((fact) => fact.kind === 'gone');
  for (const next of [...lives, undefined]) {
    const untilNs = next?.fromNs ?? Number.POSITIVE_INFINITY;
    if (untilNs > fromNs) all.push(...fillHole(left, absences, named, { ...options, fromNs, isCoarse: true }, next));
    if (next !== undefined) {
      all.push(next);
      fromNs = next.toNs;
    }
  }
  return all;
}

function fillHole(
  left: readonly Fact[],
  absences: readonly Fact[],
  named: readonly number[],
  options: SplitOptions,
  next: Life | undefined,
): readonly Life[] {
  const untilNs = next?.fromNs ?? Number.POSITIVE_INFINITY;
  const isHere = (atNs: number): boolean => atNs > options.fromNs && atNs < untilNs;
  const here = left.filter((fact) => isHere(fact.atNs));
  const moments = named.filter((atNs) => isHere(atNs));
  if (moments.length === 0 && here.every((fact) => fact.kind === 'clone')) return [];
  const own = [...here, ...absences.filter((fact) => isHere(fact.atNs))].sort(compareFacts);
  // A clone that nothing followed was a thread's, or nothing is known of what it made: it decides nothing alone.
  const lives = splitLives(own, options, moments).filter((life) => life.facts.length > 0 || life.namedNs !== undefined);
  for (const life of lives) {
    life.isFromHole = true;
    for (const fact of life.facts) if (fact.kind === 'exec') addExecution(life, { exact: undefined, told: fact });
  }
  const last = lives.at(-1);
  if (last !== undefined && next !== undefined && last.end === undefined) {
    const wallMs = next.birth?.wallMs ?? next.sightings[0]?.wallMs ?? next.facts[0]?.wallMs ?? 0;
    endLife(last, { atNs: untilNs, wallMs, reason: 'lost', isObserved: false });
  }
  return lives;
}

/**
 * Audit's clone (fork, vfork, clone, clone3) tells neither whether it made a process or a thread, nor who the parent is (CLONE_PARENT). Where the connector told no birth and /proc no other start, it is the start of the
 * process that is heard of next, if that is at once, or if the same parent is named.
 */
function takeClone(life: Life, clones: readonly CloneEvent[], tickNs: number): void {
  if (life.birth !== undefined || clones.length === 0) return;
  const { startTicks } = life;
  if (startTicks !== undefined) {
    life.clone = clones.findLast((clone) => Math.abs(Math.floor(clone.atNs / tickNs) - startTicks) <= 1);
    return;
  }
  const first = firstNs(life);
  const clone = clones.findLast((candidate) => candidate.atNs <= first && latestNs(candidate) >= life.fromNs);
  const isItsOwn = clone !== undefined && (first - clone.atNs <= cloneNs || isToldParent(life, clone.pid));
  life.clone = isItsOwn ? clone : undefined;
}

function isToldParent(life: Life, parentPid: number): boolean {
  return life.executions.some((execution) => execution.told?.parentPid === parentPid);
}
