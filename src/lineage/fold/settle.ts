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

/** How much is settled at once, and when: absent = all, after `tombstoneMs`. */
export interface SettleOptions {
  /** So many processes at most; the others with the next calls. */
  readonly most?: number;
  /** Instead of `tombstoneMs`. */
  readonly keepMs?: number;
}

/**
 * Final is what has ended tombstoneMs before untilNs, and earlier where there are more than `tombstones`, when no child of it is remembered: so children go before their parents, and a parent
 * stays as long as any of them lives. Lives of one pid go in their order. All are looked through once, and what was found then is given away by one or several calls.
 */
export class Settling {
  readonly #maker: NodeMaker;
  #found: PidRecord[] = [];
  /** What ended until then is final. */
  #borderNs = Number.NEGATIVE_INFINITY;

  constructor(maker: NodeMaker) {
    this.#maker = maker;
  }

  settle(untilNs: number, { most = Number.POSITIVE_INFINITY, keepMs }: SettleOptions = {}): readonly ProcessNode[] {
    const { records, limits } = this.#maker;
    if (this.#found.length === 0) this.#look(untilNs, untilNs - (keepMs ?? limits.tombstoneMs) * 1e6);
    const nodes: ProcessNode[] = [];
    const isFinal = (life: Life, next: Life | undefined): boolean =>
      isOver(life, this.#borderNs) && isDecided(next, untilNs);
    const give = (record: PidRecord, life: Life): boolean => {
      nodes.push(createNode(this.#maker, life));
      records.forget(record, limits.children);
      return nodes.length < most;
    };
    forgetEnded(records, this.#found, isFinal, give);
    return nodes;
  }

  #look(untilNs: number, lastNs: number): void {
    const { records, limits } = this.#maker;
    records.forgetSilent(lastNs, limits.placeholders);
    // More than there is room for: the oldest are final a little earlier. Room is made for what comes until the next time, so that nothing has to be dropped.
    const borderNs = isFull(records, limits, settledShare) ? borderOf(records, limits, settledShare) : lastNs;
    this.#borderNs = Math.min(untilNs - coarseNs, Math.max(lastNs, borderNs));
    this.#found = findEnded(records, (life, next) => isOver(life, this.#borderNs) && isDecided(next, untilNs));
  }
}

/** What audit tells of the next life of a pid, in coarse time, may seem to be of the one before until the birth is told: so long it is not final. */
const coarseNs = 20e6;

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
  const isDropped = (life: Life): boolean => isOver(life, borderNs);
  forgetEnded(records, findEnded(records, isDropped), isDropped, (record) => {
    records.forget(record, limits.children);
    evicted++;
    return true;
  });
  return evicted;
}

function isOver(life: Life, untilNs: number): boolean {
  return life.end !== undefined && life.end.atNs <= untilNs;
}

/** Whether all was told of where the next life of the pid begins: as long as its birth may still come, its first facts may seem to be this one's. */
function isDecided(next: Life | undefined, untilNs: number): boolean {
  return next === undefined || firstNs(next) <= untilNs;
}

type IsFinal = (life: Life, next: Life | undefined) => boolean;

function findEnded(records: Records, isFinal: IsFinal): PidRecord[] {
  const found: PidRecord[] = [];
  for (const record of records.all()) {
    const [oldest, next] = record.lives;
    if (oldest !== undefined && isFinal(oldest, next)) found.push(record);
  }
  return found;
}

/** @param forget says whether to go on; what is left then stays in the queue */
function forgetEnded(
  records: Records,
  queue: PidRecord[],
  isFinal: IsFinal,
  forget: (record: PidRecord, life: Life) => boolean,
): void {
  for (let record = queue.pop(); record !== undefined; record = queue.pop()) {
    for (
      let [life] = record.lives;
      life !== undefined && isFinal(life, record.lives[1]) && !records.hasChildren(life);
      [life] = record.lives
    ) {
      // Its parent may have waited for it.
      const parents = record.edges.map((edge) => edge.parentPid);
      const before = record.lives.length;
      const goesOn = forget(record, life);
      if (record.lives.length < before) queueParents(records, record, parents, { queue, isFinal });
      if (!goesOn) queue.push(record);
      if (!goesOn || record.lives.length === before) return;
    }
  }
}

function queueParents(
  records: Records,
  child: PidRecord,
  pids: readonly number[],
  { queue, isFinal }: { readonly queue: PidRecord[]; readonly isFinal: IsFinal },
): void {
  for (const pid of pids) {
    const parent = records.get(pid);
    const oldest = parent?.lives[0];
    if (parent !== undefined && parent !== child && oldest !== undefined && isFinal(oldest, parent.lives[1]))
      queue.push(parent);
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
