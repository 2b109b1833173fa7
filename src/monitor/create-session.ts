/**
 * The monitor between its start and its stop: a stream, the table of processes, and looks at /proc that begin the table and repair it after gaps.
 *
 *   start -> stream -> scan -> merge -> what came meanwhile -> live
 *   gap   -> told at once -> what comes waits -> scan -> merge -> what came meanwhile -> live, or the next gaps
 *
 * Gaps that stand close together are repaired by one look: what came between them is taken first.
 *
 * While /proc is looked at events wait, so that what a scan found and what events tell is told once. One that comes late all the same is known by its time:
 * an execve before the look at its process has been told with it.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { messageOf } from '../base/app-error.ts';
import type { Callbacks } from './callbacks/create-callbacks.ts';
import type { ProcessExec, ProcessFacts } from './process-monitor.ts';
import type { OpenProcessStream, StreamGap, StreamHealth, StreamItem } from './process-stream.ts';
import { foresee } from './table/foresee.ts';
import { factsOf, type Life } from './table/life.ts';
import { createProcessLook } from './table/look-at-process.ts';
import { type Finding, mergeScan } from './table/merge-scan.ts';
import { createProcessTable } from './table/process-table.ts';
import { scanProcesses } from './table/scan-processes.ts';
import { createEventTaker, formatExit } from './table/take-event.ts';
import { createTickClock } from './table/tick-clock.ts';

/** The limits and times of a session. */
export const sessionLimits = {
  /** Events that wait while /proc is looked at; more are dropped, counted, and a gap of their own. */
  buffered: 131_072,
  /** How long the stream has to hand over what happened before the end of a scan. */
  settleMs: 20,
  /** Between the repair of gaps and that of the next, and after a look that failed. */
  pauseMs: 100,
  retryMs: 1000,
} as const;

export interface SessionCounts {
  events: number;
  exec: number;
  exit: number;
  fork: number;
  /** Of its own, beside the stream's. */
  gaps: number;
  drops: number;
  scansFailed: number;
}

export interface Session {
  /** Throws MonitorError; then everything is closed. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** False until the first scan has been told. */
  readonly isTold: () => boolean;
  readonly size: () => number;
  readonly processes: () => readonly ProcessFacts[];
  /** For a late subscriber. */
  readonly runningExecs: () => readonly ProcessExec[];
  readonly counts: Readonly<SessionCounts>;
  readonly health: () => StreamHealth;
  /** Why /proc could not be looked at when it had to be. */
  readonly scanTrouble: () => string | undefined;
}

export interface SessionOptions {
  readonly openStream: OpenProcessStream;
  readonly procFolder: string;
  readonly monotonicNs: () => number;
  readonly callbacks: Pick<Callbacks, 'tell' | 'tellGap' | 'tellRepair'>;
  readonly limits?: { readonly [Name in keyof typeof sessionLimits]?: number };
}

export function createSession(options: SessionOptions): Session {
  const { procFolder, monotonicNs, callbacks } = options;
  const limits = { ...sessionLimits, ...options.limits };
  const counts: SessionCounts = { events: 0, exec: 0, exit: 0, fork: 0, gaps: 0, drops: 0, scansFailed: 0 };
  const look = createProcessLook(procFolder);
  const ticks = createTickClock({ procFolder, monotonicNs });
  const table = createProcessTable();
  const ending = new AbortController();
  /** What waits while /proc is looked at; undefined = nothing has to wait. */
  let waiting: StreamItem[] | undefined = [];
  let overflow: { -readonly [Key in keyof StreamGap]: StreamGap[Key] } | undefined;
  /** Processes whose end the last repair has told, and until when that was. */
  let repairedExits: { readonly untilNs: number; readonly pids: ReadonlySet<number> } = { untilNs: 0, pids: new Set() };
  let trouble: string | undefined;
  let isTold = false;
  let life: Promise<void> = Promise.resolve();

  const taker = createEventTaker({
    table,
    look,
    ticks,
    monotonicNs,
    tell: (told) => {
      counts[told.kind]++;
      callbacks.tell(told);
    },
    isToldExit: ({ pid, monotonicNs }) => monotonicNs <= repairedExits.untilNs && repairedExits.pids.has(pid),
  });

  const onItems = (items: readonly StreamItem[]): void => {
    if (ending.signal.aborted) return;
    for (const item of items) {
      if (item.kind === 'gap') callbacks.tellGap(item);
      else counts.events++;
    }
    if (waiting) keep(waiting, items);
    else {
      const first = items.findIndex(isGap);
      take(items, 0, first < 0 ? items.length : first);
      if (first < 0) return;
      waiting = items.slice(first);
      life = repair();
    }
  };
  const keep = (list: StreamItem[], items: readonly StreamItem[]): void => {
    for (const item of items) {
      if (list.length < limits.buffered) list.push(item);
      else drop(list, item);
    }
  };
  const drop = (list: StreamItem[], item: StreamItem): void => {
    const last = list.at(-1);
    if (!overflow) {
      // What follows a gap may be older than its end.
      const fromNs = Math.min(last ? beginningOf(last) : Number.POSITIVE_INFINITY, beginningOf(item));
      overflow = { kind: 'gap', fromNs, toNs: fromNs, drops: 0, reason: 'overrun' };
      list.push(overflow);
    }
    overflow.toNs = Math.max(overflow.toNs, timeOf(item));
    if (item.kind !== 'gap') overflow.drops = (overflow.drops ?? 0) + 1;
  };

  /** Takes events; gaps are passed over. */
  const take = (items: readonly StreamItem[], from: number, to: number): void => {
    const isDoomed = foresee(items, from, to);
    for (let at = from; at < to; at++) {
      const item = items[at];
      if (ending.signal.aborted) return;
      if (item && item.kind !== 'gap') taker.take(item, (event) => isDoomed(event, at));
    }
  };
  /** The same in turns with others. */
  const takeInTurns = async (items: readonly StreamItem[]): Promise<void> => {
    for (let at = 0; at < items.length && !ending.signal.aborted; at += slice) {
      take(items, at, Math.min(at + slice, items.length));
      await setImmediate();
    }
  };

  const tellFindings = (findings: readonly Finding[], origin: 'scan' | 'reconcile', atNs: number): void => {
    for (const { kind, life } of findings) {
      counts[kind] += origin === 'scan' ? 0 : 1;
      if (kind === 'exec') callbacks.tell(formatExec(life, origin, atNs));
      else if (kind === 'exit') callbacks.tell(formatExit(life, atNs, undefined, origin, ticks));
      else if (origin === 'reconcile') {
        const { parentPid = 0 } = life;
        callbacks.tell({ kind: 'fork', monotonicNs: atNs, process: factsOf(life), origin, parentPid });
      }
    }
  };

  /** Looks at /proc and brings the table to it. Throws MonitorError PROC_UNREADABLE. */
  const scan = async (origin: 'scan' | 'reconcile', sinceNs: number): Promise<readonly Finding[]> => {
    ticks.look();
    const found = await scanProcesses({
      procFolder,
      look,
      monotonicNs,
      isKnown: ({ pid, startTicks, image }) => {
        const known = table.get(pid);
        return known?.startTicks === startTicks && known.program.image === image && image !== '';
      },
    });
    const endNs = monotonicNs();
    for (let turn = 0; turn === 0 || (turn < settleTurns && stream.health().waiting > 0); turn++) {
      await setTimeout(limits.settleMs);
    }
    if (ending.signal.aborted) return [];
    const findings = mergeScan({ origin, table, found, coming: waiting ?? [], sinceNs, ticks });
    tellFindings(findings, origin, endNs);
    // In the same turn: who subscribes in the next one is told what runs by a replay.
    isTold = true;
    const exits = findings.filter(({ kind }) => kind === 'exit').map(({ life }) => life.pid);
    repairedExits = { untilNs: endNs, pids: new Set(exits) };
    return findings;
  };

  /** Takes what has waited, makes good the gaps in it, and goes live. */
  const repair = async (): Promise<void> => {
    while (waiting && !ending.signal.aborted) {
      const last = waiting.findLastIndex(isGap);
      if (last < 0 && waiting.length <= slice) {
        // In one turn with the end of waiting, so that nothing comes between.
        const rest = waiting;
        waiting = undefined;
        take(rest, 0, rest.length);
        return;
      }
      const items = waiting.splice(0, last < 0 ? slice : last + 1);
      await takeInTurns(items);
      const gaps = items.filter(isGap);
      const beganNs = monotonicNs();
      if (gaps.length > 0) await repairAll(gaps);
      // Under a flood there is gap after gap: looking again and again would make it worse, the more processes there are the more.
      if (waiting.some(isGap)) await pause(Math.max(limits.pauseMs, (monotonicNs() - beganNs) / 1e6));
    }
  };
  const repairAll = async (gaps: readonly StreamGap[]): Promise<void> => {
    for (const gap of gaps) if (gap === overflow) takeOverflow(gap);
    const lastNs = gaps.reduce((latest, { toNs }) => Math.max(latest, toNs), 0);
    while (!ending.signal.aborted) {
      try {
        const findings = await scan('reconcile', lastNs);
        if (!ending.signal.aborted) tellRepairs(gaps, findings);
        trouble = undefined;
        return;
      } catch (error) {
        counts.scansFailed++;
        trouble = messageOf(error);
        await pause(limits.retryMs);
      }
    }
  };
  /** What a look found counts for the last gap. */
  const tellRepairs = (gaps: readonly StreamGap[], findings: readonly Finding[]): void => {
    const repairedNs = monotonicNs();
    const count = (kind: Finding['kind']): number => findings.filter((finding) => finding.kind === kind).length;
    for (const gap of gaps) {
      const isLast = gap === gaps.at(-1);
      callbacks.tellRepair({ gap, repairedNs, execs: isLast ? count('exec') : 0, exits: isLast ? count('exit') : 0 });
    }
  };
  const takeOverflow = (gap: StreamGap): void => {
    overflow = undefined;
    counts.gaps++;
    counts.drops += gap.drops ?? 0;
    callbacks.tellGap(gap);
  };
  const pause = async (ms: number): Promise<void> => {
    await setTimeout(ms, undefined, { signal: ending.signal }).catch(() => undefined);
  };

  const stream = options.openStream({ onItems, kinds: ['fork', 'exec', 'exit', 'comm'] });
  return {
    start: async () => {
      await stream.start();
      try {
        await scan('scan', monotonicNs());
      } catch (error) {
        counts.scansFailed++;
        ending.abort();
        table.clear();
        await stream.stop();
        throw error;
      }
      life = repair();
    },
    stop: async () => {
      ending.abort();
      await stream.stop();
      await life;
      // Its numbers may still be asked for.
      table.clear();
    },
    isTold: () => isTold,
    size: table.size,
    processes: () => Array.from(table.lives(), factsOf),
    runningExecs: () => {
      const atNs = monotonicNs();
      return Array.from(table.lives(), (life) => formatExec(life, 'scan', atNs));
    },
    counts,
    health: stream.health,
    scanTrouble: () => trouble,
  };
}

/** How often the stream may have more time where it has much to hand over. */
const settleTurns = 20;

/** Events that are taken before others have their turn. */
const slice = 512;

function isGap(item: StreamItem): item is StreamGap {
  return item.kind === 'gap';
}

function timeOf(item: StreamItem): number {
  return item.kind === 'gap' ? item.toNs : item.monotonicNs;
}

function beginningOf(item: StreamItem): number {
  return item.kind === 'gap' ? item.fromNs : item.monotonicNs;
}

function formatExec(life: Life, origin: ProcessExec['origin'], monotonicNs: number): ProcessExec {
  return { kind: 'exec', monotonicNs, process: factsOf(life), origin };
}
