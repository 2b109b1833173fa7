import type { LineageStatus } from '../../src/lineage/lineage.ts';
import type { SourceStatus } from '../../src/lineage/lineage-source.ts';
import type { SourceElement, StatusElement } from './elements.ts';
import { formatTime } from './window.ts';

/** How the lineage does. A source is as far behind the present as it is behind the one that is farthest. */
export function describeStatus(status: LineageStatus, gaps: number): StatusElement {
  const { sources, counts, store, corrections, outOfScope, sweeps } = status;
  const { events, duplicates, outOfOrder, live, ended, placeholders, evicted, ambiguous } = counts;
  const newestNs = Math.max(0, ...sources.map(({ watermarkNs }) => watermarkNs).filter(Number.isFinite));
  return {
    sources: sources.map((source) => describeSource(source, newestNs)),
    live,
    ended,
    placeholders,
    evicted,
    ambiguous,
    events,
    duplicates,
    outOfOrder,
    corrections,
    outOfScope,
    sweeps,
    gaps,
    storedBytes: store.bytes,
    storedEvents: store.events,
    storedProcesses: store.nodes,
    oldest: store.oldestMs === undefined ? null : formatTime(store.oldestMs),
    problem: store.problem ?? null,
  };
}

function describeSource(
  { source, isWorking, lacks, events, gaps, drops, watermarkNs }: SourceStatus,
  newestNs: number,
): SourceElement {
  const isKnown = isWorking && Number.isFinite(watermarkNs) && watermarkNs > 0;
  const behindMs = isKnown ? Math.round((newestNs - watermarkNs) / 1e6) : null;
  return { source, isWorking, lacks: lacks ?? null, events, gaps, drops, behindMs };
}
