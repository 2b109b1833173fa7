import type { DatabaseSync } from 'node:sqlite';
import type { GapEvent } from '../lineage-event.ts';
import type { GapNode } from '../process-node.ts';

/** Older ones go: who floods the kernel's queue must not fill the disk with it. */
const mostGaps = 10_000;

export interface GapList {
  readonly add: (event: GapEvent) => void;
  readonly repair: (gap: { readonly stream: number; readonly seq: number }, repairedMs: number) => void;
  readonly all: () => readonly GapNode[];
  readonly forgetOld: (endedBeforeMs: number) => void;
}

export function createGapList(database: DatabaseSync): GapList {
  const statements = {
    add: database.prepare('INSERT OR IGNORE INTO gap VALUES (?, ?, ?, NULL, ?)'),
    repair: database.prepare('UPDATE gap SET repairedMs = ? WHERE stream = ? AND seq = ?'),
    all: database.prepare('SELECT body, repairedMs FROM gap ORDER BY endMs, stream, seq'),
    old: database.prepare(
      `DELETE FROM gap WHERE endMs < ? OR (stream, seq) IN (SELECT stream, seq FROM gap ORDER BY endMs DESC LIMIT -1 OFFSET ${mostGaps})`,
    ),
  };
  return {
    add: (event) => {
      const node = gapNodeOf(event);
      statements.add.run(event.stream, event.seq, node.until.wallMs, JSON.stringify(node));
    },
    repair: ({ stream, seq }, repairedMs) => void statements.repair.run(repairedMs, stream, seq),
    all: () =>
      statements.all.all().map((row) => {
        const { body, repairedMs } = row as { body: string; repairedMs: number | null };
        const node = JSON.parse(body) as GapNode;
        return repairedMs === null ? node : { ...node, repairedMs };
      }),
    forgetOld: (endedBeforeMs) => void statements.old.run(endedBeforeMs),
  };
}

/** The gap that an event tells of; its end on the wall follows from its length, as far as clocks agree. */
export function gapNodeOf({ source, atNs, untilNs, wallMs, drops, reason }: GapEvent): GapNode {
  const from = { atNs, wallMs, how: 'observed' } as const;
  const until = { atNs: untilNs, wallMs: wallMs + (untilNs - atNs) / 1e6, how: 'observed' } as const;
  return { source, from, until, ...(drops === undefined ? {} : { drops }), reason };
}
