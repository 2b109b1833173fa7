import type { LineageStatus } from '../../src/lineage/lineage.ts';
import type { SourceStatus } from '../../src/lineage/lineage-source.ts';
import type { SourceElement, StatusElement } from './elements.ts';
import { formatTime } from './window.ts';

/** What is asked of which source. */
export interface Wanted {
  readonly audit: boolean;
  /** The folders in which changes of files are heard, as they are listed. */
  readonly files: readonly string[];
}

/** How the lineage does, what it could have beside. */
export function describeStatus(status: LineageStatus, gaps: number, wanted: Wanted): StatusElement {
  const { sources, counts, store, corrections, outOfScope, sweeps } = status;
  const { events, duplicates, outOfOrder, live, ended, placeholders, evicted, ambiguous } = counts;
  return {
    sources: [...describeSources(sources), ...describeUnused(wanted)],
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

/** A source is as far behind the present as it is behind the one that is farthest. */
export function describeSources(sources: readonly SourceStatus[]): readonly SourceElement[] {
  const newestNs = Math.max(0, ...sources.map(({ watermarkNs }) => watermarkNs).filter(Number.isFinite));
  return sources.map((source) => describeSource(source, newestNs));
}

function describeSource(
  { source, isWorking, lacks, events, gaps, drops, watermarkNs }: SourceStatus,
  newestNs: number,
): SourceElement {
  const isKnown = isWorking && Number.isFinite(watermarkNs) && watermarkNs > 0;
  const behindMs = isKnown ? Math.round((newestNs - watermarkNs) / 1e6) : null;
  return { source, isWanted: true, isWorking, lacks: lacks ?? null, events, gaps, drops, behindMs };
}

function describeUnused({ audit, files }: Wanted): readonly SourceElement[] {
  const nothing = { isWanted: false, isWorking: false, events: 0, gaps: 0, drops: 0, behindMs: null };
  const unused = (source: string, lacks: string): SourceElement => ({ source, lacks, ...nothing });
  return [
    ...(audit
      ? []
      : [unused('audit', 'with "audit: true" arguments of the shortest processes, too, and failed starts')]),
    ...(files.length > 0 ? [] : [unused('fanotify', 'with "files: [FOLDERS]" who changed files there')]),
  ];
}
