/**
 * The stream of process events beside forkstat, both listening to the same load at the same time: `npm run bench monitor`. The load forks and runs a program of one system call;
 * it is compiled with gcc. `--seconds N` says how long the soak at the end takes (20 without it): its resident memory, and whether all counters add up.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { printFigure, readVersion } from './measure.ts';
import type { ListenerReport } from './monitor/listener.ts';

const folder = join(import.meta.dirname, 'monitor');
const nodeFlags = ['--disable-warning=ExperimentalWarning'] as const;
const loadSeconds = 6;
/** Of load before anything is measured: a monitor runs for days, the compiler of its code for the first seconds. */
const warmSeconds = 12;
/** Each run of the load's program is a fork, an exec and an exit. */
const runsPerSecond = 4000 / 3;
/** More than the kernel's timers need to hand over the last event. */
const settleMs = 300;

export async function benchMonitor(): Promise<void> {
  if (process.getuid?.() !== 0) {
    process.stdout.write('process events of a whole host need root: nothing is measured\n');
    return;
  }
  const { values } = parseArgs({ options: { seconds: { type: 'string' } }, allowPositionals: true });
  const built = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  const listener = await startListener();
  try {
    const load = buildLoad(built);
    process.stdout.write(`tools: ${readVersion('forkstat', '-h') ?? 'forkstat is not installed'}\n`);
    await countRuns(load(1, runsPerSecond, warmSeconds));
    await compare('4,000 events/s', listener, built, () => load(1, runsPerSecond));
    await compare('flat out', listener, built, () => load(2, 0));
    await stall(listener, () => load(1, runsPerSecond));
    await flood(listener);
    await compareMonitor(built, load);
    await soak(listener, Number(values.seconds ?? 20), load);
  } finally {
    listener.end();
    rmSync(built, { recursive: true });
  }
}

interface Listener {
  readonly pid: number;
  readonly stall: () => void;
  readonly report: () => Promise<ListenerReport>;
  readonly end: () => void;
}

/** The same with the shared monitor, which looks at /proc for each process, as forkstat does. */
async function compareMonitor(built: string, load: Load): Promise<void> {
  const monitor = await startListener('monitor');
  try {
    await countRuns(load(1, runsPerSecond, warmSeconds));
    await compare('the shared monitor, 4,000 events/s', monitor, built, () => load(1, runsPerSecond));
    await compare('the shared monitor, flat out', monitor, built, () => load(2, 0));
  } finally {
    monitor.end();
  }
}

async function startListener(...words: readonly string[]): Promise<Listener> {
  const child = spawn(process.execPath, [...nodeFlags, join(folder, 'listener.ts'), ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<ListenerReport> => {
    const line = await lines.next();
    if (line.done) throw new Error('the listener ended');
    return JSON.parse(line.value) as ListenerReport;
  };
  await next();
  return {
    pid: child.pid ?? 0,
    stall: () => void child.stdin.write('stall\n'),
    report: () => {
      child.stdin.write('report\n');
      return next();
    },
    end: () => child.stdin.end(),
  };
}

type Load = (processes: number, runsPerSecond: number, seconds?: number) => ChildProcess;

function buildLoad(built: string): Load {
  const compile = (name: string, ...flags: readonly string[]): string => {
    const program = join(built, name);
    const { status, stderr, error } = spawnSync('gcc', ['-O2', ...flags, '-o', program, join(folder, `${name}.c`)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the load cannot be compiled: ${error?.message ?? stderr}`);
    return program;
  };
  const [program, tiny] = [compile('load'), compile('tiny', '-nostdlib', '-static')];
  return (processes, rate, seconds = loadSeconds) =>
    spawn(program, [String(processes), String(rate), String(seconds), tiny], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** How many programs a load ran, once it has ended. */
async function countRuns(load: ChildProcess): Promise<number> {
  if (!load.stdout) throw new Error('expected the output of the load, got none');
  let runs = 0;
  for await (const line of createInterface(load.stdout)) runs += Number(line);
  return runs;
}

async function compare(title: string, listener: Listener, built: string, load: () => ChildProcess): Promise<void> {
  const peer = startForkstat(built);
  await setTimeout(settleMs);
  await listener.report();
  const before = peer?.cpuMs() ?? 0;
  const startedMs = performance.now();
  const runs = await countRuns(load());
  await setTimeout(settleMs);
  const spentMs = performance.now() - startedMs;
  const own = await listener.report();
  const peerPercent = (((peer?.cpuMs() ?? 0) - before) / spentMs) * 100;
  const peerEvents = await peer?.end();
  const perSecond = Math.round((runs * 3) / loadSeconds);
  process.stdout.write(`${title}: ${runs} programs in ${loadSeconds} s, ${perSecond} events/s\n`);
  printLosses(own, runs);
  const ratio =
    peerEvents === undefined
      ? 'without forkstat'
      : `${(own.cpuPercent / peerPercent).toFixed(2)} of forkstat's ${peerPercent.toFixed(1)} %`;
  printFigure('  CPU of one core', `${own.cpuPercent.toFixed(1)} %`, ratio);
  if (peerEvents !== undefined) {
    printFigure(
      '  forkstat: events printed',
      String(peerEvents),
      `${Math.max(0, runs * 3 - peerEvents)} of the load's missing`,
    );
  }
  printLatency(own);
  if (own.withArgs > 0) {
    printFigure(
      '  with arguments',
      String(own.withArgs),
      `of ${own.exec} execs: most of the load live for less than 1 ms`,
    );
  }
}

function printLosses(report: ListenerReport, runs: number): void {
  const { fork, exec, exit } = report;
  printFigure(
    '  events heard',
    String(report.events),
    `at least ${runs * 3} of the load: fork ${fork}, exec ${exec}, exit ${exit}`,
  );
  printFigure('  lost', String(report.drops), `${report.gaps} gaps`);
}

function printLatency({ p50Ms, p99Ms, mostMs }: ListenerReport): void {
  printFigure('  exec in the kernel to the listener, p50', `${p50Ms.toFixed(2)} ms`, 'goal: below 2 ms');
  printFigure('  p99', `${p99Ms.toFixed(2)} ms`, `goal: below 5 ms; at most ${mostMs.toFixed(1)} ms`);
}

interface Forkstat {
  readonly cpuMs: () => number;
  /** Ends it; resolves with how many events it printed. */
  readonly end: () => Promise<number>;
}

/** Undefined where it is not installed. */
function startForkstat(built: string): Forkstat | undefined {
  if (spawnSync('forkstat', ['-h']).error) return undefined;
  const path = join(built, 'forkstat');
  const output = openSync(path, 'w');
  const child = spawn('forkstat', ['-e', 'fork,exec,exit'], { stdio: ['ignore', output, 'inherit'] });
  closeSync(output);
  return {
    cpuMs: () => readCpuMs(child.pid ?? 0),
    end: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
      return readFileSync(path, 'latin1')
        .split('\n')
        .filter((line) => /^\d+:\d+:\d+ (exec|exit|fork +\d+ parent) /.test(line)).length;
    },
  };
}

/** Time that a process has had of all cores: utime and stime of /proc/PID/stat, in ticks of 10 ms. */
function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function stall(listener: Listener, load: () => ChildProcess): Promise<void> {
  await listener.report();
  const running = countRuns(load());
  await setTimeout(1000);
  listener.stall();
  const runs = await running;
  await setTimeout(settleMs);
  const own = await listener.report();
  process.stdout.write(`4,000 events/s, the listener's thread stalled for 1 s: ${runs} programs\n`);
  printLosses(own, runs);
}

const names = 200_000;

async function flood(listener: Listener): Promise<void> {
  await listener.report();
  const startedMs = performance.now();
  const main = join(import.meta.dirname, '../helpers/flood-main.ts');
  await once(spawn(process.execPath, [...nodeFlags, main, String(names)], { stdio: 'ignore' }), 'exit');
  const tookMs = performance.now() - startedMs;
  await setTimeout(settleMs);
  const own = await listener.report();
  process.stdout.write(`${names} changes of a name in ${tookMs.toFixed(0)} ms\n`);
  printFigure('  heard', String(own.comm), `lost ${own.drops}, ${own.gaps} gaps`);
  printFigure('  CPU', `${((own.cpuPercent * own.seconds) / 100).toFixed(2)} s`, 'goal: below 1 s');
}

/** 50 events a second for a long time. */
async function soak(listener: Listener, seconds: number, load: Load): Promise<void> {
  const every = Math.max(1, Math.min(600, seconds / 20));
  const samples: { readonly hours: number; readonly rssMiB: number }[] = [];
  const running = countRuns(load(1, 50 / 3, seconds));
  const first = await listener.report();
  const startedMs = performance.now();
  let last = first;
  let [events, drops] = [0, 0];
  while (performance.now() - startedMs < seconds * 1000) {
    await setTimeout(every * 1000);
    last = await listener.report();
    [events, drops] = [events + last.events, drops + last.drops];
    samples.push({ hours: (performance.now() - startedMs) / 3_600_000, rssMiB: last.rssMiB });
  }
  const runs = await running;
  process.stdout.write(`a soak of ${seconds} s at 50 events/s and whatever else the host does: ${runs} programs\n`);
  printFigure('  events heard', String(events), `lost ${drops}`);
  const doAddUp = last.told === last.health.events && last.health.events - first.health.events === events;
  printFigure(
    '  the counters add up',
    doAddUp ? 'yes' : 'NO',
    `${last.health.events} counted, ${last.told} told, ${last.health.rejected} rejected`,
  );
  printFigure(
    '  resident memory',
    `${last.rssMiB.toFixed(1)} MiB`,
    `${slopeOf(samples).toFixed(2)} MiB an hour in the second half; goal for 24 h: below 1`,
  );
}

/** Least squares over the second half: the first is the warming up of a program. */
function slopeOf(all: readonly { readonly hours: number; readonly rssMiB: number }[]): number {
  const samples = all.slice(Math.floor(all.length / 2));
  const mean = (read: (sample: (typeof all)[number]) => number): number =>
    samples.reduce((sum, sample) => sum + read(sample), 0) / samples.length;
  const [hours, rss] = [mean((sample) => sample.hours), mean((sample) => sample.rssMiB)];
  const above = mean((sample) => (sample.hours - hours) * (sample.rssMiB - rss));
  const below = mean((sample) => (sample.hours - hours) ** 2);
  return above / below;
}

if (import.meta.main) await benchMonitor();
