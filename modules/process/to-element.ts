/** What the monitor tells, as it is kept and sent: texts decoded, times on the wall. */
import { constants } from 'node:os';
import type { ProcessExec, ProcessExit, ProcessFacts, ProcessFork } from '../../src/monitor/process-monitor.ts';
import type { StreamGap } from '../../src/monitor/process-stream.ts';
import { decodeLatin1Path } from '../../src/search/walk/path-text.ts';
import type { EventElement } from './elements.ts';

export type Unnumbered = Omit<EventElement, 'n'>;

/** CLOCK_MONOTONIC, nanoseconds, to RFC 3339, UTC. */
export type ToTime = (monotonicNs: number) => string;

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name.replace(/^SIG/, '')]),
);

export function toElement(told: ProcessExec | ProcessExit | ProcessFork, toTime: ToTime): Unnumbered {
  const { kind, monotonicNs, process, origin } = told;
  const ppid = kind === 'exit' ? told.reaperPid : kind === 'fork' ? told.parentPid : process.parentPid;
  return {
    at: toTime(monotonicNs),
    event: kind,
    ...factsOf(process, ppid),
    ...(kind === 'exit' ? endOf(told) : {}),
    ...(origin === 'reconcile' ? { reconciled: true as const } : {}),
  };
}

export function toGap({ fromNs, toNs, drops, reason }: StreamGap, toTime: ToTime): Unnumbered {
  return { at: toTime(toNs), event: 'gap', drops: drops ?? null, reason, from: toTime(fromNs), until: toTime(toNs) };
}

function factsOf(
  { pid, startTicks, comm, executable, args, isCut }: ProcessFacts,
  ppid: number | undefined,
): Partial<Unnumbered> {
  return {
    pid,
    ...(ppid === undefined ? {} : { ppid }),
    ...(startTicks === undefined ? {} : { start: startTicks }),
    ...(comm === undefined ? {} : { name: decodeLatin1Path(comm) }),
    ...(executable === undefined ? {} : { executable: decodeLatin1Path(executable) }),
    ...(args === undefined ? {} : { args: args.map(decodeLatin1Path) }),
    ...(isCut ? { cut: true } : {}),
  };
}

function endOf({ code, signal, hasCore, durationMs }: ProcessExit): Partial<Unnumbered> {
  return {
    ...(code === undefined ? {} : { code }),
    ...(signal === undefined ? {} : { signal: signalNames.get(signal) ?? String(signal) }),
    ...(hasCore ? { core: true } : {}),
    ...(durationMs === undefined ? {} : { ms: Math.round(durationMs * 1000) / 1000 }),
  };
}
