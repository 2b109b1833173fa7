import type { FileItem } from './file-record.ts';

export interface Outlet {
  readonly send: (items: readonly FileItem[]) => void;
  /** To be called now and then: tells what was dropped as soon as there is room. */
  readonly flush: () => void;
}

export interface OutletOptions {
  readonly post: (items: readonly FileItem[]) => void;
  /** Items that were posted and not taken. */
  readonly waiting: () => number;
  readonly limit: number;
}

/** Hands items on while fewer than the limit wait there; what comes while it is full is counted, and told as a gap before what comes next. */
export function createBoundedOutlet({ post, waiting, limit }: OutletOptions): Outlet {
  let lost: { drops: number; readonly fromNs: number; toNs: number } | undefined;
  const flush = (): void => {
    if (!lost || waiting() > limit / 2) return;
    const gap = { ...lost, kind: 'gap', reason: 'file events came faster than they were taken' } as const;
    lost = undefined;
    post([gap]);
  };
  return {
    flush,
    send: (items) => {
      flush();
      const room = lost ? 0 : Math.max(0, limit - waiting());
      if (room > 0) post(items.slice(0, room));
      for (const { fromNs, toNs } of items.slice(room)) {
        lost ??= { drops: 0, fromNs, toNs };
        lost.drops++;
        lost.toNs = Math.max(lost.toNs, toNs);
      }
    },
  };
}
