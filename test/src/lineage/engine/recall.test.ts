/** A start behind a flood: what is on disk is read piece by piece, and nothing of it is lost for want of room. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import { openLineageStore } from '../../../../src/lineage/open-lineage-store.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { bootId, bootMs, told } from '../store/sample-nodes.ts';
import { createFakeHost } from './fake-host.ts';

const count = 60_000;

/** That many processes that have ended, on disk as events alone: more than the graph has room for. */
function leaveFlood(folder: string): void {
  const store = openLineageStore({
    path: join(folder, 'lineage.db'),
    bootId,
    limits: { maxAgeMs: 1e12, maxBytes: 1e9 },
    nowMs: () => bootMs,
    log: () => undefined,
  });
  for (let pid = 1000; pid < 1000 + count; pid += 1000) {
    const forks = Array.from({ length: 1000 }, (_, n) => {
      const ms = 1000 + (pid + n) / 10;
      const at = 2 * (pid + n);
      const birth: LineageEvent = { kind: 'birth', ...told(at, ms), pid: pid + n, parentPid: 1 };
      const end: LineageEvent = {
        kind: 'exit',
        ...told(at + 1, ms + 5),
        pid: pid + n,
        tid: pid + n,
        status: 0,
        reaperPid: 1,
      };
      return [birth, end];
    });
    store.append(forks.flat());
  }
  store.close();
}

/** How often the event loop turned meanwhile. */
async function countTurns(work: () => Promise<void>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  return turns;
}

test.each([
  ['of this boot', undefined],
  ['of the boot before', 'another boot'],
])(
  'events %s',
  async (_what, laterBoot) => {
    using folder = createTemporaryFolder();
    leaveFlood(folder.path);
    const again = createFakeHost({
      folder: folder.path,
      nowMs: 100_000,
      msALook: 0.1,
      limits: { looksASecond: 0 },
      ...(laterBoot === undefined ? {} : { bootId: laterBoot }),
    });
    // A tenth of a millisecond an event, and a rest each 50 ms.
    expect(await countTurns(again.lineage.start)).toBeGreaterThan(200);
    expect(again.lineage.status().counts.evicted).toBe(0);
    const pids = new Set(again.lineage.find({ limit: 1e6 }).map(({ pid }) => pid));
    expect(Array.from({ length: count }, (_, n) => 1000 + n).filter((pid) => !pids.has(pid))).toEqual([]);
    await again.lineage.stop();
  },
  120_000,
);
