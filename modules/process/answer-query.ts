import type { MonitorTelemetry } from '../../src/monitor/process-monitor.ts';
import type { RunOutcome } from '../../src/module/run.ts';
import { compileRegex } from '../../src/search/regex/compile-regex.ts';
import type { Elements, EventElement, HealthElement, RateElement, Statistics } from './elements.ts';
import { type EventLog, sizeOf } from './event-log.ts';
import { newest, type Params, readSince } from './params.ts';

/** Of all events of an answer: arguments are as long as whoever starts a process wants. */
const maxCharacters = 4 * 1024 * 1024;
/** Of a question that says which events it wants, but not how many. */
const mostUnasked = 1000;

export interface Answering {
  readonly log: EventLog;
  readonly nowMs: () => number;
  readonly rates: () => readonly RateElement[];
  readonly telemetry: () => MonitorTelemetry;
  readonly leftOut: () => number;
}

export function answerQuery(answering: Answering, params: Params): RunOutcome<Elements, Statistics> {
  const { log } = answering;
  const sinceMs = params.since === undefined ? undefined : readSince(params.since, answering.nowMs());
  const since = sinceMs === undefined ? undefined : new Date(sinceMs).toISOString();
  const isMatch = createMatch(params, since);
  const wanted = params.recent ?? defaultCount(params);
  const found: EventElement[] = [];
  let matched = 0;
  let room = maxCharacters;
  for (const event of log.newest()) {
    // To the oldest: where the wall clock was set back, older ones have later times.
    if (!isMatch(event)) continue;
    matched++;
    if (found.length >= wanted || room <= 0) continue;
    found.push(event);
    room -= sizeOf(event);
  }
  const oldest = log.oldest();
  const isForgotten = log.forgotten() > 0 && oldest !== undefined && since !== undefined && oldest.at > since;
  const told = found.length;
  const health = params.health ? toHealth(answering.telemetry(), answering.leftOut()) : undefined;
  return {
    foundAnything: found.length > 0 || params.health === true || params.rates === true,
    elements: {
      events: found.reverse(),
      ...(params.rates ? { rates: answering.rates() } : {}),
      ...(health ? { health } : {}),
    },
    statistics: {
      matched,
      kept: log.size(),
      forgotten: log.forgotten(),
      ...(oldest ? { oldest: oldest.at } : {}),
    },
    errors: [
      ...(isForgotten ? [`what happened before ${oldest.at} is kept no more`] : []),
      ...(room <= 0
        ? [`one answer has no room for more than these ${told} events: ask for fewer, or for another time`]
        : []),
    ],
  };
}

function defaultCount({ pids, name, kinds, since, health, rates }: Params): number {
  if (since !== undefined || pids !== undefined) return mostUnasked;
  const isAboutEvents = name !== undefined || kinds !== undefined;
  return !isAboutEvents && (health === true || rates === true) ? 0 : newest;
}

/** Times of events are compared as texts: all are written alike, and there may be a million of them. */
function createMatch({ pids, name, kinds }: Params, since: string | undefined): (event: EventElement) => boolean {
  const regex = name === undefined ? undefined : compileRegex(name);
  const wantedPids = pids && new Set(pids.map(Number));
  const wantedKinds = kinds && new Set<string>(kinds);
  return (event) => {
    if (since !== undefined && event.at < since) return false;
    if (wantedKinds && !wantedKinds.has(event.event)) return false;
    if (wantedPids && !wantedPids.has(event.pid ?? 0) && !wantedPids.has(event.ppid ?? 0)) return false;
    return !regex || [event.name, event.executable].some((text) => text !== undefined && regex.test(text));
  };
}

function toHealth(telemetry: MonitorTelemetry, leftOut: number): HealthElement {
  const { isHealthy, reason } = telemetry;
  return {
    healthy: isHealthy,
    ...(reason === undefined ? {} : { reason }),
    processes: telemetry.processes,
    events: telemetry.events,
    fork: telemetry.fork,
    exec: telemetry.exec,
    exit: telemetry.exit,
    gaps: telemetry.gaps,
    drops: telemetry.drops,
    reinitialisations: telemetry.reinitialisations,
    reinitialisationsfailed: telemetry.reinitialisationsFailed,
    scansfailed: telemetry.scansFailed,
    callbacks: telemetry.callbacks,
    callbacksfailed: telemetry.callbacksFailed,
    callbacksdropped: telemetry.callbacksDropped,
    queuedepth: telemetry.queueDepth,
    mostqueued: telemetry.mostQueued,
    buffer: telemetry.receiveBufferBytes,
    leftout: leftOut,
  };
}
