/** What a process has from its parent, and what was seen of itself; and whose a change of a file is. In every order. */
import { describe, expect, test } from 'vitest';
import { createLineageGraph } from '../../../../src/lineage/create-lineage-graph.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import type { LineageGraph } from '../../../../src/lineage/lineage-graph.ts';
import { createRandom, createTeller, shuffle } from '../../../helpers/lineage-events.ts';

const options = { bootId: 'b', pidNamespace: 1, tickNs: 10_000_000 };
const t = createTeller();

function inAnyOrder(events: readonly LineageEvent[], check: (graph: LineageGraph) => void): void {
  for (let seed = 0; seed < 60; seed++) {
    const graph = createLineageGraph(options);
    const random = createRandom(seed);
    for (const event of shuffle(events, random)) {
      graph.add(event);
      // Asked in between, what was inferred then may be otherwise by now.
      if (random() < 0.3) graph.byPid(event.kind === 'gap' ? 0 : event.pid);
    }
    check(graph);
  }
}

const parent = [
  t.birth(100_000, 10, 1),
  t.seen(200_000, 10, 100_000, 1, {
    cgroup: '/docker/abc',
    container: 'abc',
    facts: { comm: 'sh', executable: '/bin/sh' },
    owner: { uid: 5, session: 10, loginSession: 3 },
  }),
];

describe('container, session and name', () => {
  test('that nobody told of a child are its parent’s, and said to be inferred', () => {
    inAnyOrder([...parent, t.birth(300_000, 11, 10), t.birth(400_000, 12, 11), t.exit(500_000, 12)], (graph) => {
      expect(graph.byPid(10)?.inferred).toBeUndefined();
      for (const pid of [11, 12]) {
        expect(graph.byPid(pid)).toMatchObject({
          cgroup: '/docker/abc',
          container: 'abc',
          session: 10,
          loginSession: 3,
          comm: 'sh',
          uid: { value: 5, how: 'inferred' },
          inferred: ['comm', 'loginSession', 'session', 'cgroup', 'container'],
        });
      }
    });
  });

  test('that were seen of the child itself are not', () => {
    const seen = t.seen(350_000, 11, 300_000, 10, {
      cgroup: '/user',
      facts: { comm: 'top' },
      owner: { session: 11, loginSession: 3 },
    });
    inAnyOrder([...parent, t.birth(300_000, 11, 10), seen, t.birth(400_000, 12, 11)], (graph) => {
      expect(graph.byPid(11)).toMatchObject({ cgroup: '/user', session: 11, comm: 'top' });
      expect(graph.byPid(11)?.container).toBeUndefined();
      expect(graph.byPid(11)?.inferred).toBeUndefined();
      expect(graph.byPid(12)).toMatchObject({
        cgroup: '/user',
        inferred: expect.arrayContaining(['cgroup', 'session']),
      });
      expect(graph.byPid(12)?.container).toBeUndefined();
    });
  });

  test('change one by one: an execution takes the name, setsid the session', () => {
    const alone = t.tell('connector', 320_000, 'owner', { pid: 11, tid: 11, owner: { session: 11 } });
    const events = [...parent, t.birth(300_000, 11, 10), alone, t.exec(330_000, 11)];
    inAnyOrder(events, (graph) => {
      expect(graph.byPid(11)).toMatchObject({ session: 11, inferred: ['loginSession', 'cgroup', 'container'] });
      expect(graph.byPid(11)?.comm).toBeUndefined();
    });
  });
});

describe('a change of a file', () => {
  const written = (atUs: number, startUs: number | undefined): LineageEvent => ({
    ...t.tell('fanotify', atUs, 'file', {
      pid: 20,
      change: 'written',
      path: '/x',
      ...(startUs === undefined ? {} : { startTicks: Math.floor(startUs / 10_000) }),
    }),
    slackNs: 400e6,
  });
  const lives = [t.birth(100_000, 20, 1), t.exit(300_000, 20), t.birth(400_000, 20, 1), t.exit(600_000, 20)];
  const filesOf = (graph: LineageGraph): readonly (readonly [number, boolean])[] =>
    graph.lives(20).map(({ fileCount, marks }) => [fileCount, marks.includes('ambiguous')]);

  test('that fits two lives of a pid is that one’s whose start was seen', () => {
    inAnyOrder([...lives, written(200_000, 400_000)], (graph) => {
      expect(filesOf(graph)).toEqual([
        [0, false],
        [1, false],
      ]);
    });
    inAnyOrder([...lives, written(200_000, 100_000)], (graph) => {
      expect(filesOf(graph)).toEqual([
        [1, false],
        [0, false],
      ]);
    });
  });

  test('whose writer’s start nobody saw is given to neither, and both are marked', () => {
    inAnyOrder([...lives, written(200_000, undefined)], (graph) => {
      expect(filesOf(graph)).toEqual([
        [0, true],
        [0, true],
      ]);
    });
  });

  test('that was read late is that one’s which had the start', () => {
    inAnyOrder([...lives, written(700_000, 100_000)], (graph) => {
      expect(filesOf(graph)).toEqual([
        [1, false],
        [0, false],
      ]);
    });
  });
});

test('nothing is final while what audit told of the next life may seem to be of this one', () => {
  const limits = { tombstoneMs: 0 };
  const graph = createLineageGraph({ ...options, limits });
  for (const event of [t.birth(100_000, 30, 1), t.exit(301_000, 30), t.auditExec(302_900, 30, 1, '/bin/next')])
    graph.add(event);
  // The birth of the next one, at 302.5 ms, is still to be told.
  expect(graph.settle(302_000_000)).toEqual([]);
  graph.add(t.birth(302_500, 30, 1));
  graph.add(t.exec(302_950, 30));
  const [first] = graph.settle(400_000_000);
  expect(first).toMatchObject({ marks: [], executionCount: 0 });
  expect(graph.byPid(30)).toMatchObject({ executionCount: 1, executable: { value: '/bin/next' } });
});
