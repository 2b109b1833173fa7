import type { GapEvent } from '../lineage-event.ts';
import type { GapNode } from '../process-node.ts';
import { gapNodeOf } from '../store/gap-list.ts';

export interface GapBook {
  readonly add: (event: GapEvent) => GapNode;
  /** One that the store knew. */
  readonly keep: (gap: GapNode) => void;
  readonly repair: (event: GapEvent, repairedMs: number) => GapNode;
  /** Oldest first. */
  readonly all: () => readonly GapNode[];
}

const mostGaps = 10_000;

/** The gaps that are known, with when they were repaired: also while no disk keeps them. */
export function createGapBook(): GapBook {
  const gaps = new Map<string, GapNode>();
  let kept = 0;
  const put = (key: string, gap: GapNode): GapNode => {
    gaps.set(key, gap);
    for (const oldest of gaps.keys()) {
      if (gaps.size <= mostGaps) break;
      gaps.delete(oldest);
    }
    return gap;
  };
  const keyOf = ({ stream, seq }: GapEvent): string => `${stream} ${seq}`;
  return {
    add: (event) => put(keyOf(event), gapNodeOf(event)),
    keep: (gap) => void put(`kept ${++kept}`, gap),
    repair: (event, repairedMs) => put(keyOf(event), { ...gapNodeOf(event), repairedMs }),
    all: () => [...gaps.values()],
  };
}
