/** Gaps that touch an answer, each below the process among whose children it belongs. */
import type { GapNode } from '../../src/lineage/process-node.ts';
import type { Placed } from './collect-forest.ts';
import type { GapElement } from './elements.ts';
import { toText } from './texts.ts';
import { livedIn, formatTime, type Window } from './window.ts';

/** A gap touches the answer where one of its processes, those above left aside, lived in it; with a time also where it lies in that. */
export function describeGaps(
  gaps: readonly GapNode[],
  placed: readonly Placed[],
  { window, wantsAll }: { readonly window: Window; readonly wantsAll: boolean },
): readonly GapElement[] {
  const tops = findTops(placed);
  return gaps.flatMap((gap) => {
    const during: Window = { fromMs: gap.from.wallMs, untilMs: gap.until.wallMs, atMs: undefined, isAsked: true };
    const isAsked = wantsAll || (window.isAsked && touches(gap, window));
    const lived = tops.filter(({ node }) => livedIn(node, during));
    if (window.isAsked ? !isAsked : !isAsked && lived.length === 0) return [];
    // One line is enough for each gap: it stands where the first of them is drawn.
    return [describeGap(gap, lived[0]?.node.id)];
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
