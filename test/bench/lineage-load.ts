/** One load for the fold in a process of its own, so that its memory can be told: `node lineage-load.ts ORDER EVENTS`, answers with one line of JSON. */
import { createRandom, createTeller } from '../helpers/lineage-events.ts';
import { createLineageGraph } from '../../src/lineage/create-lineage-graph.ts';
import { keepHeapSmall } from '../../src/lineage/engine/keep-heap-small.ts';
import type { LineageEvent } from '../../src/lineage/lineage-event.ts';

// As the module that runs the lineage does.
keepHeapSmall();

const [order = 'in order', count = '1000000'] = process.argv.slice(2);
const wanted = Number(count);

/** As on a busy host: 25,000 events a second, 64 parents, processes that fork, execute with audit's facts, name themselves and end within 20 ms. Pids turn over at 32,768. */
function* load(): Generator<LineageEvent> {
  const t = createTeller();
  const random = createRandom(1);
  let atUs = 1_000_000;
  let pid = 1000;
  for (let parent = 100; parent < 164; parent++) yield t.birth(atUs++, parent, 1);
  for (;;) {
    pid = pid >= 32_767 ? 1000 : pid + 1;
    atUs += 200;
    const parent = 100 + Math.floor(random() * 64);
    yield t.birth(atUs, pid, parent);
    yield t.auditExec(atUs + 60, pid, parent, `/usr/bin/tool${pid % 50}`, {
      args: ['tool', '--number', String(pid)],
      cwd: '/work',
    });
    yield t.exec(atUs + 80, pid);
    yield t.comm(atUs + 100, pid, 'worker');
    yield t.exit(atUs + 150, pid, { status: 0, reaperPid: parent });
  }
}

/** Events of half a second are mixed up. */
function* mixed(events: Iterable<LineageEvent>, window: number): Generator<LineageEvent> {
  const random = createRandom(2);
  const waiting: LineageEvent[] = [];
  for (const event of events) {
    waiting.push(event);
    if (waiting.length < window) continue;
    const index = Math.floor(random() * waiting.length);
    yield waiting[index] as LineageEvent;
    waiting[index] = waiting.at(-1) as LineageEvent;
    waiting.pop();
  }
}

const graph = createLineageGraph({ bootId: 'bench', pidNamespace: 1, tickNs: 10_000_000 });
const isAsked = order.includes('asked');
const events = order.includes('mixed') ? mixed(load(), 12_500) : load();
let added = 0;
let settled = 0;
const begunMs = performance.now();
const begunCpu = process.cpuUsage();
for (const event of events) {
  graph.add(event);
  if (isAsked && 'pid' in event && event.kind !== 'comm') graph.byPid(event.pid);
  // A second may come late: more than half a second, which the watermark waits.
  if (++added % 12_500 === 0) settled += graph.settle(event.atNs - 1_000_000_000).length;
  if (added === wanted) break;
}
settled += graph.settle(Number.MAX_SAFE_INTEGER).length;
const doneMs = performance.now() - begunMs;
const { user, system } = process.cpuUsage(begunCpu);
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(
  `${JSON.stringify({ order, added, settled, doneMs, cpuMs: (user + system) / 1000, rssMb, counts: graph.counts() })}\n`,
);
