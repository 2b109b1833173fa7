import { describe, expect, test } from 'vitest';
import { createRandom, shuffle } from '../../helpers/lineage-events.ts';
import { foretell, growForest } from '../../helpers/random-forest.ts';
import type { Truth } from '../../helpers/random-forest.ts';
import { createLineageGraph } from '../../../src/lineage/create-lineage-graph.ts';
import type { LineageGraph } from '../../../src/lineage/lineage-graph.ts';
import type { LineageEvent } from '../../../src/lineage/lineage-event.ts';
import type { ProcessNode } from '../../../src/lineage/process-node.ts';

function fold(events: Iterable<LineageEvent>): LineageGraph {
  const graph = createLineageGraph({ bootId: 'b', pidNamespace: 1, tickNs: 10_000_000 });
  for (const event of events) graph.add(event);
  return graph;
}

/** Each comes up to half a second late. */
function delayed(events: readonly LineageEvent[], random: () => number): readonly LineageEvent[] {
  const late = events.map((event) => ({ event, heardNs: event.atNs + random() * 500e6 }));
  return late.sort((a, b) => a.heardNs - b.heardNs).map(({ event }) => event);
}

/** The nodes in the oracle's words. */
function told(graph: LineageGraph): ReadonlyMap<string, Truth> {
  const nodes = [...graph.nodes()].filter((node) => node.pid !== 1);
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
  return new Map(nodes.map((node) => [nameOf(node), toTruth(node, names)]));
}

function nameOf(node: ProcessNode): string {
  return `${node.pid}@${node.start?.how === 'observed' ? node.start.atNs : 'unknown'}`;
}

function toTruth(node: ProcessNode, names: ReadonlyMap<string, string>): Truth {
  const { end } = node;
  const status = end === undefined ? 0 : end.signal === undefined ? (end.code ?? 0) << 8 : end.signal;
  return {
    name: nameOf(node),
    birthParent: names.get(node.birthParent?.id ?? '') ?? `${node.birthParent?.pid}`,
    end: end === undefined ? undefined : { atNs: end.atNs, status },
    isLeaderOver: node.state === 'leaderExited' || node.state === 'exited',
    executions: node.executions.map(({ atNs, executable }) => ({ atNs, executable })),
    failed: node.failedExecutions.length,
    threadsEver: node.threadsEver,
    threads: node.threads,
    comm: node.comm,
    reaperPid: undefined,
    children: node.children.map((id) => names.get(id) ?? id),
  };
}

/** What the fold says beyond the oracle: the name that a child inherits; who reaped is compared apart. */
function comparable(truths: ReadonlyMap<string, Truth>): ReadonlyMap<string, Truth> {
  return new Map([...truths].map(([name, truth]) => [name, { ...truth, comm: undefined, reaperPid: undefined }]));
}

function check(
  seed: number,
  hasAudit: boolean,
  mix: (events: readonly LineageEvent[], random: () => number) => readonly LineageEvent[],
): void {
  const random = createRandom(seed);
  const events = growForest(random, {
    events: 5 + Math.floor(random() ** 2 * 195),
    pids: 3 + Math.floor(random() * 20),
    hasAudit,
  });
  const truths = foretell(events);
  const graph = fold(mix(events, random));
  const said = comparable(told(graph));
  const wanted = comparable(truths);
  if (toText(said) !== toText(wanted)) expect(said, `seed ${seed}`).toEqual(wanted);
  const marked = [...graph.nodes()].filter((node) => node.marks.length > 0);
  if (marked.length > 0) expect(marked, `seed ${seed}`).toEqual([]);
  for (const node of graph.nodes()) {
    const truth = truths.get(nameOf(node));
    if (truth?.reaperPid !== undefined && node.state === 'exited') {
      expect(node.parent?.pid, `seed ${seed}`).toBe(truth.reaperPid);
    }
  }
}

function toText(truths: ReadonlyMap<string, Truth>): string {
  return JSON.stringify(
    [...truths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, truth]) => ({ ...truth, end: truth.end ?? null })),
  );
}

describe('10,000 random forests with reuse and threads, and the oracle that sees the true order', () => {
  test.each([
    ['the connector alone, half a second mixed up', 1, false, delayed],
    ['the connector alone, in any order', 2, false, shuffle],
    ['with audit, half a second mixed up', 3, true, delayed],
    ['with audit, in any order', 4, true, shuffle],
  ] as const)(
    '%s',
    (_, series, hasAudit, mix) => {
      for (let seed = 0; seed < 2500; seed++) check(series * 100_000 + seed, hasAudit, mix);
    },
    120_000,
  );
});
