/** Takes what is over for good out of memory and gives it to the disk, a little at a time. */
import type { LineageGraph } from '../lineage-graph.ts';
import type { Disk } from './disk.ts';
import type { EngineLimits } from './limits.ts';
import type { News } from './news.ts';
import type { Scope } from './scope.ts';

export interface Settling {
  /** Looks what is final by now. */
  readonly begin: () => void;
  /** The same where there is more than there should be. */
  readonly beginWhereCrowded: () => void;
  /** Goes on for so long, unless the disk has enough to do. */
  readonly work: (forMs: number) => void;
  readonly isLeft: () => boolean;
  /** So many have ended that some of them have to go before more may come, and some can. */
  readonly isFull: () => boolean;
}

export function createSettling({
  graph,
  disk,
  scope,
  news,
  limits,
  monotonicMs,
  watermarkNs,
}: {
  readonly graph: LineageGraph;
  readonly disk: Disk;
  readonly scope: Scope | undefined;
  readonly news: News;
  readonly limits: EngineLimits;
  readonly monotonicMs: () => number;
  /** All up to this moment was told, and digested. */
  readonly watermarkNs: () => number;
}): Settling {
  let isLeft = false;
  const isCrowded = (): boolean => graph.counts().ended > limits.crowdedTombstones;

  /** How many. */
  const settleSome = (untilNs: number, keepMs: number | undefined): number => {
    const nodes = graph.settle(untilNs, { most: limits.settleNodes, ...(keepMs === undefined ? {} : { keepMs }) });
    const told = nodes.map((node) => ({ ...node, revision: news.revisionOf(node.id) }));
    disk.settle(scope ? scope.settle(told) : told);
    news.forget(nodes.map(({ id }) => id));
    return nodes.length;
  };

  return {
    begin: () => (isLeft = true),
    beginWhereCrowded: () => (isLeft ||= isCrowded()),
    work: (forMs) => {
      const untilMs = monotonicMs() + forMs;
      const untilNs = watermarkNs();
      const keepMs = isCrowded() ? limits.crowdedKeepMs : undefined;
      while (isLeft && !disk.isCrowded()) {
        const count = settleSome(untilNs, keepMs);
        // While some go and there are still too many it is looked again.
        isLeft = count >= limits.settleNodes || (count > 0 && isCrowded());
        if (monotonicMs() >= untilMs) return;
      }
    },
    isLeft: () => isLeft,
    isFull: () => isLeft && graph.counts().ended > limits.mostTombstones,
  };
}
