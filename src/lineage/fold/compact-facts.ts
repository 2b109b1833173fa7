/**
 * A process may live for months, start a million threads and change its name as often. Behind the watermark, where nothing can come between any more, facts that only count, or that a later one has
 * overtaken, are put together: what is said of the process stays the same.
 */
import type { LineageLimits } from '../lineage-graph.ts';
import type { OwnerFacts, SightingEvent } from '../lineage-event.ts';
import { firstAndLast } from './create-node.ts';
import { latestNs } from './fact-order.ts';
import type { Fact } from './fact-order.ts';
import type { GapList } from './gap-list.ts';
import { executionNs } from './image.ts';
import type { Life } from './life.ts';
import type { PidRecord } from './pid-record.ts';
import type { Records } from './records.ts';

export interface CompactOptions {
  readonly untilNs: number;
  readonly limits: LineageLimits;
  readonly gaps: GapList;
}

/** Of the big ones those whose last life goes on; ended ones are settled soon. */
export function compactFacts(records: Records, options: CompactOptions): void {
  for (const record of records.big) {
    const life = record.lives.at(-1);
    if (life !== undefined && life.end === undefined && records.get(record.pid) === record)
      compact(records, record, life, options);
    record.compactSize = record.facts.length;
  }
  records.big.clear();
}

function compact(records: Records, record: PidRecord, life: Life, options: CompactOptions): void {
  const dropped = new Set<Fact>();
  const old = life.facts.filter((fact) => latestNs(fact) <= options.untilNs);
  dropThreads(life, old, options, dropped);
  dropNames(life, old, dropped);
  dropOwners(old, dropped);
  dropSightings(life, options, dropped);
  dropMiddle(
    old.filter((fact) => fact.kind === 'file'),
    options.limits.files,
    dropped,
  );
  dropMiddle(
    old.filter((fact) => fact.kind === 'execfailed'),
    options.limits.executions,
    dropped,
  );
  dropExecutions(life, options, dropped);
  if (dropped.size === 0) return;
  const before = countsOf(life);
  record.facts = record.facts.filter((fact) => !dropped.has(fact));
  records.touch(record);
  records.update();
  const left = record.lives.at(-1);
  if (left === undefined) return;
  const after = countsOf(left);
  const atNs = Math.max(left.fromNs, Math.min(options.untilNs, left.birth?.atNs ?? options.untilNs));
  const previous = left.summary;
  record.summaries = [
    ...record.summaries.filter((summary) => summary !== previous),
    {
      atNs: previous?.atNs ?? atNs,
      threads: (previous?.threads ?? 0) + before.threads - after.threads,
      executions: (previous?.executions ?? 0) + before.executions - after.executions,
      failedExecutions: (previous?.failedExecutions ?? 0) + before.failedExecutions - after.failedExecutions,
      files: (previous?.files ?? 0) + before.files - after.files,
    },
  ];
  left.summary = record.summaries.at(-1);
}

function countsOf(life: Life): { threads: number; executions: number; failedExecutions: number; files: number } {
  return {
    threads: life.threadsEver,
    executions: life.executions.length,
    failedExecutions: life.facts.filter((fact) => fact.kind === 'execfailed').length,
    files: life.facts.filter((fact) => fact.kind === 'file').length,
  };
}

/** Threads that have ended, and all from before the last execve, which ended them. */
function dropThreads(life: Life, old: readonly Fact[], options: CompactOptions, dropped: Set<Fact>): void {
  const execNs = old.findLast((fact) => fact.kind === 'exec')?.atNs ?? Number.NEGATIVE_INFINITY;
  const seenNs =
    life.sightings.findLast((sighting) => sighting.atNs <= options.untilNs)?.atNs ?? Number.NEGATIVE_INFINITY;
  const open = new Map<number, Fact>();
  for (const fact of old) {
    if (fact.kind === 'thread') {
      if (fact.atNs < execNs) dropped.add(fact);
      else open.set(fact.tid, fact);
    } else if (fact.kind === 'exit') {
      const thread = open.get(fact.tid);
      open.delete(fact.tid);
      if (thread !== undefined) dropped.add(thread).add(fact);
      else if (fact.atNs < execNs || (fact.tid !== fact.pid && fact.atNs < seenNs)) dropped.add(fact);
    }
  }
}

function dropNames(life: Life, old: readonly Fact[], dropped: Set<Fact>): void {
  const last = old.findLast((fact) => fact.kind === 'comm' && fact.tid === life.pid);
  for (const fact of old) if (fact.kind === 'comm' && fact !== last) dropped.add(fact);
}

function dropOwners(old: readonly Fact[], dropped: Set<Fact>): void {
  const told = new Set<string>();
  for (const fact of old.toReversed()) {
    if (fact.kind !== 'owner') continue;
    // Whether the first thread or another said it matters for all but the session.
    const isNew = Object.keys(fact.owner satisfies OwnerFacts).some(
      (key) => !told.has(`${fact.tid === fact.pid ? '' : 'thread '}${key}`),
    );
    for (const key of Object.keys(fact.owner)) told.add(`${fact.tid === fact.pid ? '' : 'thread '}${key}`);
    if (!isNew) dropped.add(fact);
  }
}

/** Kept are the first and the last, and those that show something new: a parent, an image, or that it is the same process behind a gap. */
function dropSightings(life: Life, options: CompactOptions, dropped: Set<Fact>): void {
  const old = life.sightings.filter((sighting) => latestNs(sighting) <= options.untilNs);
  let [kept] = old;
  for (const sighting of old.slice(1, -1)) {
    if (kept === undefined || isNews(life, kept, sighting, options)) kept = sighting;
    else dropped.add(sighting);
  }
}

function isNews(life: Life, kept: SightingEvent, sighting: SightingEvent, options: CompactOptions): boolean {
  return (
    sighting.parentPid !== kept.parentPid ||
    sighting.cgroup !== kept.cgroup ||
    sighting.container !== kept.container ||
    sighting.facts?.executable !== kept.facts?.executable ||
    sighting.facts?.cwd !== kept.facts?.cwd ||
    sighting.facts?.comm !== kept.facts?.comm ||
    sighting.owner?.uid !== kept.owner?.uid ||
    life.executions.some((execution) => {
      const atNs = executionNs(life, execution);
      return atNs >= kept.atNs && atNs <= sighting.atNs;
    }) ||
    options.gaps.touches('connector', kept.atNs, sighting.atNs)
  );
}

function dropMiddle(facts: readonly Fact[], limit: number, dropped: Set<Fact>): void {
  const kept = new Set(firstAndLast(facts, limit));
  for (const fact of facts) if (!kept.has(fact)) dropped.add(fact);
}

function dropExecutions(life: Life, options: CompactOptions, dropped: Set<Fact>): void {
  const old = life.executions.filter((execution) => executionNs(life, execution) <= options.untilNs);
  const kept = new Set(firstAndLast(old, options.limits.executions));
  for (const execution of old) {
    if (kept.has(execution)) continue;
    if (execution.exact !== undefined) dropped.add(execution.exact);
    if (execution.told !== undefined) dropped.add(execution.told);
  }
}
