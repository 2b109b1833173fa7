import type { Lineage } from '../../src/lineage/lineage.ts';
import type { ProcessNode } from '../../src/lineage/process-node.ts';

/** Some 8 MB. */
const mostRemembered = 4000;

/**
 * The lineage for the time of one question: a process that was looked up once is as it was then, which makes an answer that took seconds one of one piece, and
 * the same ancestors of thousands of processes are looked up once.
 */
export function rememberNodes(lineage: Lineage): Lineage {
  // In an answer of more than these an ancestor that it shows later may be as it was then.
  const known = new Map<string, ProcessNode | undefined>();
  const keep = (node: ProcessNode): ProcessNode => {
    const earlier = known.get(node.id);
    if (earlier) return earlier;
    if (known.size < mostRemembered) known.set(node.id, node);
    return node;
  };
  return {
    ...lineage,
    byId: (id) => {
      if (known.has(id)) return known.get(id);
      const node = lineage.byId(id);
      if (known.size < mostRemembered) known.set(id, node);
      return node;
    },
    byPid: (pid, atMs) => {
      const node = lineage.byPid(pid, atMs);
      return node && keep(node);
    },
    find: (query) => lineage.find(query).map(keep),
    search: async (query, pace) => (await lineage.search(query, pace)).map(keep),
  };
}
