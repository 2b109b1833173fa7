/**
 * One load through the whole lineage but its sources, in a process of its own so that its memory can be told: `node lineage-store-load.ts FOLDER EVENTS`, answers with one line of JSON.
 * As on a busy host: 25,000 events a second (the clock goes with them), processes that are born, execute with audit's facts and end within 20 ms, 64 parents, pids that turn over.
 */
import { createLineageGraph } from '../../src/lineage/create-lineage-graph.ts';
import type { LineageEvent, LineageSource } from '../../src/lineage/lineage-event.ts';
import type { OpenedSource, SourceOptions } from '../../src/lineage/lineage-source.ts';
import { keepHeapSmall } from '../../src/lineage/engine/keep-heap-small.ts';
import { openLineageStore } from '../../src/lineage/open-lineage-store.ts';
import { openLineage } from '../../src/lineage/open-lineage.ts';

keepHeapSmall();
const [folder = '', count = '1000000', ...flags] = process.argv.slice(2);
const wanted = Number(count);
const [bootMs, eventNs, batch] = [1_700_000_000_000, 40_000, 256];
let nowNs = 1e12;
let hand: SourceOptions | undefined;
let turn = (): void => {};

const fake = (source: LineageSource): OpenedSource => ({
  start: async () => await Promise.resolve(),
  stop: async () => await Promise.resolve(),
  status: () => ({ source, isWorking: true, lacks: undefined, events: 0, gaps: 0, drops: 0, watermarkNs: nowNs - 5e7 }),
});
const path = `${folder}/lineage.db`;
const nowMs = (): number => bootMs + nowNs / 1e6;
const limits = { maxAgeMs: 1e12, maxBytes: 2 ** 31 };
const lineage = openLineage({
  config: { audit: true, files: [], root: undefined, ...limits },
  bootId: 'bench',
  clock: { nowMs, monotonicMs: () => nowNs / 1e6 },
  bootNs: () => nowNs,
  log: (text) => process.stderr.write(`${text}\n`),
  createGraph: (bootId) => createLineageGraph({ bootId, pidNamespace: undefined, tickNs: 1e7 }),
  openStore: () => openLineageStore({ path, bootId: 'bench', limits, nowMs, log: () => undefined }),
  openSources: (given) => {
    hand = given;
    const proc = { ...fake('proc'), sweep: async () => await Promise.resolve(), look: () => false };
    return { connector: fake('connector'), audit: fake('audit'), proc };
  },
  schedule: (work) => {
    turn = work;
    return () => undefined;
  },
});

let seq = 0;
const told = (source: LineageSource, beforeNs = 0) => {
  const atNs = nowNs - beforeNs;
  return { source, stream: source === 'audit' ? 2 : 1, seq: ++seq, atNs, slackNs: 0, wallMs: bootMs + atNs / 1e6 };
};
/** Pids whose end is to come. */
const running: number[] = [];
let pid = 1000;
function* load(): Generator<LineageEvent> {
  for (;;) {
    pid = pid >= 4_000_000 ? 1000 : pid + 1;
    const parentPid = 100 + (pid % 64);
    const facts = { executable: `/usr/bin/tool${pid % 50}`, args: ['tool', '--number', String(pid)], cwd: '/work' };
    yield { kind: 'birth', ...told('connector'), pid, parentPid };
    yield { kind: 'exec', ...told('connector'), pid, tid: pid };
    yield { kind: 'exec', ...told('audit', eventNs), pid, parentPid, facts, owner: { uid: 1000, loginUid: 1000 } };
    running.push(pid);
    const last = running.length > 100 ? running.shift() : undefined;
    if (last !== undefined)
      yield { kind: 'exit', ...told('connector'), pid: last, tid: last, status: 0, reaperPid: parentPid };
  }
}

await lineage.start();
if (flags.includes('watched')) lineage.subscribe(() => undefined);
const parents = Array.from({ length: 64 }, (_, n): LineageEvent => ({
  kind: 'birth',
  ...told('connector'),
  pid: 100 + n,
  parentPid: 1,
}));
hand?.onEvents(parents);
const events = load();
let added = 0;
let next: LineageEvent[] = [];
let longestMs = 0;
let turnedNs = nowNs;
const begunMs = performance.now();
const begunCpu = process.cpuUsage();
while (added < wanted) {
  const event = events.next().value as LineageEvent;
  next.push(event);
  nowNs += eventNs;
  if (next.length < batch) continue;
  const atMs = performance.now();
  hand?.onEvents(next);
  added += next.length;
  next = [];
  if (nowNs - turnedNs >= 5e7) {
    turnedNs = nowNs;
    turn();
  }
  longestMs = Math.max(longestMs, performance.now() - atMs);
  // What the program would have between two batches.
  await new Promise((resolve) => setImmediate(resolve));
}
await lineage.save();
const addedMs = performance.now() - begunMs;
// All that has ended becomes final.
nowNs += 120e9;
turn();
await lineage.save();
const doneMs = performance.now() - begunMs;
const cpu = process.cpuUsage(begunCpu);
const cpuMs = (cpu.user + cpu.system) / 1000;
const { store, counts } = lineage.status();
process.stdout.write(
  `${JSON.stringify({ added, addedMs, doneMs, cpuMs, longestMs, store, counts, rssMb: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`,
);
await lineage.stop();
