/** A process monitor behind the handlers of a persistent module: what is kept, what watchers are told, what is asked. */
import { basename } from 'node:path/posix';
import type { PersistContext, PersistHandlers } from '../../src/module/persist.ts';
import type { ProcessMonitor } from '../../src/monitor/process-monitor.ts';
import type { StreamGap } from '../../src/monitor/process-stream.ts';
import { answerQuery } from './answer-query.ts';
import type { Config } from './config.ts';
import { createEventTeller } from './create-event-teller.ts';
import type { Elements, EventElement, Statistics } from './elements.ts';
import { createEventLog } from './event-log.ts';
import { maskEvent } from './mask-event.ts';
import type { Params } from './params.ts';
import { createRates } from './rates.ts';
import { toElement, toGap, type Unnumbered } from './to-element.ts';

/** How often who watches is told what was left out, and the log whether the monitor does well. */
const tickMs = 1000;

/** Resolves when the monitor hears. Throws what keeps it from that: MonitorError. Takes a reference over, and gives it back at the stop. */
export async function serveProcesses(
  monitor: ProcessMonitor,
  context: Pick<PersistContext<Config>, 'config' | 'clock' | 'log' | 'event' | 'extraPrivacy'>,
  monotonicNs: () => number,
): Promise<PersistHandlers<Params, Elements, Statistics>> {
  const { config, clock, log, extraPrivacy } = context;
  const events = createEventLog(config.keepEvents);
  const rates = createRates(clock);
  const teller = createEventTeller({ perSecond: config.watchPerSecond, clock, event: context.event });
  const isWanted = createFilter(config);
  const toTime = (ns: number): string => new Date(clock.nowMs() - (monotonicNs() - ns) / 1e6).toISOString();
  /** The numbers of gaps that are not repaired. */
  const open = new Map<StreamGap, number>();

  const keep = (event: Unnumbered): void => {
    if (!isWanted(event)) return;
    const added = events.add(event);
    if (event.event !== 'fork' || config.watchForks) teller.tell(extraPrivacy ? maskEvent(added) : added);
  };
  monitor.subscribeFork((told) => {
    rates.add('fork');
    keep(toElement(told, toTime));
  });
  monitor.subscribeExec((told) => {
    // What ran before the module did is no event.
    if (told.origin === 'scan') return;
    rates.add('exec');
    keep(toElement(told, toTime));
  });
  monitor.subscribeExit((told) => {
    rates.add('exit');
    keep(toElement(told, toTime));
  });
  monitor.subscribeGap((gap) => {
    const { n, ...fields } = events.add(toGap(gap, toTime));
    if (open.size < maxOpen) open.set(gap, n);
    teller.tellAlways(fields);
    log(`${gap.drops ?? 'an unknown number of'} process events were missed (${gap.reason}); /proc is looked at`);
  });
  monitor.subscribeRepair(({ gap, repairedNs, execs, exits }) => {
    const n = open.get(gap);
    open.delete(gap);
    const repair = { repairedat: toTime(repairedNs), execs, exits };
    if (n !== undefined) events.replace(n, repair);
    teller.tellAlways({ event: 'repaired', at: repair.repairedat, drops: gap.drops ?? null, ...repair });
  });
  const tellHealth = createHealthLog(monitor, log);
  try {
    await monitor.initialize();
  } catch (error) {
    await monitor.stop();
    throw error;
  }
  const timer = setInterval(() => {
    teller.tick();
    tellHealth();
  }, tickMs);
  const answering = {
    log: events,
    nowMs: clock.nowMs,
    rates: rates.read,
    telemetry: monitor.telemetry,
    leftOut: teller.leftOut,
  };
  return {
    query: async (params) => answerQuery(answering, params),
    stop: async () => {
      clearInterval(timer);
      await monitor.stop();
    },
  };
}

/** Gaps that wait for their repair at one time. */
const maxOpen = 1000;

/** By the whole name, or the last part of the executable. */
function createFilter({ names, exclude }: Config): (event: Partial<EventElement>) => boolean {
  const [wanted, unwanted] = [new Set(names), new Set(exclude)];
  if (wanted.size + unwanted.size === 0) return () => true;
  return ({ name, executable }) => {
    const own = [name, executable && basename(executable.replace(/ \(deleted\)$/, ''))];
    const isIn = (set: ReadonlySet<string>): boolean => own.some((one) => one !== undefined && set.has(one));
    return (wanted.size === 0 || isIn(wanted)) && !isIn(unwanted);
  };
}

/** Says once that the monitor does not hear, and once that it does again. */
function createHealthLog(monitor: ProcessMonitor, log: (message: string) => void): () => void {
  let last: string | undefined;
  return () => {
    const { isHealthy, reason } = monitor.telemetry();
    const now = isHealthy ? undefined : (reason ?? 'for no reason that is known');
    if (now === last) return;
    log(now === undefined ? 'process events are heard again' : `process events are not heard: ${now}`);
    last = now;
  };
}
