import { describe, expect, test } from 'vitest';
import { createRandom, shuffle } from '../../helpers/lineage-events.ts';
import { foretell, growForest } from '../../helpers/random-forest.ts';
import { createLineageGraph } from '../../../src/lineage/create-lineage-graph.ts';
import type { LineageGraph } from '../../../src/lineage/lineage-graph.ts';
import type { LineageEvent } from '../../../src/lineage/lineage-event.ts';

const tickNs = 10_000_000;

interface Lossy {
  readonly all: readonly LineageEvent[];
  readonly kept: readonly LineageEvent[];
  readonly lastNs: number;
}

/** Some events of the connector are lost: where they are, its source tells of a gap from the event before to the one after. */
function lose(seed: number, share: number): Lossy {
  const random = createRandom(seed);
  const all = growForest(random, { events: 150, pids: 10, hasAudit: seed % 2 === 0 });
  const kept: LineageEvent[] = [];
  let seq = 1_000_000;
  let before = all[0]?.atNs ?? 0;
  let gap: number | undefined;
  for (const event of all) {
    if (event.source === 'connector' && random() < share) gap ??= before;
    else {
      if (gap !== undefined && event.source === 'connector') {
        kept.push(gapOf(gap, event.atNs, ++seq));
        gap = undefined;
      }
      kept.push(event);
    }
    if (event.source === 'connector') before = event.atNs;
  }
  const lastNs = all.at(-1)?.atNs ?? 0;
  if (gap !== undefined) kept.push(gapOf(gap, lastNs + 1, ++seq));
  return { all, kept: shuffle(kept, random), lastNs };
}

function gapOf(atNs: number, untilNs: number, seq: number): LineageEvent {
  return {
    kind: 'gap',
    source: 'connector',
    stream: 1,
    seq,
    atNs,
    slackNs: 0,
    wallMs: atNs / 1e6,
    untilNs,
    reason: 'the buffer was full',
  };
}

function fold(events: Iterable<LineageEvent>): LineageGraph {
  const graph = createLineageGraph({ bootId: 'b', pidNamespace: 1, tickNs });
  for (const event of events) graph.add(event);
  return graph;
}

describe.each([0.01, 0.05, 0.2])('with %f of the events lost', (share) => {
  test('no edge that is said to be observed is wrong', () => {
    let edges = 0;
    for (let seed = 0; seed < 300; seed++) {
      const { all, kept } = lose(seed, share);
      const truths = foretell(all);
      const graph = fold(kept);
      for (const node of graph.nodes()) {
        if (node.start?.how !== 'observed' || node.birthParent?.how !== 'observed') continue;
        const truth = truths.get(`${node.pid}@${node.start.atNs}`);
        const parent = node.birthParent.id === undefined ? undefined : graph.byId(node.birthParent.id);
        // A parent whose birth was lost has no name that the truth knows: then its pid is compared.
        const said =
          parent?.start?.how === 'observed' ? `${parent.pid}@${parent.start.atNs}` : `${node.birthParent.pid}`;
        expect(
          truth?.birthParent.startsWith(said),
          `seed ${seed}: ${node.pid} of ${said}, not of ${truth?.birthParent}`,
        ).toBe(true);
        edges++;
      }
    }
    expect(edges).toBeGreaterThan(1000);
  });

  test('every process that lacks its birth or its end because of it is marked', () => {
    let marked = 0;
    for (let seed = 0; seed < 300; seed++) {
      const { all, kept } = lose(seed, share);
      const truths = foretell(all);
      for (const node of fold(kept).nodes()) {
        if (node.pid === 1 || node.start?.how !== 'observed') continue;
        const truth = truths.get(`${node.pid}@${node.start.atNs}`);
        // What is said to be inferred is flagged by that.
        const isRight = node.end === undefined ? truth?.end === undefined : truth?.end?.atNs === node.end.atNs;
        if (isRight || (node.end !== undefined && node.end.how !== 'observed')) continue;
        expect(
          node.marks.length,
          `seed ${seed}: ${node.pid} ends ${node.end?.atNs}, not ${truth?.end?.atNs}`,
        ).toBeGreaterThan(0);
        marked++;
      }
    }
    expect(marked).toBeGreaterThan(share > 0.02 ? 100 : 5);
  });

  test('after one look at /proc what lives is what lives, with the right parents', () => {
    for (let seed = 0; seed < 300; seed++) {
      const { all, kept, lastNs } = lose(seed, share);
      const living = livingAt(all);
      const graph = fold(kept);
      const lookNs = lastNs + 30e9;
      let seq = 0;
      const told = { source: 'proc', stream: 3, slackNs: tickNs, atNs: lookNs, wallMs: lookNs / 1e6 } as const;
      for (const [pid, life] of living) {
        const startTicks = Math.floor(life.startNs / tickNs);
        const rest = { isKernelThread: false, isZombie: life.threads > 1 && life.isLeaderOver, threads: life.threads };
        graph.add({ ...told, kind: 'seen', seq: ++seq, pid, startTicks, parentPid: life.parentPid, ...rest });
      }
      for (const pid of graph.livePids().keys()) {
        if (!living.has(pid)) graph.add({ ...told, kind: 'gone', seq: ++seq, pid });
      }
      expect(new Set(graph.livePids().keys()), `seed ${seed}`).toEqual(new Set(living.keys()));
      for (const [pid, life] of living) {
        if (life.parentPid !== 0) expect(graph.byPid(pid)?.parent?.pid, `seed ${seed}: ${pid}`).toBe(life.parentPid);
      }
    }
  });
});

interface Living {
  readonly startNs: number;
  readonly parentPid: number;
  threads: number;
  isLeaderOver: boolean;
}

/** As /proc shows it at the end: orphans are those of 1 here. */
function livingAt(events: readonly LineageEvent[]): ReadonlyMap<number, Living> {
  const living = new Map<number, Living>([[1, { startNs: 0, parentPid: 0, threads: 1, isLeaderOver: false }]]);
  for (const event of events) {
    if (event.source !== 'connector' || event.kind === 'gap') continue;
    if (event.kind === 'birth') {
      living.set(event.pid, { startNs: event.atNs, parentPid: event.parentPid, threads: 1, isLeaderOver: false });
      continue;
    }
    const life = living.get(event.pid);
    if (life === undefined) continue;
    if (event.kind === 'thread') life.threads++;
    if (event.kind === 'exec') {
      life.threads = 1;
      life.isLeaderOver = false;
    }
    if (event.kind !== 'exit') continue;
    life.threads--;
    if (event.tid === event.pid) life.isLeaderOver = true;
    if (life.threads > 0) continue;
    living.delete(event.pid);
    for (const [pid, child] of living) {
      if (child.parentPid === event.pid) living.set(pid, { ...child, parentPid: 1 });
    }
  }
  return living;
}
