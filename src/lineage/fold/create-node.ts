/** A life told as a node of the graph. */
import type { ExecutionEvent, FileEvent, SightingEvent } from '../lineage-event.ts';
import type { LineageLimits } from '../lineage-graph.ts';
import type { End, Execution, FileTouch, How, Known, Moment, NodeState, ProcessNode } from '../process-node.ts';
import type { GapList } from './gap-list.ts';
import { executionNs } from './image.ts';
import type { Image, Images } from './image.ts';
import { hasStart } from './life.ts';
import type { Life, LifeEnd, LifeExecution } from './life.ts';
import { birthParent, namespaceOf, presentParent } from './parents.ts';
import type { Records } from './records.ts';
import { countThreads } from './threads.ts';

export interface NodeMaker {
  readonly records: Records;
  readonly images: Images;
  readonly gaps: GapList;
  readonly limits: LineageLimits;
}

export function createNode(maker: NodeMaker, life: Life): ProcessNode {
  const { records, gaps, limits } = maker;
  const image = maker.images.at(life, life.toNs);
  const start = startOf(life, gaps, records.options.tickNs);
  const end = life.end === undefined ? undefined : describeEnd(life, life.end, gaps);
  const born = birthParent(records, gaps, life);
  const parent = presentParent(records, gaps, life);
  const namespace = namespaceOf(life);
  const startTicks = records.startTicks(life);
  return {
    id: records.idOf(life),
    pid: life.pid,
    bootId: records.options.bootId,
    ...(namespace === undefined ? {} : { pidNamespace: namespace }),
    ...(startTicks === undefined ? {} : { startTicks }),
    state: stateOf(life),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(born === undefined ? {} : { birthParent: born }),
    ...(parent === undefined ? {} : { parent }),
    children: childrenOf(records, life, limits),
    ...describeImage(image, mayHaveChanged(life, gaps)),
    ...describeExecutions(life, limits),
    ...describeFiles(life, limits),
    isKernelThread: image.isKernelThread ?? false,
    threads: life.end === undefined ? countThreads(life) : 0,
    threadsEver: life.threadsEver + (life.summary?.threads ?? 0),
    marks: marksOf(maker, life),
    revision: 0,
  };
}

function stateOf(life: Life): NodeState {
  if (life.end !== undefined) return 'exited';
  if (!life.isLeaderAlive) return 'leaderExited';
  return hasStart(life) ? 'live' : 'pendingBirth';
}

function startOf(life: Life, gaps: GapList, tickNs: number): Moment | undefined {
  if (life.birth !== undefined) return { atNs: life.birth.atNs, wallMs: life.birth.wallMs, how: 'observed' };
  if (life.startTicks !== undefined) {
    const atNs = life.startTicks * tickNs;
    // /proc told it later: its wall time is worked out from the look's.
    const [first] = life.sightings;
    const wallMs = first === undefined ? 0 : Math.round(first.wallMs - (first.atNs - atNs) / 1e6);
    return { atNs, wallMs, how: gaps.touches('connector', atNs, atNs + tickNs) ? 'gap' : 'inferred' };
  }
  if (life.clone !== undefined) return { atNs: life.clone.atNs, wallMs: life.clone.wallMs, how: 'inferred' };
  return undefined;
}

function describeEnd(life: Life, end: LifeEnd, gaps: GapList): End {
  const how: How = end.isObserved ? 'observed' : gaps.touches('connector', lastNs(life), end.atNs) ? 'gap' : 'inferred';
  const moment = { atNs: end.atNs, wallMs: Math.round(end.wallMs), how, reason: end.reason };
  if (end.status === undefined) return { ...moment, ...(end.code === undefined ? {} : { code: end.code }) };
  const signal = end.status & 0x7f;
  const hasCore = (end.status & 0x80) !== 0 || life.facts.some((fact) => fact.kind === 'core');
  return signal === 0 ? { ...moment, code: (end.status >> 8) & 0xff } : { ...moment, signal, hasCore };
}

/** When it was last heard of, but for its end. */
function lastNs(life: Life): number {
  let last = life.birth?.atNs ?? life.fromNs;
  for (const fact of life.facts) if (fact.kind !== 'gone') last = Math.max(last, fact.atNs);
  return Math.max(last, life.sightings.at(-1)?.atNs ?? last);
}

function childrenOf(records: Records, life: Life, limits: LineageLimits): readonly string[] {
  const living = records.children(life).map((child) => ({ atNs: child.atNs, id: records.idOf(child.life) }));
  const former =
    records.get(life.pid)?.formerChildren.filter((child) => child.atNs >= life.fromNs && child.atNs <= life.toNs) ?? [];
  if (former.length === 0) return living.map((child) => child.id);
  return [...former.slice(-limits.children), ...living].sort((a, b) => a.atNs - b.atNs).map((child) => child.id);
}

/** A gap behind the last that was heard of it may hide an execve: what it runs may be otherwise. */
function mayHaveChanged(life: Life, gaps: GapList): boolean {
  if (gaps.isEmpty) return false;
  let last = life.birth?.atNs ?? life.sightings[0]?.atNs ?? life.fromNs;
  for (const execution of life.executions) last = Math.max(last, executionNs(life, execution));
  for (const sighting of life.sightings)
    if (sighting.facts?.executable !== undefined) last = Math.max(last, sighting.atNs);
  return gaps.touches('connector', last, life.toNs);
}

function describeImage(image: Image, isDoubtful: boolean): Partial<ProcessNode> {
  const { isKernelThread: _, ...rest } = image;
  if (!isDoubtful) return rest;
  return {
    ...rest,
    ...(rest.executable === undefined ? {} : { executable: doubt(rest.executable) }),
    ...(rest.args === undefined ? {} : { args: doubt(rest.args) }),
  };
}

function doubt<Value>(known: Known<Value>): Known<Value> {
  return { value: known.value, how: 'gap' };
}

function describeExecutions(
  life: Life,
  limits: LineageLimits,
): Pick<ProcessNode, 'executions' | 'executionCount' | 'failedExecutions'> {
  const failed = life.facts.filter((fact) => fact.kind === 'execfailed');
  return {
    executions: firstAndLast(life.executions, limits.executions).map((execution) => describeExecution(life, execution)),
    executionCount: life.executions.length + (life.summary?.executions ?? 0),
    failedExecutions: firstAndLast(failed, limits.executions).map((fact) => ({
      atNs: fact.atNs,
      wallMs: fact.wallMs,
      how: 'observed',
      ...executed(fact.facts),
      error: fact.error,
    })),
  };
}

function describeExecution(life: Life, execution: LifeExecution): Execution {
  const { exact, told } = execution;
  const event = exact ?? told;
  const facts = told?.facts ?? exact?.facts ?? seenFacts(life, execution);
  return { atNs: executionNs(life, execution), wallMs: event?.wallMs ?? 0, how: 'observed', ...executed(facts) };
}

/** Without audit /proc tells what was executed, where it was looked at before the next execve. */
function seenFacts(life: Life, execution: LifeExecution): SightingEvent['facts'] {
  const index = life.executions.indexOf(execution);
  const next = life.executions[index + 1];
  const fromNs = executionNs(life, execution);
  const untilNs = next === undefined ? Number.POSITIVE_INFINITY : executionNs(life, next);
  return life.sightings.find(
    (sighting) => sighting.facts !== undefined && sighting.atNs >= fromNs && sighting.atNs + sighting.slackNs < untilNs,
  )?.facts;
}

function executed(facts: ExecutionEvent['facts']): Partial<Execution> {
  if (facts === undefined) return {};
  const { executable, args, isCut, cwd } = facts;
  return {
    ...(executable === undefined ? {} : { executable }),
    ...(args === undefined ? {} : { args }),
    ...(isCut === undefined ? {} : { isCut }),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

function describeFiles(life: Life, limits: LineageLimits): Pick<ProcessNode, 'files' | 'fileCount'> {
  const files = life.facts.filter((fact): fact is FileEvent => fact.kind === 'file');
  return {
    files: firstAndLast(files, limits.files).map((file): FileTouch => ({
      atNs: file.atNs,
      wallMs: file.wallMs,
      how: 'observed',
      change: file.change,
      path: file.path,
      ...(file.from === undefined ? {} : { from: file.from }),
      ...(file.to === undefined ? {} : { to: file.to }),
    })),
    fileCount: files.length + (life.summary?.files ?? 0),
  };
}

export function firstAndLast<Value>(values: readonly Value[], limit: number): readonly Value[] {
  if (values.length <= limit) return values;
  const first = Math.ceil(limit / 2);
  return [...values.slice(0, first), ...values.slice(values.length - (limit - first))];
}

function marksOf(maker: NodeMaker, life: Life): ProcessNode['marks'] {
  const marks: ProcessNode['marks'][number][] = [];
  if (life.isAmbiguous) marks.push('ambiguous');
  if (!maker.gaps.isEmpty && touchesGap(life, maker.gaps)) marks.push('gap');
  if (isCut(maker, life)) marks.push('evicted');
  return marks;
}

/** Where a fact is missing because of a gap: its birth, its end, what audit would have told of an execve, or, of one that lives, anything since it was last seen. */
function touchesGap(life: Life, gaps: GapList): boolean {
  const first = life.facts[0]?.atNs ?? life.sightings[0]?.atNs ?? life.namedNs ?? life.fromNs;
  const startNs = life.startTicks === undefined ? life.fromNs : life.fromNs - 1e7;
  if (
    life.birth === undefined &&
    gaps.touches('connector', startNs, life.startTicks === undefined ? first : life.fromNs + 1e7)
  )
    return true;
  if (life.end?.isObserved !== true && gaps.touches('connector', lastNs(life), life.toNs)) return true;
  // What came behind one, and before it was seen again, may be another process'.
  const provenNs = life.sightings.at(-1)?.atNs ?? life.birth?.atNs ?? first;
  if (gaps.touches('connector', provenNs + 1, life.toNs - 1)) return true;
  return life.executions.some(
    ({ exact, told }) =>
      exact !== undefined &&
      told === undefined &&
      exact.facts === undefined &&
      gaps.touches('audit', exact.atNs, exact.atNs),
  );
}

function isCut(maker: NodeMaker, life: Life): boolean {
  const record = maker.records.get(life.pid);
  const failed = life.facts.reduce((count, fact) => (fact.kind === 'execfailed' ? count + 1 : count), 0);
  const files = life.facts.reduce((count, fact) => (fact.kind === 'file' ? count + 1 : count), 0);
  return (
    life.executions.length + (life.summary?.executions ?? 0) > maker.limits.executions ||
    failed + (life.summary?.failedExecutions ?? 0) > maker.limits.executions ||
    files + (life.summary?.files ?? 0) > maker.limits.files ||
    isWithin(record?.droppedChildrenNs, life) ||
    isWithin(record?.evictedNs, life)
  );
}

function isWithin(atNs: number | undefined, life: Life): boolean {
  return atNs !== undefined && Number.isFinite(atNs) && atNs >= life.fromNs && atNs <= life.toNs;
}
