import { expect, test } from 'vitest';
import { createRandom } from '../../helpers/lineage-events.ts';
import { growForest } from '../../helpers/random-forest.ts';
import { createLineageGraph } from '../../../src/lineage/create-lineage-graph.ts';
import type { LineageEvent } from '../../../src/lineage/lineage-event.ts';
import type { ProcessNode } from '../../../src/lineage/process-node.ts';

const options = { bootId: 'b', pidNamespace: 1, tickNs: 10_000_000 };
const delayNs = 20e6;

/** As they are heard: each up to 20 ms late. */
function heard(events: readonly LineageEvent[], random: () => number): readonly (readonly [number, LineageEvent])[] {
  return events
    .map((event) => [event.atNs + event.slackNs + random() * delayNs, event] as const)
    .sort((a, b) => a[0] - b[0]);
}

function inOrder(nodes: Iterable<ProcessNode>): readonly ProcessNode[] {
  return [...nodes].sort((a, b) => a.pid - b.pid || (a.start?.atNs ?? 0) - (b.start?.atNs ?? 0));
}

test('what is settled on the way and what is left are the graph that is not settled, node for node', () => {
  let settledNodes = 0;
  for (let seed = 0; seed < 300; seed++) {
    const random = createRandom(seed);
    const events = growForest(random, { events: 150, pids: 12, hasAudit: seed % 2 === 1 });
    const whole = createLineageGraph(options);
    for (const event of events) whole.add(event);
    // Final 40 ms after the end, so that a short world settles, too.
    const graph = createLineageGraph({ ...options, limits: { tombstoneMs: 40 } });
    const settled: ProcessNode[] = [];
    for (const [atNs, event] of heard(events, random)) {
      graph.add(event);
      // All at once, or a few.
      if (random() < 0.2)
        settled.push(...graph.settle(atNs - delayNs - 4e6, seed % 3 === 0 ? {} : { most: 1 + (seed % 3) }));
    }
    settledNodes += settled.length;
    expect(graph.counts().late, `seed ${seed}`).toBe(0);
    const said = inOrder([...settled, ...graph.nodes()]);
    const wanted = inOrder(whole.nodes());
    if (JSON.stringify(said) !== JSON.stringify(wanted)) expect(said, `seed ${seed}`).toEqual(wanted);
  }
  expect(settledNodes).toBeGreaterThan(500);
});

test('putting facts together behind the watermark changes nothing that is said', () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = createRandom(seed);
    const whole = createLineageGraph(options);
    const graph = createLineageGraph(options);
    let seq = 0;
    const add = (event: Record<string, unknown>): void => {
      atNs += Math.floor(random() * 1e6) + 1;
      const told = { source: 'connector', stream: 1, seq: ++seq, slackNs: 0, wallMs: atNs / 1e6, atNs, ...event };
      whole.add(told as unknown as LineageEvent);
      graph.add(told as unknown as LineageEvent);
    };
    let atNs = 1e9;
    add({ kind: 'birth', pid: 5, parentPid: 2 });
    const tids: number[] = [];
    for (let step = 0; step < 2000; step++) {
      const dice = random();
      if (dice < 0.3) {
        tids.push(1000 + step);
        add({ kind: 'thread', pid: 5, tid: 1000 + step });
      } else if (dice < 0.55 && tids.length > 0) {
        add({
          kind: 'exit',
          pid: 5,
          tid: tids.splice(Math.floor(random() * tids.length), 1)[0],
          status: 0,
          reaperPid: 0,
        });
      } else if (dice < 0.8) add({ kind: 'comm', pid: 5, tid: random() < 0.5 ? 5 : 7, comm: `n${step}` });
      else if (dice < 0.85)
        add({ kind: 'owner', pid: 5, tid: 5, owner: random() < 0.5 ? { uid: step } : { gid: step } });
      else if (dice < 0.9) add({ kind: 'file', pid: 5, change: 'written', path: `/f${step}` });
      else if (dice < 0.91) {
        tids.length = 0;
        add({ kind: 'exec', pid: 5, tid: 5, facts: { executable: `/bin/${step}`, args: ['x'] } });
      } else if (dice < 0.95) {
        const seen = { pid: 5, startTicks: 100, parentPid: 2, isKernelThread: false, isZombie: false };
        add({ kind: 'seen', source: 'proc', stream: 3, ...seen, threads: tids.length + 1, owner: { uid: step } });
      }
      if (random() < 0.01) graph.settle(atNs - 5e6);
    }
    graph.settle(atNs);
    expect(graph.byPid(5), `seed ${seed}`).toEqual(whole.byPid(5));
    add({ kind: 'exit', pid: 5, tid: 5, status: 0x100, reaperPid: 2 });
    for (const tid of tids) add({ kind: 'exit', pid: 5, tid, status: 0x100, reaperPid: 0 });
    expect(graph.byPid(5), `seed ${seed}, after its end`).toEqual(whole.byPid(5));
    expect(graph.byPid(5)?.state).toBe('exited');
  }
});

test('settled a few at once it is the same, children before their parents, and no more than were asked for', () => {
  const events: LineageEvent[] = [];
  const told = (atNs: number) =>
    ({ source: 'connector', stream: 1, seq: events.length + 1, atNs, slackNs: 0, wallMs: atNs / 1e6 }) as const;
  // A chain of three each.
  for (let pid = 100; pid < 1000; pid++)
    events.push({ kind: 'birth', ...told(1e9 + pid * 1000), pid, parentPid: pid % 3 === 1 ? 1 : pid - 1 });
  for (let pid = 100; pid < 1000; pid++)
    events.push({ kind: 'exit', ...told(2e9 + pid * 1000), pid, tid: pid, status: 0, reaperPid: 1 });
  const make = () => {
    const graph = createLineageGraph(options);
    for (const event of events) graph.add(event);
    return graph;
  };
  const whole = make().settle(1e12);
  const graph = make();
  const few: ProcessNode[] = [];
  for (;;) {
    const next = graph.settle(1e12, { most: 7 });
    expect(next.length).toBeLessThanOrEqual(7);
    few.push(...next);
    if (next.length < 7) break;
  }
  expect(few).toHaveLength(900);
  expect(inOrder(few)).toEqual(inOrder(whole));
  const place = new Map(few.map(({ id }, at) => [id, at]));
  const early = few.filter(({ children }, at) => children.some((id) => (place.get(id) ?? Infinity) > at));
  expect(early).toEqual([]);
  expect(graph.settle(1e12)).toEqual([]);
});

test('what ended less long ago is settled, too, where it is asked for', () => {
  const graph = createLineageGraph(options);
  const told = { source: 'connector', stream: 1, slackNs: 0, wallMs: 0 } as const;
  graph.add({ kind: 'birth', ...told, seq: 1, atNs: 1e9, pid: 5, parentPid: 1 });
  graph.add({ kind: 'exit', ...told, seq: 2, atNs: 2e9, pid: 5, tid: 5, status: 0, reaperPid: 1 });
  expect(graph.settle(10e9)).toEqual([]);
  expect(graph.settle(10e9, { keepMs: 9000 })).toEqual([]);
  expect(graph.settle(10e9, { keepMs: 5000 }).map(({ pid }) => pid)).toEqual([5]);
});
