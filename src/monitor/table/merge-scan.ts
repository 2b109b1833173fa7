/**
 * What a scan of /proc adds to what events told: after the start, and after a gap. Events that came during the scan are told after it, so what they will tell is not told
 * here: births after `sinceNs`, and ends whose exit is among them. Pure.
 */
import type { StreamItem } from '../process-stream.ts';
import { createLife, isLifeOf, type Life } from './life.ts';
import type { ProcessTable } from './process-table.ts';
import type { Found } from './scan-processes.ts';
import type { TickClock } from './tick-clock.ts';

export type Finding = { readonly kind: 'exec' | 'exit' | 'fork'; readonly life: Life };

/** Ticks for which the event of a birth may be on its way. */
const fresh = 5;

export interface ScanMerge {
  readonly origin: 'scan' | 'reconcile';
  readonly table: ProcessTable;
  readonly found: ReadonlyMap<number, Found>;
  /** In the order of arrival, told after the merge. */
  readonly coming: Iterable<StreamItem>;
  /** CLOCK_MONOTONIC: from here on every event is told. */
  readonly sinceNs: number;
  readonly ticks: TickClock;
}

/** Brings the table to what was found, and says what is to be told, in order. */
export function mergeScan({ origin, table, found, coming, sinceNs, ticks }: ScanMerge): readonly Finding[] {
  const news = summarize(coming);
  const sinceTicks = ticks.ticksOf(sinceNs);
  const findings: Finding[] = [];
  for (const life of table.lives()) {
    const now = found.get(life.pid);
    if (now && isLifeOf(life, now.startTicks, ticks.tolerance())) {
      if (updateLife(table, life, now)) findings.push({ kind: 'exec', life });
      continue;
    }
    const exits = news.exits.get(life.pid);
    if (exits) {
      // It ends with the last of the threads whose exits are still to be told.
      life.threads = exits.size === 1 && exits.has(life.pid) ? undefined : exits;
      continue;
    }
    table.remove(life);
    findings.push({ kind: 'exit', life });
  }
  for (const now of found.values()) {
    if (table.get(now.pid)) continue;
    const birthNs = news.births.get(now.pid);
    const isToldBorn = birthNs !== undefined && ticks.isBirth(now.startTicks, birthNs);
    // One that was just born has its event on the way. The same is true of one born behind the beginning, but by now that event should have come.
    const freshTicks = ticks.ticksOf(now.sightedNs) - fresh;
    if (isToldBorn || now.startTicks > Math.max(sinceTicks + 1, freshTicks)) continue;
    const life = createLife(now.pid, {
      origin,
      sightedNs: now.sightedNs,
      startTicks: now.startTicks,
      isStartExact: true,
      parentPid: now.parentPid,
      comm: now.comm,
      threads: now.tids,
      ...(now.program ? { program: now.program } : {}),
    });
    table.put(life);
    findings.push({ kind: 'fork', life }, { kind: 'exec', life });
  }
  return findings;
}

/** True where it runs another program than was told. */
function updateLife(table: ProcessTable, life: Life, now: Found): boolean {
  life.startTicks = now.startTicks;
  life.isStartExact = true;
  life.threads = now.tids;
  life.comm = now.comm;
  life.facts = undefined;
  if (!now.program) return false;
  const old = life.program;
  const isOther =
    old.image === ''
      ? old.executable !== now.program.executable || old.args?.join('\0') !== now.program.args?.join('\0')
      : old.image !== now.program.image;
  table.setProgram(life, now.program);
  if (isOther) life.sightedNs = now.sightedNs;
  return isOther;
}

interface News {
  /** By pid, the newest. */
  readonly births: ReadonlyMap<number, number>;
  /** The threads whose exits come before the pid is given to another. */
  readonly exits: ReadonlyMap<number, Set<number>>;
}

function summarize(coming: Iterable<StreamItem>): News {
  const births = new Map<number, number>();
  const exits = new Map<number, Set<number>>();
  for (const item of coming) {
    if (item.kind === 'fork' && item.pid === item.tid) births.set(item.pid, item.monotonicNs);
    if (item.kind !== 'exit' || births.has(item.pid)) continue;
    const tids = exits.get(item.pid);
    if (tids) tids.add(item.tid);
    else exits.set(item.pid, new Set([item.tid]));
  }
  return { births, exits };
}
