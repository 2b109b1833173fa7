/**
 * The questions that the first of these trackings (godo, which this follows) left open, and the rank of events that are told with one time. Each has its answer here, and what holds it.
 */
import { describe, expect, test } from 'vitest';
import { createTeller } from '../../../helpers/lineage-events.ts';
import { createLineageGraph } from '../../../../src/lineage/create-lineage-graph.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import type { LineageGraph } from '../../../../src/lineage/lineage-graph.ts';

function graphOf(events: readonly LineageEvent[]): LineageGraph {
  const graph = createLineageGraph({ bootId: 'b', pidNamespace: 1, tickNs: 10_000_000 });
  for (const event of events) graph.add(event);
  return graph;
}

/** All that it says, in one text. */
function textOf(graph: LineageGraph): string {
  return JSON.stringify([...graph.nodes()].toSorted((a, b) => a.pid - b.pid || (a.id < b.id ? -1 : 1)));
}

function* permutations<Value>(values: readonly Value[]): Generator<readonly Value[]> {
  if (values.length <= 1) yield values;
  for (const [at, first] of values.entries()) {
    for (const rest of permutations(values.toSpliced(at, 1))) yield [first, ...rest];
  }
}

/** The graph that every order gives. */
function graphOfAllOrders(events: readonly LineageEvent[]): LineageGraph {
  const graph = graphOf(events);
  const expected = textOf(graph);
  for (const order of permutations(events)) {
    if (textOf(graphOf(order)) !== expected) expect(textOf(graphOf(order))).toBe(expected);
    const asked = graphOf([]);
    for (const event of order) {
      asked.add(event);
      textOf(asked);
    }
    if (textOf(asked) !== expected) expect(textOf(asked)).toBe(expected);
  }
  return graph;
}

/*
 * Can "2 forks 3" come before "1 forks 2"? Yes: not from the connector, which tells each birth before anything of the child, but from audit, whose records are written when a call returns, and
 * wherever two sources are put together. 3 then hangs on a placeholder of 2, which keeps its subtree, and has its parent as soon as that is told. Nobody waits, nothing is sorted first.
 */
describe('"2 forks 3" before "1 forks 2"', () => {
  test('a chain of five whose births come in any order is one chain', () => {
    const t = createTeller();
    const graph = graphOfAllOrders([2, 3, 4, 5, 6].map((pid) => t.birth(1000 * pid, pid, pid - 1)));
    for (const pid of [2, 3, 4, 5, 6]) {
      expect(graph.byPid(pid)?.birthParent).toEqual({ pid: pid - 1, id: graph.byPid(pid - 1)?.id, how: 'observed' });
      expect(graph.byPid(pid - 1)?.children).toEqual([graph.byPid(pid)?.id]);
    }
  });

  test('also where all of them have ended before the first birth is told', () => {
    const t = createTeller();
    const ends = [4, 3, 2].map((pid, at) => t.exit(9000 + at * 1000, pid, { reaperPid: pid - 1, status: pid << 8 }));
    const births = [4, 3, 2].map((pid) => t.birth(1000 * pid, pid, pid - 1));
    const graph = graphOf([...ends, ...births]);
    expect([2, 3, 4].map((pid) => graph.byPid(pid)?.end?.code)).toEqual([2, 3, 4]);
    expect([...graph.livePids().keys()].filter((pid) => pid > 1)).toEqual([]);
    expect(graph.byPid(4)?.birthParent?.id).toBe(graph.byPid(3)?.id);
    expect(graph.counts()).toMatchObject({ outOfOrder: 3 });
  });

  test('told by audit alone, whose child runs before the call of its parent is written', () => {
    const t = createTeller();
    const graph = graphOf([
      t.auditExec(8000, 4, 3, '/bin/c'),
      t.clone(8000, 3, 4),
      t.auditExec(8000, 3, 2, '/bin/b'),
      t.clone(4000, 2, 3),
    ]);
    expect(graph.byPid(4)).toMatchObject({ birthParent: { pid: 3 }, executable: { value: '/bin/c' } });
    expect(graph.byPid(3)).toMatchObject({ birthParent: { pid: 2 }, executable: { value: '/bin/b' } });
    expect(graph.byPid(4)?.birthParent?.id).toBe(graph.byPid(3)?.id);
  });
});

/*
 * What is told of a process whose parent is not known: stay, or delete? It stays. The fold knows no scope; who wants only what is below a root decides when the chain of ancestors closes, or /proc
 * was asked in vain for 30 s (engine/scope.ts, test/src/lineage/engine/scope.test.ts). Placeholders are bounded by their number alone: the oldest go, and are counted.
 */
describe('a process whose parent nobody knows', () => {
  test('stays, with all that it did, and has its parent an hour later', () => {
    const t = createTeller();
    const hourUs = 3_600_000_000;
    const graph = graphOf([t.exec(2000, 5), t.exit(9_000_000, 6), t.birth(8_000_000, 6, 5)]);
    graph.settle(60_000_000);
    graph.add(t.exec(hourUs, 5));
    expect(graph.byPid(5)).toMatchObject({ state: 'pendingBirth', executionCount: 2 });
    graph.add(t.birth(1000, 5, 2));
    expect(graph.byPid(5)).toMatchObject({ state: 'live', birthParent: { pid: 2 }, executionCount: 2 });
    expect(graph.lives(5)).toHaveLength(1);
  });
});

/*
 * Why do so many never end? Because of a signal audit writes nothing at all, exit(2) of a thread looks like that of its process, and some records are lost. So ends are the connector's; where that is silent
 * each end says by what it is known: exit_group, the next birth of its number, /proc.
 */
describe('a process without a record of its end', () => {
  test('killed by a signal: the connector tells it, audit alone leaves it to /proc, which says so', () => {
    const t = createTeller();
    const told = [t.clone(4000, 2, 5), t.auditExec(8000, 5, 2, '/bin/a')];
    expect(graphOf([...told, t.exit(12_000, 5, { status: 9 })]).byPid(5)?.end).toMatchObject({
      signal: 9,
      reason: 'signalled',
      how: 'observed',
    });
    expect(graphOf(told).byPid(5)).toMatchObject({ state: 'live' });
    expect(graphOf([...told, t.gone(30_000_000, 5)]).byPid(5)?.end).toMatchObject({
      reason: 'reconciled',
      how: 'inferred',
    });
  });

  test('of whose threads each ends by itself: the last one is the end, whichever it is', () => {
    const t = createTeller();
    const graph = graphOfAllOrders([
      t.birth(1000, 5, 2),
      t.thread(1100, 5, 6),
      t.thread(1200, 5, 7),
      t.exit(2000, 5, { status: 0, reaperPid: 2 }),
      t.exit(3000, 5, { tid: 7 }),
      t.exit(4000, 5, { tid: 6, status: 0x300 }),
    ]);
    expect(graph.lives(5)).toHaveLength(1);
    expect(graph.byPid(5)).toMatchObject({ state: 'exited', end: { atNs: 4_000_000, code: 3 }, threadsEver: 3 });
  });

  test('every process of a host that only births were told of has an end and a reason after one look at /proc', () => {
    const t = createTeller();
    const events: LineageEvent[] = [];
    for (let pid = 10; pid < 510; pid++) events.push(t.birth(pid * 100, pid, 2));
    for (let pid = 10; pid < 510; pid += 2) events.push(t.gone(30_000_000, pid));
    const graph = graphOf(events.toReversed());
    const ends = [...graph.nodes()].filter(({ pid }) => pid >= 10).map(({ end }) => end?.reason);
    expect(ends.filter((reason) => reason === 'reconciled')).toHaveLength(250);
    expect(graph.counts()).toMatchObject({ live: 250 });
  });
});

/* Two processors, one time: what can only have come first comes first. Birth, thread, exec, owner, exit; and a birth that a stamp puts behind what its process did beats that stamp. */
describe('events with one time', () => {
  test('stand in the causal order, whatever the order of their arrival', () => {
    const t = createTeller();
    const graph = graphOfAllOrders([
      t.birth(1000, 5, 2),
      t.thread(1000, 5, 6),
      t.exec(1000, 5),
      t.owner(1000, 5, 1000),
      t.comm(1000, 5, 'named'),
      t.exit(1000, 5, { status: 0x700 }),
    ]);
    expect(graph.lives(5)).toHaveLength(1);
    expect(graph.byPid(5)).toMatchObject({
      state: 'exited',
      comm: 'named',
      birthParent: { pid: 2 },
      executionCount: 1,
      threadsEver: 2,
      uid: { value: 1000 },
      end: { code: 7 },
      marks: [],
    });
  });

  test('of a parent and its child: both are born, and the edge is there', () => {
    const t = createTeller();
    const graph = graphOfAllOrders([
      t.birth(1000, 5, 2),
      t.birth(1000, 6, 5),
      t.exit(1000, 6, { reaperPid: 5 }),
      t.exit(1000, 5, { reaperPid: 2 }),
    ]);
    expect(graph.byPid(6)?.birthParent).toEqual({ pid: 5, id: graph.byPid(5)?.id, how: 'observed' });
    expect([graph.byPid(5)?.state, graph.byPid(6)?.state]).toEqual(['exited', 'exited']);
  });
});
