import { describe, expect, test } from 'vitest';
import { createTeller } from '../../helpers/lineage-events.ts';
import { createLineageGraph } from '../../../src/lineage/create-lineage-graph.ts';
import type { LineageEvent } from '../../../src/lineage/lineage-event.ts';
import type { ProcessNode } from '../../../src/lineage/process-node.ts';

const options = { bootId: 'b', pidNamespace: 4_026_531_836, tickNs: 10_000_000 };

/** Every permutation, by Heap's method. */
function* permutations<Value>(values: Value[], length = values.length): Generator<readonly Value[]> {
  if (length <= 1) {
    yield values;
    return;
  }
  for (let index = 0; index < length; index++) {
    yield* permutations(values, length - 1);
    const other = length % 2 === 0 ? index : 0;
    [values[other], values[length - 1]] = [values[length - 1] as Value, values[other] as Value];
  }
}

function graphOf(events: readonly LineageEvent[]): readonly ProcessNode[] {
  const graph = createLineageGraph(options);
  for (const event of events) graph.add(event);
  return [...graph.nodes()].sort((a, b) => a.pid - b.pid || (a.id < b.id ? -1 : 1));
}

/** Duplicates come before, between and after: each permutation has others. */
function withDuplicates(events: readonly LineageEvent[], number: number): readonly LineageEvent[] {
  const doubled = [...events];
  doubled.splice(number % 8, 0, events[number % 7] as LineageEvent);
  doubled.push(events[(number + 3) % 7] as LineageEvent);
  return doubled;
}

const t = createTeller();
const families: Readonly<Record<string, readonly LineageEvent[]>> = {
  'a parent, a child that executes, a grandchild that ends': [
    t.birth(1000, 2, 1),
    t.birth(2000, 3, 2),
    t.exec(3000, 3),
    t.auditExec(2900, 3, 2, '/bin/sh'),
    t.birth(4000, 4, 3),
    t.exit(5000, 4, { status: 0x700, reaperPid: 3 }),
    t.exit(6000, 3, { reaperPid: 2 }),
  ],
  'a pid that is used twice, in one tick': [
    t.birth(100_100, 7, 1),
    t.exec(100_200, 7),
    t.exit(100_300, 7),
    t.birth(100_400, 7, 1),
    t.exec(100_500, 7),
    t.auditExec(100_450, 7, 1, '/bin/b'),
    t.exit(100_600, 7, { status: 9 }),
  ],
  'threads, whose first ends and another executes': [
    t.birth(1000, 20, 2),
    t.thread(1100, 20, 21),
    t.thread(1200, 20, 22),
    t.exit(1300, 20),
    t.exec(1400, 20),
    t.comm(1500, 20, 'renamed'),
    t.exit(1600, 20, { status: 0x100 }),
  ],
  'a pid born again while its old life seems to go on': [
    t.birth(1000, 30, 2),
    t.seen(12_000, 30, 1000, 2),
    t.exec(13_000, 30),
    t.birth(50_000, 30, 3),
    t.seen(62_000, 30, 50_000, 3),
    t.gone(90_000, 30),
    t.birth(60_000, 31, 30),
  ],
  'audit alone': [
    t.clone(1000, 2, 40),
    t.auditExec(5000, 40, 2, '/bin/a'),
    t.exitCall(9000, 40, 3),
    t.clone(20_000, 2, 40),
    t.auditExec(25_000, 40, 2, '/bin/b'),
    t.auditFailed(29_000, 40, 2, '/bin/c'),
    t.exitCall(33_000, 40, 0),
  ],
  'a double fork, whose middle dies': [
    t.birth(1000, 2, 1),
    t.birth(2000, 3, 2),
    t.birth(3000, 4, 3),
    t.exit(4000, 3, { reaperPid: 2 }),
    t.exec(5000, 4),
    t.seen(20_000, 4, 3000, 1),
    t.exit(30_000, 4, { reaperPid: 1 }),
  ],
  'a gap with sightings on both sides': [
    t.birth(1000, 5, 1),
    t.exec(2000, 5),
    t.gap('connector', 10_000, 50_000, 7),
    t.seen(60_000, 5, 1000, 1),
    t.seen(60_000, 6, 30_000, 5),
    t.exit(70_000, 6, { reaperPid: 5 }),
    t.gone(90_000, 5, 1000),
  ],
  'births after all that they should have come before, files, an owner': [
    t.birth(1000, 2, 1),
    t.owner(1500, 3, 1000),
    t.birth(1200, 3, 2),
    t.file(1600, 3, '/tmp/x'),
    t.exit(1700, 2, { reaperPid: 1 }),
    t.exit(1800, 3, { reaperPid: 1, status: 0x8b }),
    t.birth(1900, 3, 1),
  ],
};

describe('5,040 orders of seven events, each with duplicates, give one graph', () => {
  test.each(Object.entries(families))('%s', (_, events) => {
    const expected = graphOf(events);
    expect(expected.length).toBeGreaterThan(0);
    let number = 0;
    for (const order of permutations([...events])) {
      const graph = graphOf(withDuplicates(order, number++));
      // The deep comparison is slow: only where the texts differ it says what does.
      if (JSON.stringify(graph) !== JSON.stringify(expected)) expect(graph).toEqual(expected);
    }
    expect(number).toBe(5040);
  });
});

test('asked in between, after each event, the graph ends up the same', () => {
  for (const events of Object.values(families)) {
    const expected = graphOf(events);
    let number = 0;
    for (const order of permutations([...events])) {
      if (number++ % 20 !== 0) continue;
      const graph = createLineageGraph(options);
      for (const event of order) {
        graph.add(event);
        if ('pid' in event) graph.byPid(event.pid);
        graph.counts();
      }
      expect([...graph.nodes()].sort((a, b) => a.pid - b.pid || (a.id < b.id ? -1 : 1))).toEqual(expected);
    }
  }
});
