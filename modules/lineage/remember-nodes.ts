import type { Lineage } from '../../src/lineage/lineage.ts';
import type { ProcessNode } from '../../src/lineage/process-node.ts';

/**
 * The lineage for the time of one question: a process that was looked up once is as it was then, which makes an answer that took seconds one of one piece, and
 * the same ancestors of thousands of processes are looked up once.
 */
export function rememberNodes(lineage: Lineage): Lineage {
  const known = new Map<string, ProcessNode | undefined>();
  const keep = (node: ProcessNode): ProcessNode => {
    const earlier = known.get(node.id);
    if (earlier) return earlier;
    known.set(node.id, node);
    return node;
  };
  return {
    ...lineage,
    byId: (id) => {
      if (!known.has(id)) known.set(id, lineage.byId(id));
      return known.get(id);
    },
    byPid: (pid, atMs) => {
      const node = lineage.byPid(pid, atMs);
      return node && keep(node);
    },
    find: (query) => lineage.find(query).map(keep),
  };
}
