/**
 * A small world of processes that lives by the kernel's rules and tells what the connector and audit would tell, in true order; and an oracle that says from that order what is so. Neither
 * knows anything of the fold.
 */
import type { LineageEvent } from '../../src/lineage/lineage-event.ts';
import { createTeller } from './lineage-events.ts';

interface Being {
  readonly pid: number;
  parent: Being | undefined;
  readonly isSubreaper: boolean;
  readonly tids: Set<number>;
  isAlive: boolean;
}

export interface ForestOptions {
  readonly events: number;
  /** How many pids there are: few make much reuse. */
  readonly pids: number;
  /** Whether audit tells, too. A pid is then not used again within two of its ticks, for that nobody could decide. */
  readonly hasAudit: boolean;
}

/** @returns the events in true order; the first is the birth of process 2, whose parent is 1 */
export function growForest(random: () => number, options: ForestOptions): readonly LineageEvent[] {
  const t = createTeller();
  const events: LineageEvent[] = [];
  const init: Being = { pid: 1, parent: undefined, isSubreaper: true, tids: new Set([1]), isAlive: true };
  const beings: Being[] = [];
  const freeAtUs = new Map<number, number>();
  let atUs = 100_000;
  let nextTid = 100_000;
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value;

  const bear = (parent: Being): void => {
    const free: number[] = [];
    for (let pid = 2; pid < 2 + options.pids; pid++) {
      const isUsed = beings.some((being) => being.pid === pid && being.isAlive);
      if (!isUsed && (freeAtUs.get(pid) ?? 0) <= atUs) free.push(pid);
    }
    if (free.length === 0) return;
    const pid = pick(free);
    beings.push({ pid, parent, isSubreaper: random() < 0.2, tids: new Set([pid]), isAlive: true });
    if (options.hasAudit && random() < 0.7) events.push(t.clone(atUs, parent.pid, pid));
    events.push(t.birth(atUs, pid, parent.pid));
  };
  const reaperOf = (being: Being): Being => {
    let next = being.parent;
    while (next !== undefined && next !== init && !(next.isAlive && next.isSubreaper)) next = next.parent;
    return next ?? init;
  };
  const endThread = (being: Being, tid: number, status: number): void => {
    being.tids.delete(tid);
    // The kernel names no reaper where a last thread is not the first (measured).
    const reaperPid = tid === being.pid ? (being.parent?.pid ?? 0) : 0;
    events.push(t.exit(atUs, being.pid, { tid, status, reaperPid }));
    if (being.tids.size > 0) return;
    being.isAlive = false;
    freeAtUs.set(being.pid, atUs + (options.hasAudit ? 9000 : 0));
    const reaper = reaperOf(being);
    for (const child of beings) if (child.parent === being && child.isAlive) child.parent = reaper;
  };
  const execute = (being: Being): void => {
    const others = [...being.tids].filter((tid) => tid !== being.pid);
    const executable = `/bin/${Math.floor(random() * 1000)}`;
    if (options.hasAudit) events.push(t.auditExec(atUs, being.pid, being.parent?.pid ?? 0, executable));
    // Other threads are ended; the one that called, if it was not the first, takes the first one's place and its own end is never told.
    const caller = others.length > 0 && (random() < 0.5 || !being.tids.has(being.pid)) ? pick(others) : being.pid;
    for (const tid of being.tids) {
      if (tid === caller) continue;
      atUs += 3;
      events.push(
        t.exit(atUs, being.pid, { tid, status: 0, reaperPid: tid === being.pid ? (being.parent?.pid ?? 0) : 0 }),
      );
    }
    being.tids.clear();
    being.tids.add(being.pid);
    atUs += 5;
    events.push(t.exec(atUs, being.pid));
  };

  bear(init);
  while (events.length < options.events) {
    atUs += 1 + Math.floor(random() * (random() < 0.1 ? 60_000 : 900));
    const alive = beings.filter((being) => being.isAlive);
    const being = alive.length === 0 ? undefined : pick(alive);
    const dice = random();
    if (being === undefined || dice < 0.3) bear(being ?? init);
    else if (dice < 0.45) execute(being);
    else if (dice < 0.55) {
      being.tids.add(nextTid);
      events.push(t.thread(atUs, being.pid, nextTid++));
    } else if (dice < 0.65) endThread(being, pick([...being.tids]), 0);
    else if (dice < 0.7) events.push(t.comm(atUs, being.pid, `name${Math.floor(random() * 100)}`));
    else if (dice < 0.75 && options.hasAudit)
      events.push(t.auditFailed(atUs, being.pid, being.parent?.pid ?? 0, '/nowhere'));
    else if (dice < 0.95) {
      const status = random() < 0.3 ? 9 : Math.floor(random() * 256) << 8;
      if (options.hasAudit && status !== 9) events.push(t.exitCall(atUs, being.pid, status >> 8));
      for (const tid of [...being.tids].sort((a, b) => (a < b === random() < 0.5 ? 1 : -1))) {
        atUs += 2;
        endThread(being, tid, status);
      }
    }
  }
  return events;
}

/** What is so of one process: others are named by pid and birth. */
export interface Truth {
  readonly name: string;
  readonly birthParent: string;
  end: { readonly atNs: number; readonly status: number } | undefined;
  isLeaderOver: boolean;
  readonly executions: { readonly atNs: number; executable: string | undefined }[];
  failed: number;
  threadsEver: number;
  threads: number;
  comm: string | undefined;
  /** Pid of the parent that its end named: not told where a last thread was not the first. */
  reaperPid: number | undefined;
  readonly children: string[];
}

/** Reads the events in their true order, as a process table would: what has the pid now is meant. */
export function foretell(events: readonly LineageEvent[]): ReadonlyMap<string, Truth> {
  const truths = new Map<string, Truth>();
  const current = new Map<number, Truth>();
  const waiting = new Map<number, string>();
  for (const event of events) {
    if (event.kind === 'gap' || event.kind === 'clone' || event.kind === 'exitcall') continue;
    if (event.kind === 'birth') {
      const parent = current.get(event.parentPid);
      const truth: Truth = {
        name: `${event.pid}@${event.atNs}`,
        birthParent: parent?.name ?? `${event.parentPid}`,
        end: undefined,
        isLeaderOver: false,
        executions: [],
        failed: 0,
        threadsEver: 1,
        threads: 1,
        comm: undefined,
        reaperPid: undefined,
        children: [],
      };
      parent?.children.push(truth.name);
      current.set(event.pid, truth);
      truths.set(truth.name, truth);
      continue;
    }
    const truth = current.get(event.pid);
    if (truth === undefined) throw new Error(`nothing has the pid ${event.pid}`);
    if (event.kind === 'exec' && event.source === 'audit') waiting.set(event.pid, event.facts?.executable ?? '');
    else if (event.kind === 'exec') {
      truth.executions.push({ atNs: event.atNs, executable: waiting.get(event.pid) });
      waiting.delete(event.pid);
      truth.comm = undefined;
      truth.threads = 1;
      truth.isLeaderOver = false;
    } else if (event.kind === 'execfailed') truth.failed++;
    else if (event.kind === 'comm') truth.comm = event.comm;
    else if (event.kind === 'thread') {
      truth.threads++;
      truth.threadsEver++;
    } else if (event.kind === 'exit') {
      truth.threads--;
      if (event.tid === event.pid) truth.isLeaderOver = true;
      if (truth.threads > 0) continue;
      truth.end = { atNs: event.atNs, status: event.status };
      if (event.reaperPid !== 0) truth.reaperPid = event.reaperPid;
    }
  }
  return truths;
}
