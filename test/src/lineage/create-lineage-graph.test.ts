import { describe, expect, test } from 'vitest';
import { createTeller } from '../../helpers/lineage-events.ts';
import { createLineageGraph } from '../../../src/lineage/create-lineage-graph.ts';
import type { LineageEvent } from '../../../src/lineage/lineage-event.ts';
import type { LineageGraph, LineageLimits } from '../../../src/lineage/lineage-graph.ts';

const options = { bootId: 'b', pidNamespace: 4_026_531_836, tickNs: 10_000_000 };

function graphOf(events: readonly LineageEvent[], limits: Partial<LineageLimits> = {}): LineageGraph {
  const graph = createLineageGraph({ ...options, limits });
  for (const event of events) graph.add(event);
  return graph;
}

describe('what comes before its birth', () => {
  test('an execve is kept with a placeholder, which the birth completes', () => {
    const t = createTeller();
    const graph = graphOf([t.auditExec(2000, 5, 2, '/bin/sh')]);
    expect(graph.byPid(5)).toMatchObject({ state: 'pendingBirth', executionCount: 1 });
    expect(graph.counts()).toMatchObject({ placeholders: 1, live: 0, outOfOrder: 0 });
    graph.add(t.birth(1000, 5, 2));
    const node = graph.byPid(5);
    expect(node).toMatchObject({
      state: 'live',
      start: { atNs: 1_000_000, how: 'observed' },
      birthParent: { pid: 2, how: 'observed' },
      executable: { value: '/bin/sh', how: 'observed' },
    });
    expect(node?.executions).toHaveLength(1);
    expect(graph.lives(5)).toHaveLength(1);
    expect(graph.counts()).toMatchObject({ outOfOrder: 1 });
  });

  test('an exit is its end at once: it is never live afterwards', () => {
    const t = createTeller();
    const graph = graphOf([t.exit(2000, 5, { status: 0x700, reaperPid: 2 })]);
    expect(graph.byPid(5)).toMatchObject({ state: 'exited', end: { code: 7, reason: 'exited' } });
    expect(graph.livePids().has(5)).toBe(false);
    graph.add(t.birth(1000, 5, 2));
    expect(graph.byPid(5)).toMatchObject({ state: 'exited', start: { atNs: 1_000_000 }, end: { code: 7 } });
    expect(graph.livePids().has(5)).toBe(false);
  });

  test('execve and exit are put in causal order', () => {
    const t = createTeller();
    const graph = graphOf([t.exit(3000, 5, { status: 9 }), t.exec(2000, 5), t.birth(1000, 5, 2)]);
    expect(graph.lives(5)).toHaveLength(1);
    expect(graph.byPid(5)).toMatchObject({
      state: 'exited',
      executionCount: 1,
      end: { signal: 9, reason: 'signalled' },
    });
    expect(graph.counts()).toMatchObject({ outOfOrder: 2 });
  });

  test('a grandchild hangs on a placeholder of the child, and keeps its place when that one is told', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(2000, 3, 2)]);
    const placeholder = graph.byPid(2);
    const grandchild = graph.byPid(3);
    expect(placeholder).toMatchObject({ state: 'pendingBirth', children: [grandchild?.id] });
    graph.add(t.birth(1000, 2, 1));
    expect(graph.byPid(2)).toMatchObject({ state: 'live', birthParent: { pid: 1 }, children: [grandchild?.id] });
    expect(graph.byPid(3)?.birthParent?.id).toBe(graph.byPid(2)?.id);
    // The id that was told for the placeholder finds it still.
    expect(graph.byId(placeholder?.id ?? '')?.id).toBe(graph.byPid(2)?.id);
  });

  test('its birth counts where the clocks of two processors put it behind what it did', () => {
    const t = createTeller();
    const birth = t.birth(1300, 5, 2);
    const graph = graphOf([birth, t.exec(1000, 5)]);
    expect(graph.lives(5)).toHaveLength(1);
    expect(graph.byPid(5)).toMatchObject({ state: 'live', executionCount: 1, birthParent: { pid: 2 } });
  });
});

describe('executions', () => {
  test('the last successful one is what runs, all are listed, failed ones apart', () => {
    const t = createTeller();
    const node = graphOf([
      t.birth(1000, 5, 2),
      t.auditExec(6000, 5, 2, '/bin/sh', { args: ['sh', '-c', 'x'], cwd: '/a' }),
      t.exec(7000, 5),
      t.auditFailed(12_000, 5, 2, '/nowhere'),
      t.auditExec(16_000, 5, 2, '/bin/x', { args: ['x'], cwd: '/b' }),
      t.exec(17_500, 5),
    ]).byPid(5);
    expect(node?.executions.map(({ atNs, executable, args }) => ({ atNs, executable, args }))).toEqual([
      { atNs: 7_000_000, executable: '/bin/sh', args: ['sh', '-c', 'x'] },
      { atNs: 17_500_000, executable: '/bin/x', args: ['x'] },
    ]);
    expect(node?.failedExecutions).toMatchObject([{ executable: '/nowhere', error: 'ENOENT' }]);
    expect(node).toMatchObject({ executable: { value: '/bin/x' }, cwd: { value: '/b' }, executionCount: 2 });
  });

  test('where audit missed one the others keep theirs, and what runs is not said to be the one before', () => {
    const t = createTeller();
    const node = graphOf([
      t.birth(1000, 5, 2),
      t.auditExec(8000, 5, 2, '/bin/a'),
      t.exec(8500, 5),
      t.exec(30_000, 5),
    ]).byPid(5);
    expect(node?.executions.map((execution) => execution.executable)).toEqual(['/bin/a', undefined]);
    expect(node?.executable).toBeUndefined();
  });

  test('where the connector missed one audit alone tells of it', () => {
    const t = createTeller();
    const node = graphOf([
      t.birth(1000, 5, 2),
      t.auditExec(8000, 5, 2, '/bin/a'),
      t.auditExec(5_000_000, 5, 2, '/bin/b'),
      t.exec(5_001_000, 5),
    ]).byPid(5);
    expect(node?.executions.map((execution) => execution.executable)).toEqual(['/bin/a', '/bin/b']);
    expect(node?.executions[0]?.atNs).toBe(8_000_000);
  });

  test('without audit /proc tells what was executed, when it was looked at before the next one', () => {
    const t = createTeller();
    const node = graphOf([
      t.birth(1000, 5, 2),
      t.exec(2000, 5),
      t.seen(3000, 5, 1000, 2, { facts: { executable: '/bin/a', args: ['a'] } }),
      t.exec(90_000, 5),
    ]).byPid(5);
    expect(node?.executions.map((execution) => execution.executable)).toEqual(['/bin/a', undefined]);
  });

  test('a process that forks without executing is what its parent was at that moment', () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(1000, 5, 2),
      t.auditExec(4000, 5, 2, '/bin/a', { cwd: '/x', comm: 'a' }),
      t.exec(5000, 5),
      t.owner(5500, 5, 1000),
      t.birth(6000, 6, 5),
      t.birth(7000, 7, 6),
      t.auditExec(8000, 5, 2, '/bin/b'),
      t.exec(9000, 5),
    ]);
    expect(graph.byPid(7)).toMatchObject({
      executable: { value: '/bin/a', how: 'inferred' },
      cwd: { value: '/x', how: 'inferred' },
      uid: { value: 1000, how: 'inferred' },
      comm: 'a',
      executionCount: 0,
    });
  });

  test('arguments are kept byte by byte, whatever they hold and how long they are', () => {
    const t = createTeller();
    const args = ['a\0b', 'ÿþ', 'x'.repeat(100 * 1024), ''];
    const node = graphOf([t.auditExec(1000, 5, 2, '/bin/\xff', { args })]).byPid(5);
    expect(node?.args?.value).toEqual(args);
    expect(node?.executable?.value).toBe('/bin/\xff');
  });

  test('of more than the limit the first and the last are kept, all are counted, and it is marked', () => {
    const t = createTeller();
    const events = [t.birth(1000, 5, 2)];
    for (let count = 0; count < 100; count++) events.push(t.exec(10_000 + count * 10_000, 5));
    const graph = graphOf(events, { executions: 10 });
    const node = graph.byPid(5);
    expect(node).toMatchObject({ executionCount: 100, marks: ['evicted'] });
    expect(node?.executions.map((execution) => execution.atNs / 1e7)).toEqual([1, 2, 3, 4, 5, 96, 97, 98, 99, 100]);
  });
});

describe('a pid that is used again', () => {
  test('after an exit is another process', () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(1000, 5, 2),
      t.exit(2000, 5),
      t.birth(60_000, 5, 3),
      t.exit(90_000, 5, { status: 0x100 }),
    ]);
    const lives = graph.lives(5);
    expect(lives.map((life) => [life.birthParent?.pid, life.end?.code])).toEqual([
      [2, 0],
      [3, 1],
    ]);
    expect(new Set(lives.map((life) => life.id)).size).toBe(2);
    expect(graph.byPid(5, 1_500_000)?.id).toBe(lives[0]?.id);
    expect(graph.byPid(5, 3_000_000)).toBeUndefined();
  });

  test('while the old one seems to live ends that one: lost', () => {
    const t = createTeller();
    const [old, young] = graphOf([t.birth(1000, 5, 2), t.birth(60_000, 5, 3)]).lives(5);
    expect(old).toMatchObject({ state: 'exited', end: { reason: 'lost', how: 'inferred', atNs: 60_000_000 } });
    expect(young).toMatchObject({ state: 'live', birthParent: { pid: 3 } });
  });

  test('is told by another start in /proc, where both births were missed', () => {
    const t = createTeller();
    const [old, young] = graphOf([t.seen(900_000, 5, 100_000, 2), t.seen(2_000_000, 5, 1_500_000, 3)]).lives(5);
    expect(old).toMatchObject({ state: 'exited', startTicks: 10, end: { reason: 'lost' } });
    expect(young).toMatchObject({ state: 'live', startTicks: 150, start: { how: 'inferred' } });
  });

  test('a late event goes to the life whose time holds it', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.exit(20_000, 5), t.birth(60_000, 5, 3), t.exit(90_000, 5)]);
    graph.add(t.auditExec(12_000, 5, 2, '/bin/old'));
    graph.add(t.auditFailed(70_000, 5, 3, '/bin/young'));
    const [old, young] = graph.lives(5);
    expect(old?.executions.map((execution) => execution.executable)).toEqual(['/bin/old']);
    expect(young?.failedExecutions.map((execution) => execution.executable)).toEqual(['/bin/young']);
    expect(graph.counts().ambiguous).toBe(0);
  });

  test('an event that fits two lives alike is given to neither, and both are flagged', () => {
    const t = createTeller();
    const both = [t.birth(8000, 5, 2), t.exit(9000, 5), t.birth(9500, 5, 2), t.exit(11_000, 5)];
    const lives = graphOf([...both, t.auditFailed(9700, 5, 2, '/bin/x')]).lives(5);
    expect(lives.map((life) => [life.marks, life.failedExecutions.length])).toEqual([
      [['ambiguous'], 0],
      [['ambiguous'], 0],
    ]);
  });

  test('two lives within one tick of audit are decided by the parent that audit saw', () => {
    const t = createTeller();
    const both = [t.birth(8000, 5, 2), t.exit(9000, 5), t.birth(9500, 5, 3), t.exit(11_000, 5)];
    const lives = graphOf([...both, t.auditFailed(9700, 5, 3, '/bin/x')]).lives(5);
    expect(lives.map((life) => [life.marks, life.failedExecutions.length])).toEqual([
      [[], 0],
      [[], 1],
    ]);
  });

  test('something after the end and before a birth is a life of its own, and both are flagged', () => {
    const t = createTeller();
    const lives = graphOf([t.birth(1000, 5, 2), t.exit(2000, 5), t.exec(50_000, 5)]).lives(5);
    expect(lives.map((life) => [life.state, life.birthParent?.pid, life.marks])).toEqual([
      ['exited', 2, ['ambiguous']],
      ['pendingBirth', undefined, ['ambiguous']],
    ]);
  });

  test.each([
    ['in one tick', 100],
    ['in one second', 999],
    ['each in a second of its own', 1_000_000],
  ])('1,000 lives of one pid, %s, are 1,000 processes', (_, stepUs) => {
    const t = createTeller();
    const events: LineageEvent[] = [];
    // 10 µs a life: a thousand of them in one tick of 10 ms.
    const step = stepUs === 100 ? 10 : stepUs;
    for (let life = 0; life < 1000; life++) {
      const atUs = 10_000_000 + life * step;
      events.push(
        t.birth(atUs, 5, 100 + life),
        t.exec(atUs + 2, 5),
        t.exit(atUs + 4, 5, { status: (life % 256) << 8 }),
      );
    }
    const lives = graphOf(events.toReversed()).lives(5);
    expect(lives.map((life) => life.birthParent?.pid)).toEqual(Array.from({ length: 1000 }, (_, life) => 100 + life));
    expect(lives.map((life) => life.end?.code)).toEqual(Array.from({ length: 1000 }, (_, life) => life % 256));
    expect(new Set(lives.map((life) => life.id)).size).toBe(1000);
    expect(lives.every((life) => life.executionCount === 1 && life.marks.length === 0)).toBe(true);
  });

  test('a look that two lives of one tick fit is given to neither where the second was born while it was looked', () => {
    const t = createTeller();
    const events = [t.birth(100_100, 5, 2), t.exit(100_300, 5), t.birth(100_500, 5, 3)];
    const seen = { facts: { executable: '/bin/x' } };
    expect(
      graphOf([...events, t.seen(100_200, 5, 100_000, 2, seen)])
        .lives(5)
        .map((life) => life.marks),
    ).toEqual([['ambiguous'], ['ambiguous']]);
    const later = graphOf([...events, t.seen(100_600, 5, 100_000, 3, seen)]).lives(5);
    expect(later.map((life) => life.executable?.value)).toEqual([undefined, '/bin/x']);
  });
});

test('a birth that was told just behind the tick of its start is that of the process that /proc shows', () => {
  const t = createTeller();
  const graph = graphOf([t.birth(110_300, 5, 2), t.seen(500_000, 5, 109_900, 2)]);
  expect(graph.lives(5)).toHaveLength(1);
  expect(graph.byPid(5)).toMatchObject({ startTicks: 10, start: { atNs: 110_300_000 } });
  const other = graphOf([t.birth(104_000, 5, 2), t.seen(500_000, 5, 116_000, 3)]);
  expect(other.lives(5)).toHaveLength(2);
});

test('a process that is seen after its last known thread has ended has another: it lives', () => {
  const t = createTeller();
  const graph = graphOf([t.birth(1000, 5, 2), t.exit(50_000, 5), t.exec(51_000, 5), t.seen(900_000, 5, 1000, 2)]);
  expect(graph.lives(5)).toHaveLength(1);
  expect(graph.byPid(5)).toMatchObject({ state: 'live', executionCount: 1, marks: [] });
});

describe('parents', () => {
  test('of an orphan: at birth the one that forked it, now the one that its exit names', () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(1000, 2, 1),
      t.birth(2000, 3, 2),
      t.birth(3000, 4, 3),
      t.exit(4000, 3, { reaperPid: 2 }),
      t.exit(9000, 4, { reaperPid: 77 }),
    ]);
    expect(graph.byPid(4)).toMatchObject({
      birthParent: { pid: 3, how: 'observed' },
      parent: { pid: 77, how: 'observed' },
    });
    expect(graph.byPid(3)?.children).toEqual([graph.byPid(4)?.id]);
  });

  test('of an orphan of which nothing more was told: init, and that this is inferred', () => {
    const t = createTeller();
    const graph = graphOf([
      t.seen(500, 1, 0, 0),
      t.birth(1000, 2, 1),
      t.birth(2000, 3, 2),
      t.birth(3000, 4, 3),
      t.exit(4000, 3),
    ]);
    expect(graph.byPid(4)).toMatchObject({
      birthParent: { pid: 3 },
      parent: { pid: 1, id: graph.byPid(1)?.id, how: 'inferred' },
    });
  });

  test('of an orphan below a subreaper that adopted others: that one, inferred', () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(1000, 2, 1),
      t.birth(2000, 3, 2),
      t.birth(3000, 4, 3),
      t.birth(3100, 5, 3),
      t.exit(4000, 3, { reaperPid: 2 }),
      t.exit(5000, 4, { reaperPid: 2 }),
    ]);
    expect(graph.byPid(5)?.parent).toEqual({ pid: 2, id: graph.byPid(2)?.id, how: 'inferred' });
  });

  test('of an orphan in a pid namespace of its own: the init of that', () => {
    const t = createTeller();
    const container = { pidNamespace: 77 };
    const graph = graphOf([
      t.birth(1000, 2, 1),
      t.birth(2000, 3, 2),
      t.birth(3000, 4, 3),
      t.birth(4000, 5, 4),
      t.seen(15_000, 3, 2000, 2, container),
      t.seen(15_000, 4, 3000, 3, container),
      t.seen(15_000, 5, 4000, 4, container),
      t.exit(50_000, 4),
    ]);
    expect(graph.byPid(5)?.parent).toEqual({ pid: 3, id: graph.byPid(3)?.id, how: 'inferred' });
  });

  test('of an orphan that /proc was looked at for: the one that it showed', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 3, 2), t.birth(3000, 4, 3), t.exit(4000, 3), t.seen(20_000, 4, 3000, 900)]);
    expect(graph.byPid(4)).toMatchObject({ birthParent: { pid: 3 }, parent: { pid: 900, how: 'observed' } });
  });

  test('a parent that died before its child was told of is its parent at birth', () => {
    const t = createTeller();
    const graph = graphOf([t.exit(4000, 3, { reaperPid: 2 }), t.birth(1000, 3, 2), t.birth(3000, 4, 3)]);
    expect(graph.byPid(4)?.birthParent).toEqual({ pid: 3, id: graph.byPid(3)?.id, how: 'observed' });
  });

  test('with CLONE_PARENT it is the real parent, whatever audit saw call clone', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 3, 2), t.clone(4000, 3, 4), t.birth(5000, 4, 2)]);
    expect(graph.byPid(4)?.birthParent).toMatchObject({ pid: 2, how: 'observed' });
  });

  test('a child is that of the life that its parent had at that moment', () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(5000, 7, 3),
      t.birth(1000, 3, 1),
      t.exit(2000, 3),
      t.birth(4000, 3, 1),
      t.birth(1500, 6, 3),
    ]);
    const [old, young] = graph.lives(3);
    expect(old?.children).toEqual([graph.byPid(6)?.id]);
    expect(young?.children).toEqual([graph.byPid(7)?.id]);
  });

  test('a process that is older than all that was told has the parent that /proc shows, inferred', () => {
    const t = createTeller();
    const graph = graphOf([t.seen(900_000, 5, 1000, 2), t.seen(900_000, 2, 0, 1)]);
    expect(graph.byPid(5)).toMatchObject({
      birthParent: { pid: 2, id: graph.byPid(2)?.id, how: 'inferred' },
      parent: { pid: 2, how: 'observed' },
      state: 'live',
    });
  });

  test('a process whose birth nobody told inherits nothing from the parent that /proc shows: it may have adopted it', () => {
    const t = createTeller();
    const init = t.seen(500_000, 1, 0, 0, { facts: { executable: '/sbin/init', args: ['init'], cwd: '/' } });
    const graph = graphOf([init, t.seen(900_000, 5, 800_000, 1, { facts: { comm: 'node' } })]);
    expect(graph.byPid(1)?.args?.value).toEqual(['init']);
    expect(graph.byPid(5)).toMatchObject({ comm: 'node', birthParent: { pid: 1, how: 'inferred' } });
    for (const fact of ['executable', 'args', 'cwd'] as const) expect(graph.byPid(5)?.[fact]).toBeUndefined();
  });

  test('two that name each other do not hang it', () => {
    const t = createTeller();
    const graph = graphOf([
      t.seen(900_000, 5, 1000, 6),
      t.seen(900_000, 6, 1000, 5),
      t.exit(950_000, 5),
      t.exit(960_000, 6),
    ]);
    expect([...graph.nodes()]).toHaveLength(2);
  });
});

describe('threads', () => {
  test('5,000 of them are no processes', () => {
    const t = createTeller();
    const events = [t.birth(1000, 5, 2)];
    for (let tid = 0; tid < 5000; tid++) {
      events.push(t.thread(2000 + tid, 5, 10_000 + tid), t.clone(2000 + tid, 5, 10_000 + tid));
    }
    const graph = graphOf(events);
    expect(graph.byPid(5)).toMatchObject({ threads: 5001, threadsEver: 5001, state: 'live' });
    expect(new Set([...graph.nodes()].map((node) => node.pid))).toEqual(new Set([2, 5]));
  });

  test('the end of one is not the end of the process', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.thread(1100, 5, 6), t.exit(1200, 5, { tid: 6 })]);
    expect(graph.byPid(5)).toMatchObject({ state: 'live', threads: 1, threadsEver: 2 });
  });

  test('the end of the first is not either: the process ends with the last one', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.thread(1100, 5, 6), t.exit(1200, 5, { reaperPid: 2 })]);
    expect(graph.byPid(5)).toMatchObject({ state: 'leaderExited', threads: 1 });
    expect(graph.livePids().has(5)).toBe(true);
    graph.add(t.exit(159_000, 5, { tid: 6, status: 0x300 }));
    expect(graph.byPid(5)).toMatchObject({ state: 'exited', threads: 0, end: { atNs: 159_000_000, code: 3 } });
  });

  test('a process whose first thread has ended is over when /proc does not show it any more', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.thread(1100, 5, 6), t.exit(1200, 5, { status: 0x200 })]);
    graph.add(t.gone(90_000, 5));
    expect(graph.byPid(5)).toMatchObject({ state: 'exited', end: { reason: 'reconciled', how: 'inferred', code: 2 } });
  });

  test('an exec by another one than the first goes on with the same process, of one thread', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.thread(1100, 5, 6), t.thread(1150, 5, 7), t.exit(1200, 5)]);
    const { id } = graph.byPid(5) ?? {};
    graph.add(t.exec(1300, 5));
    expect(graph.byPid(5)).toMatchObject({ id, state: 'live', threads: 1, threadsEver: 3, executionCount: 1 });
    graph.add(t.exit(1400, 5, { status: 0x100 }));
    expect(graph.lives(5)).toHaveLength(1);
    expect(graph.byPid(5)).toMatchObject({ id, state: 'exited', end: { code: 1 } });
  });

  test('those of a process that is older than all that was told are known by their number', () => {
    const t = createTeller();
    const graph = graphOf([t.seen(900_000, 5, 1000, 2, { threads: 3 }), t.exit(950_000, 5)]);
    expect(graph.byPid(5)).toMatchObject({ state: 'leaderExited', threads: 2 });
    graph.add(t.exit(951_000, 5, { tid: 70 }));
    graph.add(t.exit(952_000, 5, { tid: 71, status: 9 }));
    expect(graph.byPid(5)).toMatchObject({ state: 'exited', end: { atNs: 952_000_000, signal: 9 } });
  });

  test('what one calls itself is not the name of the process', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.comm(1100, 5, 'main'), t.thread(1200, 5, 6)]);
    graph.add(t.comm(1300, 5, 'worker', 6));
    expect(graph.byPid(5)?.comm).toBe('main');
  });

  test('vfork and exec of the child leave the parent as it is', () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(1000, 5, 2),
      t.comm(1500, 5, 'shell'),
      t.clone(4000, 5, 6),
      t.birth(5000, 6, 5),
      t.auditExec(5100, 6, 5, '/bin/ls'),
      t.exec(5500, 6),
      t.exit(7000, 6, { reaperPid: 5 }),
    ]);
    expect(graph.byPid(5)).toMatchObject({ state: 'live', comm: 'shell', executionCount: 0 });
    expect(graph.byPid(6)).toMatchObject({
      state: 'exited',
      executable: { value: '/bin/ls' },
      birthParent: { pid: 5 },
    });
  });
});

describe('ends', () => {
  test.each([
    [0x2c00, { code: 44, reason: 'exited' }],
    [0x0700, { code: 7, reason: 'exited' }],
    [0x8b, { signal: 11, hasCore: true, reason: 'signalled' }],
    [9, { signal: 9, hasCore: false, reason: 'signalled' }],
  ])('of status %i', (status, end) => {
    const t = createTeller();
    expect(graphOf([t.birth(1000, 5, 2), t.exit(2000, 5, { status })]).byPid(5)?.end).toMatchObject({
      ...end,
      how: 'observed',
    });
  });

  test("audit's exit_group counts where the connector is silent, and nowhere else", () => {
    const t = createTeller();
    const events = [t.birth(1000, 5, 2), t.exitCall(8000, 5, 3)];
    expect(graphOf(events).byPid(5)?.end).toMatchObject({
      code: 3,
      reason: 'exited',
      how: 'inferred',
      atNs: 8_000_000,
    });
    const told = graphOf([...events, t.exit(8600, 5, { status: 9 })]).byPid(5);
    expect(told?.end).toMatchObject({ signal: 9, how: 'observed', atNs: 8_600_000 });
  });

  test('an end that nobody told is known when /proc does not show it any more', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.gone(90_000, 5)]);
    expect(graph.byPid(5)?.end).toEqual({ atNs: 90_000_000, wallMs: 90, how: 'inferred', reason: 'reconciled' });
    expect(graph.livePids().has(5)).toBe(false);
  });

  test('an absence is of the life that had begun by then, and a later sighting is stronger', () => {
    const t = createTeller();
    const young = graphOf([t.gone(90_000, 5), t.birth(95_000, 5, 2)]);
    expect(young.byPid(5)?.state).toBe('live');
    const other = graphOf([t.seen(120_000, 5, 100_000, 2), t.gone(130_000, 5, 1000)]);
    expect(other.byPid(5)?.state).toBe('live');
    const seen = graphOf([t.birth(1000, 5, 2), t.gone(90_000, 5), t.seen(200_000, 5, 1000, 2)]);
    expect(seen.byPid(5)?.state).toBe('live');
  });

  test('a zombie may have executed and ended while it was looked at: one life, not two', () => {
    const t = createTeller();
    const look = { ...t.seen(90_000, 5, 1000, 2, { isZombie: true }), slackNs: 2_000_000 };
    const [birth, exec, exit] = [t.birth(1000, 5, 2), t.exec(90_300, 5), t.exit(91_200, 5, { status: 0x300 })];
    for (const events of [
      [birth, look, exec, exit],
      [exit, exec, look, birth],
      [birth, exec, exit, look],
    ]) {
      const graph = graphOf(events);
      expect(graph.lives(5)).toHaveLength(1);
      expect(graph.byPid(5)).toMatchObject({ state: 'exited', executionCount: 1, end: { code: 3 }, marks: [] });
    }
    const [left] = graphOf([birth, look, exec]).lives(5);
    expect(left).toMatchObject({ executionCount: 1, end: { reason: 'reconciled' }, marks: [] });
  });

  test('a zombie has ended', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.seen(90_000, 5, 1000, 2, { isZombie: true })]);
    expect(graph.byPid(5)).toMatchObject({ state: 'exited', end: { reason: 'reconciled' } });
    graph.add(t.exit(80_000, 5, { status: 0x100 }));
    expect(graph.byPid(5)?.end).toMatchObject({ code: 1, reason: 'exited', how: 'observed' });
  });
});

describe('audit alone', () => {
  test('lives are told apart by clone and exit_group, and their start is inferred', () => {
    const t = createTeller();
    const graph = graphOf([
      t.clone(4000, 2, 5),
      t.auditExec(4000, 5, 2, '/bin/a'),
      t.exitCall(12_000, 5, 1),
      t.clone(40_000, 3, 5),
      t.auditExec(44_000, 5, 3, '/bin/b'),
    ]);
    expect(graph.lives(5)).toMatchObject([
      { state: 'exited', start: { how: 'inferred' }, birthParent: { pid: 2, how: 'inferred' }, end: { code: 1 } },
      { state: 'live', birthParent: { pid: 3, how: 'inferred' }, executable: { value: '/bin/b' } },
    ]);
  });

  test('a clone after which nothing was heard of its child decides nothing', () => {
    const t = createTeller();
    const graph = graphOf([t.clone(4000, 2, 5)]);
    expect(graph.byPid(5)).toBeUndefined();
    expect(graph.counts()).toMatchObject({ live: 0, placeholders: 0 });
  });

  test('a process killed by a signal, which audit does not tell, ends with the next birth of its pid', () => {
    const t = createTeller();
    const [old] = graphOf([
      t.clone(4000, 2, 5),
      t.auditExec(8000, 5, 2, '/bin/a'),
      t.clone(80_000, 2, 5),
      t.auditExec(84_000, 5, 2, '/bin/b'),
    ]).lives(5);
    expect(old?.end).toMatchObject({ reason: 'lost', how: 'inferred' });
  });
});

describe('gaps', () => {
  test('a process that was first seen behind one is marked, and so is one that went through it', () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(1000, 5, 2),
      t.exec(2000, 5),
      t.gap('connector', 10_000, 50_000, 7),
      t.seen(60_000, 6, 30_000, 5),
    ]);
    expect(graph.byPid(5)?.marks).toEqual(['gap']);
    expect(graph.byPid(6)).toMatchObject({ marks: ['gap'], start: { how: 'gap' }, birthParent: { pid: 5 } });
    expect(graph.gaps()).toMatchObject([{ source: 'connector', drops: 7, repairedMs: 60 }]);
    // Seen again: it lives, and runs what it ran.
    graph.add(t.seen(60_100, 5, 1000, 2, { facts: { executable: '/bin/a' } }));
    expect(graph.byPid(5)?.marks).toEqual([]);
  });

  test('a child born behind one may be that of another life of its parent, unless that one was seen', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.gap('connector', 10_000, 50_000), t.birth(60_000, 6, 5)]);
    expect(graph.byPid(6)?.birthParent).toMatchObject({ pid: 5, how: 'gap' });
    graph.add(t.seen(70_000, 5, 1000, 2));
    expect(graph.byPid(6)?.birthParent).toMatchObject({ pid: 5, how: 'observed' });
  });

  test('an end within one is marked', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.gap('connector', 10_000, 50_000), t.gone(60_000, 5)]);
    expect(graph.byPid(5)).toMatchObject({ marks: ['gap'], end: { how: 'gap', reason: 'reconciled' } });
  });

  test("one of audit marks the execs without arguments that fell into it, and no others'", () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(1000, 5, 2),
      t.birth(1000, 6, 2),
      t.gap('audit', 10_000, 50_000),
      t.exec(20_000, 5),
    ]);
    expect(graph.byPid(5)?.marks).toEqual(['gap']);
    expect(graph.byPid(6)?.marks).toEqual([]);
  });
});

describe('files', () => {
  test('belong to the life that lived then, or had just ended', () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(1000, 5, 2),
      t.file(1500, 5, '/a'),
      t.exit(2000, 5),
      t.file(2500, 5, '/b'),
      t.birth(60_000, 5, 2),
      t.file(61_000, 5, '/c'),
    ]);
    expect(graph.lives(5).map((life) => life.files.map((file) => file.path))).toEqual([['/a', '/b'], ['/c']]);
  });
});

describe('what is final', () => {
  test('is given back a minute after its end, once, and only its id stays', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.birth(2000, 6, 5), t.exit(3000, 6), t.exit(4000, 5)]);
    const before = graph.lives(5);
    expect(graph.settle(60_003_000_000).map((node) => node.pid)).toEqual([6]);
    expect(graph.byPid(6)).toBeUndefined();
    expect(graph.lives(5)).toEqual(before);
    const [parent] = graph.settle(70_000_000_000);
    expect(parent).toEqual(before[0]);
    expect(graph.settle(80_000_000_000)).toEqual([]);
    expect(graph.byPid(5)).toBeUndefined();
  });

  test('waits for living children', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.birth(2000, 6, 5), t.exit(4000, 5)]);
    expect(graph.settle(900_000_000_000)).toEqual([]);
    graph.add(t.exit(900_000_000, 6));
    expect(graph.settle(2_000_000_000_000).map((node) => node.pid)).toEqual([6, 5]);
  });

  test('is known when something comes late: counted, and no new process', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.exit(20_000, 5)]);
    graph.settle(900_000_000_000);
    graph.add(t.auditExec(8000, 5, 2, '/bin/x'));
    graph.add(t.seen(1_000_000, 5, 1000, 2, { isZombie: true }));
    expect(graph.byPid(5)).toBeUndefined();
    expect(graph.counts()).toMatchObject({ late: 2 });
    graph.add(t.birth(30_000, 5, 3));
    expect(graph.byPid(5)).toMatchObject({ birthParent: { pid: 3 }, state: 'live' });
  });

  test('a second life in the tick of a settled one has an id of its own', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(100_100, 5, 2), t.exit(100_200, 5)]);
    const [old] = graph.settle(900_000_000_000);
    graph.add(t.birth(100_300, 5, 2));
    expect(graph.byPid(5)?.id).not.toBe(old?.id);
    expect(graph.byPid(5)?.startTicks).toBe(old?.startTicks);
  });

  test('lives of one pid go in their order', () => {
    const t = createTeller();
    const graph = graphOf([
      t.birth(1000, 5, 2),
      t.birth(1500, 6, 5),
      t.exit(2000, 5),
      t.birth(3000, 5, 2),
      t.exit(4000, 5),
    ]);
    expect(graph.settle(900_000_000_000)).toEqual([]);
    graph.add(t.exit(5000, 6));
    expect(graph.settle(900_000_000_000).map((node) => node.pid)).toEqual([6, 5, 5]);
  });
});

describe('room', () => {
  test('of 70,000 placeholders 65,536 are kept, the oldest are dropped and counted', () => {
    const t = createTeller();
    const events: LineageEvent[] = [];
    for (let pid = 0; pid < 70_000; pid++) events.push(t.exec(1000 + pid, 100 + pid));
    const graph = graphOf(events);
    expect(graph.counts()).toMatchObject({ placeholders: 65_536, evicted: 4464 });
    expect(graph.byPid(100)).toBeUndefined();
    expect(graph.byPid(100 + 69_999)).toMatchObject({ state: 'pendingBirth' });
  });

  test('of parents that only their children named, too', () => {
    const t = createTeller();
    const events: LineageEvent[] = [];
    for (let pid = 0; pid < 70_000; pid++) events.push(t.birth(1000 + pid, 100_000 + pid, 200_000 + pid));
    const graph = graphOf(events);
    expect(graph.counts()).toMatchObject({ placeholders: 65_536, evicted: 4464, live: 70_000 });
    expect(graph.byPid(100_000)?.birthParent).toEqual({ pid: 200_000, how: 'observed' });
  });

  test('a placeholder that was dropped and comes back is marked', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(5000, 6, 5), t.exec(6000, 7), t.exec(7000, 8)], { placeholders: 2 });
    expect(graph.counts()).toMatchObject({ placeholders: 2, evicted: 1 });
    graph.add(t.birth(1000, 5, 2));
    expect(graph.byPid(5)?.marks).toEqual(['evicted']);
  });

  test('of those that have ended, where nobody settles them', () => {
    const t = createTeller();
    const events: LineageEvent[] = [];
    for (let pid = 10; pid < 110; pid++) events.push(t.birth(1000 * pid, pid, 2), t.exit(1000 * pid + 500, pid));
    const graph = graphOf(events, { tombstones: 40 });
    expect(graph.counts()).toMatchObject({ ended: 30, evicted: 70 });
    expect(graph.byPid(109)?.state).toBe('exited');
    expect(graph.byPid(10)).toBeUndefined();
  });

  test('a process with ever more threads, names and children neither grows nor slows down', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2)]);
    const rounds = 40_000;
    const costs: number[] = [];
    let begun = process.cpuUsage();
    for (let round = 0; round < rounds; round++) {
      const atUs = 10_000 + round * 10;
      graph.add(t.thread(atUs, 5, 1_000_000 + round));
      graph.add(t.comm(atUs + 1, 5, `name ${round % 10}`));
      graph.add(t.exit(atUs + 2, 5, { tid: 1_000_000 + round }));
      graph.add(t.birth(atUs + 3, 2_000_000 + (round % 5000), 5));
      graph.add(t.exit(atUs + 4, 2_000_000 + (round % 5000)));
      if (round % 100 === 0) graph.byPid(2_000_000 + (round % 5000));
      if (round % 2000 === 1999) graph.settle((atUs + 61_000_000) * 1000);
      if (round % (rounds / 4) === rounds / 4 - 1) {
        costs.push(process.cpuUsage(begun).user);
        begun = process.cpuUsage();
      }
    }
    graph.settle((10_000 + rounds * 10 + 61_000_000) * 1000);
    const node = graph.byPid(5);
    expect(node).toMatchObject({
      threads: 1,
      threadsEver: rounds + 1,
      comm: `name ${(rounds - 1) % 10}`,
      state: 'live',
    });
    expect(node?.children.length).toBeLessThanOrEqual(1024);
    expect(node?.marks).toEqual(['evicted']);
    expect(graph.counts()).toMatchObject({ live: 1, ended: 0 });
    // As much in the last quarter as in the second: were it quadratic it would be more than twice of that.
    expect(costs[3]).toBeLessThan(2 * (costs[1] ?? 0));
  }, 30_000);
});

describe('numbers and clocks', () => {
  test('a number that was heard counts once, in each stream by itself, beyond 2^32, too', () => {
    const t = createTeller();
    const birth = t.birth(1000, 5, 2);
    const far = { ...t.exec(2000, 5), seq: 2 ** 32 + 5 };
    const graph = graphOf([birth, birth, far, { ...far }, { ...t.exit(3000, 5), stream: 9, seq: 2 ** 32 + 5 }]);
    expect(graph.counts()).toMatchObject({ events: 3, duplicates: 2 });
    expect(graph.byPid(5)).toMatchObject({ state: 'exited', executionCount: 1 });
  });

  test('a step of the wall clock and a suspend change no order', () => {
    const t = createTeller();
    const graph = graphOf([
      { ...t.birth(1000, 5, 2), wallMs: 9e12 },
      { ...t.exec(3_600_000_000, 5), wallMs: 1e12 },
      { ...t.exit(7_200_000_000, 5, { status: 0x100 }), wallMs: 5 },
    ]);
    expect(graph.lives(5)).toHaveLength(1);
    expect(graph.byPid(5)).toMatchObject({ start: { wallMs: 9e12 }, end: { wallMs: 5, code: 1 }, executionCount: 1 });
  });

  test('the id of a process is the same whether its birth or /proc told its start, and differs in another boot', () => {
    const t = createTeller();
    const born = graphOf([t.birth(1_234_567, 5, 2)]).byPid(5);
    const seen = graphOf([t.seen(9_000_000, 5, 1_234_567, 2)]).byPid(5);
    expect(born?.id).toBe(seen?.id);
    expect(born?.id).toMatch(/^[0-9a-v]{16}$/);
    const other = createLineageGraph({ ...options, bootId: 'c' });
    other.add(t.birth(1_234_567, 5, 2));
    expect(other.byPid(5)?.id).not.toBe(born?.id);
    expect(other.byId(born?.id ?? '')).toBeUndefined();
  });

  test('byId finds what nodes tell, and nothing for texts that are no ids', () => {
    const t = createTeller();
    const graph = graphOf([t.birth(1000, 5, 2), t.birth(2000, 6, 5)]);
    for (const node of graph.nodes()) expect(graph.byId(node.id)).toEqual(node);
    for (const id of ['', 'x', '__proto__', '0'.repeat(16), 'v'.repeat(20), '🙂'.repeat(8)]) {
      expect(graph.byId(id)).toBeUndefined();
    }
  });
});
