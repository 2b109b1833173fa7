/**
 * A process that does nothing but listen, so that what it costs can be measured: to the stream, or, with the word "monitor", to the shared monitor with a callback for forks, execs and exits each. Reads words on
 * its input ("stall", "report"), and prints a line of JSON when it listens and for each report, which counts since the last.
 */
import { createInterface } from 'node:readline';
import type { StreamItem } from '../../../src/monitor/process-stream.ts';
import { getProcessMonitor } from '../../../src/monitor/get-process-monitor.ts';
import { openProcessStream } from '../../../src/monitor/open-process-stream.ts';

export interface ListenerReport {
  readonly seconds: number;
  readonly events: number;
  readonly fork: number;
  readonly exec: number;
  readonly exit: number;
  readonly comm: number;
  /** Of the execs that the monitor told, those whose arguments could be read. */
  readonly withArgs: number;
  readonly gaps: number;
  /** What gaps said was lost: what the socket dropped, and what is missing in the kernel's numbers. */
  readonly drops: number;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly rssMiB: number;
  /** From the kernel's time of an exec to the call with it. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
  /** As the stream counts: since it was started. */
  readonly health: {
    readonly events: number;
    readonly gaps: number;
    readonly drops: number;
    readonly rejected: number;
  };
  /** As the listener was told: since it was started. */
  readonly told: number;
}

const mostLatencies = 1_000_000;
const latenciesMs = new Float64Array(mostLatencies);
let counts = startCounting();
let told = 0;

function startCounting() {
  return {
    startedMs: performance.now(),
    cpu: process.cpuUsage(),
    kinds: new Map<string, number>(),
    drops: 0,
    latencies: 0,
    withArgs: 0,
  };
}

function onItems(items: readonly StreamItem[]): void {
  const nowNs = Number(process.hrtime.bigint());
  for (const item of items) {
    counts.kinds.set(item.kind, (counts.kinds.get(item.kind) ?? 0) + 1);
    if (item.kind === 'gap') {
      counts.drops += item.drops ?? 0;
      continue;
    }
    told++;
    if (item.kind === 'exec' && counts.latencies < mostLatencies) {
      latenciesMs[counts.latencies++] = (nowNs - item.monotonicNs) / 1e6;
    }
  }
}

interface Source {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly health: () => ListenerReport['health'];
}

function openMonitor(): Source {
  const monitor = getProcessMonitor();
  const hear = (kind: string, monotonicNs: number): void => {
    counts.kinds.set(kind, (counts.kinds.get(kind) ?? 0) + 1);
    told++;
    if (kind !== 'exec' || counts.latencies >= mostLatencies) return;
    latenciesMs[counts.latencies++] = (Number(process.hrtime.bigint()) - monotonicNs) / 1e6;
  };
  monitor.subscribeFork(({ monotonicNs }) => hear('fork', monotonicNs));
  monitor.subscribeExec(({ monotonicNs, origin, process: { args } }) => {
    if (origin !== 'event') return;
    hear('exec', monotonicNs);
    if (args) counts.withArgs++;
  });
  monitor.subscribeExit(({ monotonicNs }) => hear('exit', monotonicNs));
  monitor.subscribeGap(({ drops }) => {
    counts.kinds.set('gap', (counts.kinds.get('gap') ?? 0) + 1);
    counts.drops += drops ?? 0;
  });
  return { start: monitor.initialize, stop: monitor.stop, health: () => ({ ...monitor.telemetry(), rejected: 0 }) };
}

const source: Source = process.argv[2] === 'monitor' ? openMonitor() : openProcessStream({ onItems });
await source.start();
process.stdout.write('{}\n');
for await (const line of createInterface(process.stdin)) {
  if (line === 'stall') for (const untilMs = performance.now() + 1000; performance.now() < untilMs;);
  else process.stdout.write(`${JSON.stringify(report())}\n`);
}
await source.stop();

function report(): ListenerReport {
  const seconds = (performance.now() - counts.startedMs) / 1000;
  const { user, system } = process.cpuUsage(counts.cpu);
  const latencies = latenciesMs.subarray(0, counts.latencies).toSorted();
  const at = (part: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0;
  const kinds = Object.fromEntries(counts.kinds);
  const of = (kind: string): number => kinds[kind] ?? 0;
  const { events, gaps, drops, rejected } = source.health();
  const all = [...counts.kinds.values()].reduce((sum, count) => sum + count, 0);
  const result: ListenerReport = {
    seconds,
    events: all - of('gap'),
    fork: of('fork'),
    exec: of('exec'),
    exit: of('exit'),
    comm: of('comm'),
    withArgs: counts.withArgs,
    gaps: of('gap'),
    drops: counts.drops,
    cpuPercent: (user + system) / 1e4 / seconds,
    rssMiB: process.memoryUsage.rss() / 1024 / 1024,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    mostMs: at(1),
    health: { events, gaps, drops, rejected },
    told,
  };
  counts = startCounting();
  return result;
}
