/**
 * Audit tells of an execve with its facts, at the coarse tick of the entry of the call; the connector in exact time, without facts, when it has succeeded. Both are of one Execution.
 *
 * Both tell those of one pid in the order they were. So where calls follow each other faster than audit's tick, and both told as many, they match one by one. Where one side missed some, the nearest
 * in time do: in a run of audit's and the connector's behind it the last of audit's belong to the first of the connector's. What is left over stands by itself.
 */
import type { ExecutionEvent } from '../lineage-event.ts';
import { latestNs } from './fact-order.ts';
import type { Life } from './life.ts';

/** How long an execve may take from its entry: slow disks. What is farther apart is not one call. */
const callNs = 2e9;

export interface ExactExecution {
  readonly event: ExecutionEvent;
  readonly life: Life;
}

export interface MatchedExecutions {
  /** Of each exact one what audit told of it. */
  readonly told: ReadonlyMap<ExecutionEvent, ExecutionEvent>;
  /** Audit's that stand by themselves. */
  readonly alone: readonly ExecutionEvent[];
  /** Audit's that fit executions of two lives alike: in none of them, and these are flagged. */
  readonly ambiguous: readonly ExecutionEvent[];
}

interface Run {
  readonly told: ExecutionEvent[];
  readonly exact: ExactExecution[];
}

/** @param exact and told of one pid, oldest first */
export function matchExecutions(exact: readonly ExactExecution[], told: readonly ExecutionEvent[]): MatchedExecutions {
  const matched = {
    told: new Map<ExecutionEvent, ExecutionEvent>(),
    alone: [] as ExecutionEvent[],
    ambiguous: [] as ExecutionEvent[],
  };
  for (const cluster of clustersOf(exact, told)) {
    if (isComplete(cluster)) matchInOrder(cluster, 0, matched);
    else for (const run of runsOf(cluster.exact, cluster.told)) matchRun(run, matched);
  }
  return matched;
}

type Matched = {
  readonly told: Map<ExecutionEvent, ExecutionEvent>;
  readonly alone: ExecutionEvent[];
  readonly ambiguous: ExecutionEvent[];
};

/** What is farther apart than audit's tick cannot be mixed up. */
function clustersOf(exact: readonly ExactExecution[], told: readonly ExecutionEvent[]): readonly Run[] {
  const clusters: Run[] = [];
  let cluster: Run = { told: [], exact: [] };
  let untilNs = Number.NEGATIVE_INFINITY;
  let next = 0;
  for (const event of told) {
    if (event.atNs > untilNs) {
      while (next < exact.length && (exact[next]?.event.atNs ?? 0) < event.atNs)
        cluster.exact.push(exact[next++] as ExactExecution);
      clusters.push(cluster);
      cluster = { told: [], exact: [] };
    }
    cluster.told.push(event);
    untilNs = Math.max(untilNs, latestNs(event));
  }
  for (; next < exact.length; next++) cluster.exact.push(exact[next] as ExactExecution);
  clusters.push(cluster);
  return clusters;
}

function isComplete({ told, exact }: Run): boolean {
  return told.length === exact.length && told.every((event, index) => isOneCall(event, exact[index]));
}

function runsOf(exact: readonly ExactExecution[], told: readonly ExecutionEvent[]): readonly Run[] {
  const runs: Run[] = [];
  let run: Run = { told: [], exact: [] };
  let next = 0;
  for (const event of told) {
    while (next < exact.length && (exact[next]?.event.atNs ?? 0) < event.atNs)
      run.exact.push(exact[next++] as ExactExecution);
    if (run.exact.length > 0) {
      runs.push(run);
      run = { told: [], exact: [] };
    }
    run.told.push(event);
  }
  run.exact.push(...exact.slice(next));
  runs.push(run);
  return runs;
}

function matchRun(run: Run, matched: Matched): void {
  if (run.told.length !== run.exact.length && isUndecided(run)) matchByParent(run, matched);
  else matchInOrder(run, run.told.length - Math.min(run.told.length, run.exact.length), matched);
}

/** @param first that many of audit's are left over before those that match */
function matchInOrder(run: Run, first: number, matched: Matched): void {
  for (const [index, event] of run.told.entries()) {
    const exact = index < first ? undefined : run.exact[index - first];
    if (exact !== undefined && isOneCall(event, exact)) matched.told.set(exact.event, event);
    else matched.alone.push(event);
  }
}

function isOneCall(told: ExecutionEvent, exact: ExactExecution | undefined): boolean {
  if (exact === undefined) return false;
  return exact.event.atNs >= told.atNs && exact.event.atNs <= latestNs(told) + callNs;
}

/** Whether one of audit's may as well be of an execution of another life: both are within its tick. */
function isUndecided(run: Run): boolean {
  return run.told.some((told) => new Set(reachable(run, told).map((exact) => exact.life)).size > 1);
}

function reachable(run: Run, told: ExecutionEvent): readonly ExactExecution[] {
  return run.exact.filter((exact) => exact.event.atNs <= latestNs(told));
}

/** The parent that audit saw may be that of one of the lives alone. */
function matchByParent(run: Run, matched: Matched): void {
  for (const told of run.told) {
    const free = reachable(run, told).filter((exact) => !matched.told.has(exact.event));
    const fitting = free.filter((exact) => told.parentPid !== undefined && isParent(exact.life, told.parentPid));
    const [first] = fitting;
    if (first !== undefined && new Set(fitting.map((exact) => exact.life)).size === 1) {
      matched.told.set(first.event, told);
      continue;
    }
    if (free.length === 0) {
      matched.alone.push(told);
      continue;
    }
    for (const exact of free) exact.life.isAmbiguous = true;
    matched.ambiguous.push(told);
  }
}

/** Whether something told that this was its parent, at its birth or later. */
export function isParent(life: Life, parentPid: number): boolean {
  return (
    life.birth?.parentPid === parentPid ||
    life.reaping?.reaperPid === parentPid ||
    life.sightings.some((sighting) => sighting.parentPid === parentPid)
  );
}
