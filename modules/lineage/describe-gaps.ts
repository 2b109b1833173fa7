/** Gaps that touch an answer, each below the process among whose children it belongs. */
import type { GapNode } from '../../src/lineage/process-node.ts';
import type { Placed } from './collect-forest.ts';
import type { GapElement } from './elements.ts';
import { toText } from './texts.ts';
import { livedIn, formatTime, type Window } from './window.ts';

/** Of a time those that lie in it, or else those in which one of the processes lived that were asked for. */
export function describeGaps(
  gaps: readonly GapNode[],
  placed: readonly Placed[],
  options: {
    readonly window: Window | undefined;
    readonly wantsAll: boolean;
    /** Whether changes of files are part of the question: what is missing of them says nothing of processes. */
    readonly isOfFiles: boolean;
  },
): readonly GapElement[] {
  const { window, wantsAll, isOfFiles } = options;
  const tops = findTops(placed);
  return gaps.flatMap((gap) => {
    if (gap.source === 'fanotify' && !wantsAll && !isOfFiles) return [];
    const during: Window = { fromMs: gap.from.wallMs, untilMs: gap.until.wallMs, atMs: undefined, isAsked: true };
    const lived = tops.filter(({ node }) => livedIn(node, during));
    const isAsked = wantsAll || (window ? touches(gap, window) : lived.length > 0);
    // One line is enough for each gap: it stands where the first of them is drawn.
    return isAsked ? [describeGap(gap, lived[0]?.node.id)] : [];
  });
}

/** The topmost of those that were asked for or descend from them. */
function findTops(placed: readonly Placed[]): readonly Placed[] {
  const above = new Set(placed.filter(({ found }) => found === 'above').map(({ node }) => node.id));
  return placed.filter(({ found, below }) => found !== 'above' && (below === undefined || above.has(below)));
}

function touches({ from, until }: GapNode, { fromMs, untilMs }: Window): boolean {
  return (untilMs === undefined || from.wallMs <= untilMs) && (fromMs === undefined || until.wallMs >= fromMs);
}

export function describeGap({ source, from, until, drops, reason, repairedMs }: GapNode, below?: string): GapElement {
  return {
    source,
    from: formatTime(from.wallMs),
    until: formatTime(until.wallMs),
    durationMs: Math.max(0, Math.round((until.atNs - from.atNs) / 1000) / 1000),
    drops: drops ?? null,
    reason: toText(reason),
    repairedAt: repairedMs === undefined ? null : formatTime(repairedMs),
    below: below ?? null,
  };
}
