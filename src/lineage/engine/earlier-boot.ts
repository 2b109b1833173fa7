import type { LineageEvent } from '../lineage-event.ts';
import type { LineageGraph } from '../lineage-graph.ts';
import type { Moment, ProcessNode } from '../process-node.ts';

/**
 * The processes of a boot that is over. Those whose end nobody told have ended with it: at the last moment that was heard of it, "reconciled", as nobody knows how.
 */
export function* foldEarlierBoot(
  graph: LineageGraph,
  events: Iterable<LineageEvent>,
  lastHeard: Omit<Moment, 'how'> | undefined,
): Generator<ProcessNode> {
  let last = lastHeard ?? { atNs: 0, wallMs: 0 };
  for (const event of events) {
    graph.add(event);
    if (event.atNs > last.atNs) last = { atNs: event.atNs, wallMs: event.wallMs };
  }
  for (const node of graph.nodes()) {
    if (node.end) yield node;
    else yield { ...node, state: 'exited', end: { ...last, how: 'gap', reason: 'reconciled' } };
  }
}
