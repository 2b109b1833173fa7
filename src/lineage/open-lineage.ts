/**
 * The lineage of a host: sources in, answers out.
 *
 * ```
 * connector, audit, fanotify --events--> graph (memory) --final processes--> store (SQLite)
 *   /proc (baseline, looks, repair)  \-> store (until their process is final)
 *                                    \-> news, held until all sources have passed them -> who watches
 * ```
 *
 * Events are folded in the call that brings them, and written within a turn (engine/limits.ts). In a flood they wait in a bounded inbox, and all work is done in slices between which the event loop
 * turns: pings and questions are answered, /proc is read after a gap. Where this process is too slow for long, the sources' own bounded queues fill, and what does not fit there is a gap that they
 * tell. What a kill loses is what was not written yet: the gap of the next start says so.
 */
import { messageOf } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import { createPace } from '../base/pace.ts';
import { createAsk } from './engine/ask.ts';
import { createDisk } from './engine/disk.ts';
import { settleEarlierBoot } from './engine/earlier-boot.ts';
import { createGapBook } from './engine/gap-book.ts';
import { createInbox } from './engine/inbox.ts';
import { type EngineLimits, engineLimits } from './engine/limits.ts';
import { createLooks } from './engine/looks.ts';
import { createNews } from './engine/news.ts';
import { readAll, replay } from './engine/replay.ts';
import { createRepair } from './engine/repair.ts';
import { createScope } from './engine/scope.ts';
import { createSettling } from './engine/settling.ts';
import { type Sources, startSources } from './engine/sources.ts';
import { createTurns, type Schedule } from './engine/turns.ts';
import { createWorkLoop, type Later } from './engine/work-loop.ts';
import type { LineageEvent } from './lineage-event.ts';
import type { LineageGraph } from './lineage-graph.ts';
import type { SourceOptions } from './lineage-source.ts';
import type { LineageStore } from './lineage-store.ts';
import type { Lineage, LineageConfig } from './lineage.ts';
import type { ProcessNode } from './process-node.ts';

export interface LineageEngineOptions {
  readonly config: LineageConfig;
  readonly bootId: string;
  readonly clock: Clock;
  /** CLOCK_BOOTTIME now. */
  readonly bootNs: () => number;
  readonly log: (text: string) => void;
  readonly createGraph: (bootId: string) => LineageGraph;
  readonly openStore: () => LineageStore;
  readonly openSources: (options: SourceOptions) => Sources;
  /** Calls the work again and again; default setInterval. */
  readonly schedule?: Schedule;
  /** Default setImmediate. */
  readonly later?: Later;
  readonly limits?: Partial<EngineLimits>;
}

/** One run: it is started once, and stopped once. */
export function openLineage(options: LineageEngineOptions): Lineage {
  const { config, bootId, clock, bootNs, log, createGraph } = options;
  const limits: EngineLimits = { ...engineLimits, ...options.limits };
  const { monotonicMs } = clock;
  const graph = createGraph(bootId);
  let hasRecovered = false;
  const disk = createDisk({
    openStore: options.openStore,
    clock,
    log,
    limits,
    onRecovered: () => (hasRecovered = true),
    onFree: () => loop.wake(),
  });
  let sources: Sources | undefined;
  const gaps = createGapBook();
  const scope =
    config.root === undefined
      ? undefined
      : createScope({
          root: config.root,
          byId: graph.byId,
          byPid: graph.byPid,
          monotonicMs,
          store: disk.add,
          look: (pid) => void sources?.proc.look(pid),
          waitMs: limits.scopeMs,
          most: limits.scopeEvents,
        });
  const news = createNews({
    byPid: graph.byPid,
    outline: graph.outline,
    ...(scope ? { isInScope: (node: ProcessNode) => scope.isInside(node) } : {}),
    monotonicMs,
    holdMs: limits.newsHoldMs,
    workMs: limits.newsWorkMs,
    scopeMs: limits.scopeMs,
    log,
  });
  const repair = createRepair({
    sweep: async () => await sources?.proc.sweep(graph.livePids()),
    onRepaired: (repaired) => {
      for (const gap of repaired) {
        const repairedMs = clock.nowMs();
        disk.attempt((store) => store.repair(gap, repairedMs));
        news.tellGap(gaps.repair(gap, repairedMs));
      }
    },
    monotonicMs,
    log,
  });
  const looks = createLooks({
    aSecond: limits.looksASecond,
    monotonicMs,
    hasAudit: () => sources?.audit?.status().isWorking ?? false,
  });
  const ask = createAsk({
    graph,
    disk,
    isTold: (node) => scope === undefined || scope.isInside(node) === true,
    revisionOf: news.revisionOf,
  });
  let isBaseline = true;

  const digest = (event: LineageEvent): void => {
    const isNew = event.kind === 'seen' && !isBaseline && graph.outline(event.pid, event.atNs) === undefined;
    graph.add(event);
    if (scope) scope.take(event);
    else disk.add(event);
    news.hear(event, isNew);
    if (event.kind !== 'gap') return;
    repair.need(event);
    news.tellGap(gaps.add(event));
  };
  const inbox = createInbox({
    digest,
    monotonicMs,
    sliceMs: limits.sliceMs,
    most: limits.inboxEvents,
    makeRoom: () => {
      const untilMs = monotonicMs() + limits.roomMs;
      while (isFull() && !disk.isHeld() && monotonicMs() < untilMs) {
        disk.flush(limits.sliceMs);
        settling.work(limits.sliceMs);
      }
    },
  });
  const take = (events: readonly LineageEvent[]): void => {
    inbox.take(events);
    if (!isBaseline) repair.turn();
    if (inbox.waiting() > 0) loop.wake();
    for (const pid of looks.choose(events)) sources?.proc.look(pid);
  };

  /** Events on disk are known up to this. */
  let replayedNs = Number.POSITIVE_INFINITY;
  const watermarkNs = (): number => {
    const working = [sources?.connector, sources?.audit, sources?.files].flatMap((source) => {
      const status = source?.status();
      return status?.isWorking === true ? [status.watermarkNs] : [];
    });
    // What was told and is not digested yet is still to come.
    return Math.min(replayedNs, inbox.oldestNs() - 1, working.length === 0 ? bootNs() : Math.min(...working));
  };
  const settling = createSettling({ graph, disk, scope, news, limits, monotonicMs, watermarkNs });
  let isPruning = false;
  /** What is known has to go before more may come: to the disk, or, of what has ended, out of memory. */
  const isFull = (): boolean => disk.isCrowded() || settling.isFull();
  /** A little of all that is to be done; whether there is more that can be done now. */
  const slice = (): boolean => {
    const isUrgent = repair.isUrgent() || inbox.isFlowing();
    const hasRoom = !isFull();
    const isDigested = hasRoom ? inbox.work(isUrgent ? limits.shortSliceMs : limits.sliceMs) : inbox.waiting() === 0;
    // What is behind it comes first, and then /proc: the inbox is bounded.
    if (isUrgent) return true;
    const isWriting = disk.flush(limits.sliceMs);
    settling.work(limits.sliceMs);
    const isTelling = news.work(limits.sliceMs);
    if (isPruning) isPruning = disk.prune();
    const isFree = !disk.isCrowded();
    return isWriting || isTelling || (isFree && (settling.isLeft() || !isDigested)) || (isPruning && !disk.isHeld());
  };
  const loop = createWorkLoop(slice, options.later);
  const turns = createTurns({
    monotonicMs,
    limits,
    write: () => {
      repair.turn();
      if (disk.flush(limits.sliceMs)) loop.wake();
      news.release(watermarkNs());
      if (!hasRecovered) return;
      // What was written before may have been set aside with a damaged file: all that runs is told anew.
      hasRecovered = false;
      void restartBaseline();
    },
    settle: () => {
      scope?.decideOld();
      settling.begin();
      settling.work(limits.sliceMs);
      if (disk.flush(limits.sliceMs) || settling.isLeft()) loop.wake();
    },
    sweep: () => void repair.look(),
    heard: () => disk.attempt((store) => store.setHeard({ atNs: bootNs(), wallMs: clock.nowMs() })),
    prune: () => {
      isPruning = disk.prune();
      if (isPruning) loop.wake();
    },
  });
  const restartBaseline = async (): Promise<void> => {
    try {
      await sources?.proc.stop();
      await sources?.proc.start();
    } catch (error) {
      log(`/proc could not be looked at: ${messageOf(error)}`);
    }
  };

  /** What the store has of this boot, and what became of the one before. */
  const recall = async (): Promise<void> => {
    const pace = createPace({ clock, signal: new AbortController().signal });
    const settled = await settleEarlierBoot(disk, createGraph, pace);
    if (settled > 0) log(`${settled} processes of an earlier boot are over`);
    const events = await readAll(disk, disk.read((store) => store.replay()) ?? [], pace);
    await replay(events, pace, {
      add: graph.add,
      makeRoom: (toldNs) => {
        replayedNs = toldNs;
        settling.beginWhereCrowded();
        if (settling.isLeft()) loop.wake();
      },
      hasRoom: () => !isFull(),
    });
    replayedNs = Number.POSITIVE_INFINITY;
    for (const gap of disk.read((store) => store.gaps()) ?? []) gaps.keep(gap);
  };
  /** From the last stored moment until now nobody listened; before this boot that is a time before 0. */
  const tellAbsence = (): void => {
    const heard = disk.read((store) => store.heard());
    if (!heard) return;
    const untilNs = bootNs();
    const wallMs = Math.min(heard.wallMs, clock.nowMs());
    const atNs = heard.bootId === bootId ? heard.atNs + 1 : untilNs - (clock.nowMs() - wallMs) * 1e6;
    const stream = disk.nextStream();
    const told = { source: 'connector', stream, seq: 1, atNs: Math.min(atNs, untilNs), slackNs: 0, wallMs } as const;
    take([{ kind: 'gap', ...told, untilNs, reason: 'the lineage did not run' }]);
  };

  return {
    start: async () => {
      disk.open();
      await recall();
      sources = options.openSources({ onEvents: take, log, nextStream: disk.nextStream });
      const opened = sources;
      try {
        await startSources(opened, {
          log,
          // From here on the connector tells everything: what it missed ends here.
          onListening: tellAbsence,
        });
      } catch (error) {
        disk.close();
        throw error;
      }
      await inbox.digested();
      // The baseline told what lives; what the store believes in and is not there is gone.
      await repair.look();
      isBaseline = false;
      turns.start(options.schedule);
    },
    stop: async () => {
      turns.stop();
      await repair.stop();
      for (const source of [sources?.files, sources?.audit, sources?.connector, sources?.proc]) {
        try {
          await source?.stop();
        } catch (error) {
          log(`a source did not stop well: ${messageOf(error)}`);
        }
      }
      try {
        await inbox.digested();
        loop.stop();
        disk.attempt((store) => store.setHeard({ atNs: bootNs(), wallMs: clock.nowMs() }));
        await disk.save();
      } catch {
        // It was said: what is not on disk is a gap at the next start.
      }
      disk.close();
    },
    save: async () => {
      await inbox.digested();
      await disk.save();
    },
    ...ask,
    gaps: gaps.all,
    status: () => {
      const problem = disk.problem();
      const size = disk.read((store) => store.size()) ?? { bytes: 0, events: 0, nodes: 0, oldestMs: undefined };
      const opened = [sources?.connector, sources?.audit, sources?.files, sources?.proc];
      return {
        bootId,
        sources: opened.flatMap((source) => (source ? [source.status()] : [])),
        counts: graph.counts(),
        store: { ...size, ...(problem === undefined ? {} : { problem }) },
        corrections: news.corrections(),
        outOfScope: scope?.outside() ?? 0,
        sweeps: repair.sweeps(),
      };
    },
    subscribe: news.subscribe,
  };
}
