/** Writes made-up events as fast as it can until it is killed: `node write-main.ts FOLDER SEED`; a line for each batch that is on disk. */
import { createLineageGraph } from '../../../../src/lineage/create-lineage-graph.ts';
import { openLineageStore } from '../../../../src/lineage/open-lineage-store.ts';
import { latestMs, makeBatches } from './made-up-events.ts';
import { bootId, bootMs } from './sample-nodes.ts';

const [folder = '', seed = '1'] = process.argv.slice(2);
const limits = { maxAgeMs: 1e12, maxBytes: 2 ** 30 };
const store = openLineageStore({
  path: `${folder}/lineage.db`,
  bootId,
  limits,
  nowMs: () => bootMs,
  log: () => undefined,
});
const graph = createLineageGraph({ bootId, pidNamespace: undefined, tickNs: 1e7, limits: { tombstoneMs: 1000 } });
let [written, newestNs] = [0, 0];
for (const batch of makeBatches(Number(seed))) {
  store.append(batch);
  for (const event of batch) {
    graph.add(event);
    newestNs = Math.max(newestNs, event.atNs);
  }
  store.settle(graph.settle(newestNs - latestMs * 1e6));
  process.stdout.write(`${++written}\n`);
}
