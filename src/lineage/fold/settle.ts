/** What is over for good leaves the memory: given back where it is settled, dropped and counted where there is no room. */
import type { LineageLimits } from '../lineage-graph.ts';
import type { ProcessNode } from '../process-node.ts';
import { createNode } from './create-node.ts';
import type { NodeMaker } from './create-node.ts';
import { latestNs } from './fact-order.ts';
import { firstNs, hasStart } from './life.ts';
import type { Life } from './life.ts';
import type { PidRecord } from './pid-record.ts';
import type { Records } from './records.ts';

/**
 * Final is what has ended tombstoneMs before untilNs, and earlier where there are more than `tombstones`, when no child of it is remembered: so children go before their parents, and a parent
 * stays as long as any of them lives. Lives of one pid go in their order.
 */
export function settle(maker: NodeMaker, untilNs: number): readonly ProcessNode[] {
  const { records, limits } = maker;
  const nodes: ProcessNode[] = [];
  const lastNs = untilNs - limits.tombstoneMs * 1e6;
  const give = (record: PidRecord, life: Life): void => {
    nodes.push(createNode(maker, life));
    records.forget(record, limits.children);
  };
  forgetEnded(records, (life, next) => isOver(life, lastNs) && isDecided(next, untilNs), give);
  records.forgetSilent(lastNs, limits.placeholders);
  // More than there is room for: the oldest are final a little earlier. Room is made for what comes until the next time, so that nothing has to be dropped.
  if (isFull(records, limits, settledShare)) {
    const borderNs = Math.min(untilNs, borderOf(records, limits, settledShare));
    forgetEnded(records, (life, next) => isOver(life, borderNs) && isDecided(next, untilNs), give);
  }
  return nodes;
}

/** How much of the room is left taken where it was full. */
const settledShare = 0.75;

/** What is not settled yet has to have room, too: only beyond twice the facts something is dropped. */
const droppedFacts = 2;

function isFull(records: Records, limits: LineageLimits, share: number, factShare = share): boolean {
  return records.tally.ended > limits.tombstones * share || records.endedFacts > limits.tombstoneFacts * factShare;
}

/** Keeps to the numbers of limits: how many processes were dropped for that. */
export function evict(records: Records, limits: LineageLimits): number {
  let evicted = 0;
  if (records.silent.size > limits.placeholders) records.forgetSilent(Number.NEGATIVE_INFINITY, limits.placeholders);
  const placeholders = records.tally.placeholders - limits.placeholders;
  if (placeholders > 0) evicted += evictPlaceholders(records, placeholders);
  if (!isFull(records, limits, 1, droppedFacts)) return evicted;
  const borderNs = borderOf(records, limits, settledShare * droppedFacts);
  const drop = (record: PidRecord): void => {
    records.forget(record, limits.children);
    evicted++;
  };
  forgetEnded(records, (life) => isOver(life, borderNs), drop);
  return evicted;
}

function isOver(life: Life, untilNs: number): boolean {
  return life.end !== undefined && life.end.atNs <= untilNs;
}

/** Whether all was told of where the next life of the pid begins: as long as its birth may still come, its first facts may seem to be this one's. */
function isDecided(next: Life | undefined, untilNs: number): boolean {
  return next === undefined || firstNs(next) <= untilNs;
}

function forgetEnded(
  records: Records,
  isFinal: (life: Life, next: Life | undefined) => boolean,
  forget: (record: PidRecord, life: Life) => void,
): void {
  const queue: PidRecord[] = [];
  for (const record of records.all()) {
    const [oldest, next] = record.lives;
    if (oldest !== undefined && isFinal(oldest, next)) queue.push(record);
  }
  for (let record = queue.pop(); record !== undefined; record = queue.pop()) {
    for (
      let [life] = record.lives;
      life !== undefined && isFinal(life, record.lives[1]) && !records.hasChildren(life);
      [life] = record.lives
    ) {
      // Its parent may have waited for it.
      const parents = record.edges.map((edge) => edge.parentPid);
      const before = record.lives.length;
      forget(record, life);
      if (record.lives.length === before) return;
      for (const parentPid of parents) {
        const parent = records.get(parentPid);
        const oldest = parent?.lives[0];
        if (parent !== undefined && parent !== record && oldest !== undefined && isFinal(oldest, parent.lives[1]))
          queue.push(parent);
      }
    }
  }
}

/** What ended until then is too much: of the younger ones as many as fill the share of the room. */
function borderOf(records: Records, limits: LineageLimits, factShare: number): number {
  const spare = Math.max(
    records.tally.ended - limits.tombstones * settledShare,
    // A share of the facts is that share of the processes, as far as they are alike.
    records.tally.ended * (1 - (limits.tombstoneFacts * factShare) / Math.max(1, records.endedFacts)),
  );
  if (spare <= 0) return Number.NEGATIVE_INFINITY;
  const ends = new Float64Array(records.tally.ended);
  let count = 0;
  for (const record of records.all()) {
    for (const life of record.lives) if (life.end !== undefined && hasStart(life)) ends[count++] = life.end.atNs;
  }
  return ends.subarray(0, count).sort()[Math.min(count, Math.ceil(spare)) - 1] ?? Number.NEGATIVE_INFINITY;
}

/** A placeholder without a birth is of little worth, the older the less. What children said of it is kept with them. */
function evictPlaceholders(records: Records, count: number): number {
  const found: { readonly record: PidRecord; readonly life: Life; readonly atNs: number }[] = [];
  for (const record of records.all()) {
    for (const life of record.lives) if (!hasStart(life)) found.push({ record, life, atNs: firstNs(life) });
  }
  found.sort((a, b) => a.atNs - b.atNs || a.record.pid - b.record.pid);
  const dropped = found.slice(0, count);
  for (const { record, life } of dropped) {
    const untilNs = Math.max(
      record.namedUntilNs <= life.toNs ? record.namedUntilNs : firstNs(life),
      ...life.facts.map((fact) => latestNs(fact)).slice(-1),
    );
    record.evictedNs = Math.max(record.evictedNs, Number.isFinite(untilNs) ? untilNs : firstNs(life));
    const owned = new Set<unknown>([...life.facts, ...life.executions.map((execution) => execution.told)]);
    record.facts = record.facts.filter((fact) => !owned.has(fact));
    records.touch(record);
  }
  records.update();
  return dropped.length;
}
