import type { Pace } from '../../base/pace.ts';
import type { LineageEvent } from '../lineage-event.ts';
import type { LineageGraph } from '../lineage-graph.ts';
import type { ProcessNode } from '../process-node.ts';
import type { Disk } from './disk.ts';
import { latestNs, readAll } from './replay.ts';

/** So many processes are written in one transaction. */
const atOnce = 256;
/** So many events are added before what has ended is settled. */
const settleEvery = 8192;

/**
 * The processes of a boot that is over take the place of their events; how many. Those whose end nobody told have ended with it: at the last moment that was heard of it, "reconciled", as nobody
 * knows how.
 */
export async function settleEarlierBoot(
  disk: Disk,
  createGraph: (bootId: string) => LineageGraph,
  pace: Pace,
): Promise<number> {
  const earlier = disk.read((store) => store.earlierBoot());
  if (!earlier) return 0;
  const heard = disk.read((store) => store.heard());
  const last = heard?.bootId === earlier.bootId ? heard : { atNs: 0, wallMs: 0 };
  const graph = createGraph(earlier.bootId);
  const writer = createWriter(disk, pace, last);
  const events = await readAll(disk, earlier.events, pace);
  for (const [index, event] of events.toSorted((one, other) => one.atNs - other.atNs).entries()) {
    graph.add(event);
    writer.hear(event);
    if (pace.isDue()) await pace.rest();
    // There may be more than the graph has room for.
    if (index % settleEvery === settleEvery - 1) await writer.write(graph.settle(event.atNs - latestNs));
  }
  await writer.write(graph.nodes());
  if (writer.isWhole()) disk.read((store) => store.endEarlierBoot());
  return writer.count();
}

interface Writer {
  readonly hear: (event: LineageEvent) => void;
  readonly write: (nodes: Iterable<ProcessNode>) => Promise<void>;
  readonly count: () => number;
  /** Nothing of it failed. */
  readonly isWhole: () => boolean;
}

function createWriter(disk: Disk, pace: Pace, heard: { readonly atNs: number; readonly wallMs: number }): Writer {
  let last = heard;
  let count = 0;
  let isWhole = true;
  const writeSome = async (nodes: readonly ProcessNode[]): Promise<void> => {
    count += nodes.length;
    isWhole &&= disk.read((store) => (store.settleEarlier(nodes), true)) === true;
    if (pace.isDue()) await pace.rest();
  };
  return {
    hear: (event) => {
      if (event.atNs > last.atNs) last = event;
    },
    write: async (nodes) => {
      let next: ProcessNode[] = [];
      for (const node of nodes) {
        const { atNs, wallMs } = last;
        next.push({ ...node, state: 'exited', end: node.end ?? { atNs, wallMs, how: 'gap', reason: 'reconciled' } });
        if (next.length < atOnce) continue;
        await writeSome(next);
        next = [];
      }
      await writeSome(next);
    },
    count: () => count,
    isWhole: () => isWhole,
  };
}
