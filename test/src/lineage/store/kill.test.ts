import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLineageGraph } from '../../../../src/lineage/create-lineage-graph.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import { openLineageStore } from '../../../../src/lineage/open-lineage-store.ts';
import type { ProcessNode } from '../../../../src/lineage/process-node.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { createRandom, makeBatches } from './made-up-events.ts';
import { bootId, bootMs } from './sample-nodes.ts';

const limits = { maxAgeMs: 1e12, maxBytes: 2 ** 30 };

/** Kills the writer at a moment of the batch after this one; how many batches it had told of then. */
async function writeUntilKilled(folder: string, seed: number, batches: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'write-main.ts'), folder, String(seed)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length - 1 >= batches) child.kill('SIGKILL');
  });
  const [, signal] = await new Promise<[unknown, unknown]>((resolve) => child.on('close', (...end) => resolve(end)));
  expect(signal).toBe('SIGKILL');
  return text.split('\n').length - 1;
}

/** All that is known, from disk and from the replay, by id; and the newest moment that was written. */
function readAll(folder: string): { readonly nodes: readonly ProcessNode[]; readonly newestNs: number } {
  const path = join(folder, 'lineage.db');
  const store = openLineageStore({ path, bootId, limits, nowMs: () => bootMs, log: () => undefined });
  const known = new Map(store.find({ limit: 1e9 }).map((node) => [node.id, node]));
  for (const node of fold(store.replay()).nodes()) known.set(node.id, node);
  const nodes = [...known.values()].map((node) => ({
    ...node,
    children: [...new Set([...node.children, ...store.childrenOf(node.id)])],
  }));
  const newestNs = store.heard()?.atNs ?? 0;
  store.close();
  return { nodes: inOrder(nodes), newestNs };
}

function fold(events: Iterable<LineageEvent>): ReturnType<typeof createLineageGraph> {
  const graph = createLineageGraph({ bootId, pidNamespace: undefined, tickNs: 1e7 });
  for (const event of events) graph.add(event);
  return graph;
}

/** "ambiguous" is left out: a life keeps what was doubtful when it became final, as an exec of the next life whose birth was still to come. */
function inOrder(nodes: readonly ProcessNode[]): readonly ProcessNode[] {
  return nodes
    .map((node) => ({
      ...node,
      children: node.children.toSorted((one, other) => (one < other ? -1 : 1)),
      marks: node.marks.filter((mark) => mark !== 'ambiguous'),
    }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** What the batches give, in another order than they were written in; undefined where these were not all, or not so many. */
function oracle(seed: number, batches: number, newestNs: number): readonly ProcessNode[] | undefined {
  const events: LineageEvent[] = [];
  for (const batch of makeBatches(seed)) {
    if (batches-- <= 0) break;
    events.push(...batch);
  }
  if (Math.max(...events.map(({ atNs }) => atNs)) !== newestNs) return undefined;
  const random = createRandom(seed + 1);
  const shuffled = events.map((event) => ({ event, key: random() })).toSorted((one, other) => one.key - other.key);
  return inOrder([...fold(shuffled.map(({ event }) => event)).nodes()]);
}

test.each([
  [1, 5],
  [2, 60],
  [3, 130],
])(
  'a writer that is killed leaves what gives the same graph as its events in any order (seed %i, after %i batches)',
  async (seed, batches) => {
    using folder = createTemporaryFolder();
    const told = await writeUntilKilled(folder.path, seed, batches);
    const { nodes, newestNs } = readAll(folder.path);
    // What was committed and not told any more is there, too.
    const possible = Array.from({ length: 60 }, (_, more) => oracle(seed, told + more, newestNs)).filter(
      (graph) => graph !== undefined,
    );
    expect(possible).not.toEqual([]);
    const same = possible.find((graph) => JSON.stringify(graph) === JSON.stringify(nodes)) ?? possible[0];
    expect(nodes).toEqual(same);
  },
);
