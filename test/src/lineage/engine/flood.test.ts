/** What a flood of events must not do. The clock goes on with each look at it, and the event loop turns when a test lets it. */
import { describe, expect, test } from 'vitest';
import { createPace } from '../../../../src/base/pace.ts';
import type { LineageStore } from '../../../../src/lineage/lineage-store.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { born, createFakeHost, ended, type Fact, type FakeHost, type FakeHostOptions } from './fake-host.ts';

interface Loop {
  readonly host: FakeHost;
  /** So often the event loop turns; absent = until nothing is left. Each turn's length in ms. */
  readonly turn: (times?: number) => readonly number[];
}

function openHost(options: FakeHostOptions): Loop {
  const waiting: (() => void)[] = [];
  const host = createFakeHost({ ...options, later: (work) => waiting.push(work) });
  return {
    host,
    turn: (times = 1e6) => {
      const lengths: number[] = [];
      for (let left = times; left > 0 && waiting.length > 0; left--) {
        const fromMs = host.nowMs;
        waiting.shift()?.();
        lengths.push(host.nowMs - fromMs);
      }
      return lengths;
    },
  };
}

const forks = (from: number, count: number): readonly Fact[] =>
  Array.from({ length: count }, (_, n) => [born(from + n, 1), ended(from + n)]).flat();

describe('in a flood', () => {
  test('a gap is told at once and repaired from /proc while all that was told before it still waits', async () => {
    using folder = createTemporaryFolder();
    const { host, turn } = openHost({ folder: folder.path, msALook: 0.1, limits: { looksASecond: 0 } });
    await host.lineage.start();
    host.connector.tell(host.nowMs, ...forks(1000, 20_000));
    host.shown.set(30_000, { parentPid: 1, startMs: host.nowMs });
    host.connector.tell(host.nowMs, { kind: 'gap', untilNs: host.nowMs * 1e6, drops: 7, reason: 'full' });
    expect(host.lineage.byPid(20_999)).toBeUndefined();
    expect(host.news.at(-1)).toMatchObject({ kind: 'gap', gap: { drops: 7 } });
    await waitFor('the repair', () => host.lineage.gaps().at(-1)?.repairedMs);
    expect(host.lineage.byPid(20_999)).toBeUndefined();
    turn();
    expect(host.lineage.byPid(20_999)).toMatchObject({ state: 'exited', birthParent: { pid: 1 } });
    expect(host.lineage.byPid(30_000)).toMatchObject({ state: 'live' });
    await host.lineage.stop();
  });

  test('nothing goes on for long: digesting, writing, settling and telling, a little of each a turn', async () => {
    using folder = createTemporaryFolder();
    const limits = { looksASecond: 0, crowdedTombstones: 1000, crowdedKeepMs: 0, settleMs: 0 };
    const { host, turn } = openHost({ folder: folder.path, msALook: 0.1, tombstoneMs: 0, limits });
    await host.lineage.start();
    const fromMs = host.nowMs;
    host.connector.tell(host.nowMs, ...forks(1000, 20_000));
    expect(host.nowMs - fromMs).toBeLessThan(20);
    const beforeMs = host.nowMs;
    host.turn(60_000);
    expect(host.nowMs - beforeMs - 60_000).toBeLessThan(60);
    const lengths: number[] = [];
    await waitFor('all of them on disk', () => {
      lengths.push(...turn());
      host.turn(1000);
      return host.lineage.status().store.nodes === 20_000;
    });
    expect(Math.max(...lengths)).toBeLessThan(60);
    expect(lengths.length).toBeGreaterThan(20);
    expect(host.lineage.status().counts).toMatchObject({ evicted: 0, ended: 0 });
    await host.lineage.stop();
  });

  test('what waits to be digested holds back what is final: nothing that is told counts as late', async () => {
    using folder = createTemporaryFolder();
    const limits = { looksASecond: 0, settleMs: 0 };
    const { host, turn } = openHost({ folder: folder.path, msALook: 0.1, tombstoneMs: 0, limits });
    await host.lineage.start();
    const atMs = host.nowMs;
    host.connector.tell(atMs, ...forks(1000, 5000));
    // Of one that ended long ago, but its end is told behind the others.
    host.connector.tell(atMs - 1, born(100, 1), born(101, 100), ended(100));
    host.connector.tell(atMs - 0.5, ended(101));
    host.turn(60_000);
    turn();
    host.turn(60_000);
    turn();
    expect(host.lineage.status().counts).toMatchObject({ late: 0 });
    expect(host.lineage.byPid(101)).toMatchObject({ state: 'exited', birthParent: { pid: 100 } });
    await host.lineage.stop();
  });

  test('a search gives way after each process, and misses none that goes to disk meanwhile', async () => {
    using folder = createTemporaryFolder();
    const limits = { looksASecond: 0, settleMs: 0 };
    const { host, turn } = openHost({ folder: folder.path, tombstoneMs: 1000, limits });
    await host.lineage.start();
    host.connector.tell(host.nowMs, ...forks(1000, 300));
    turn();
    let rests = 0;
    const pace = createPace({
      clock: { nowMs: () => 0, monotonicMs: () => ++rests * 100 },
      signal: new AbortController().signal,
    });
    const searching = host.lineage.search({ limit: 1000 }, pace);
    await new Promise((resolve) => setImmediate(resolve));
    expect(host.lineage.status().store.nodes).toBe(0);
    host.turn(5000);
    turn();
    expect(host.lineage.status().store.nodes).toBe(300);
    const found = await searching;
    const pids = found.map(({ pid }) => pid).filter((pid) => pid >= 1000);
    expect(pids.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 300 }, (_, n) => 1000 + n));
    expect(rests).toBeGreaterThan(300);
    await host.lineage.stop();
  });

  test('while the journal is brought into the database nothing is written, and nobody waits for it', async () => {
    using folder = createTemporaryFolder();
    let finish = (): void => undefined;
    let written = 0;
    const { host, turn } = openHost({
      folder: folder.path,
      limits: { looksASecond: 0, journalBytes: 1 },
      openStore: (open) => {
        const store: LineageStore = open();
        return {
          ...store,
          append: (events) => {
            written += events.length;
            store.append(events);
          },
          checkpoint: async () => {
            await new Promise<void>((resolve) => (finish = resolve));
            await store.checkpoint();
          },
        };
      },
    });
    await host.lineage.start();
    host.turn(50);
    const before = written;
    host.connector.tell(host.nowMs, born(100, 1));
    host.turn(50);
    turn();
    expect(written).toBe(before);
    expect(host.lineage.byPid(100)).toMatchObject({ state: 'live' });
    finish();
    await waitFor('the event on disk', () => {
      turn();
      return written === before + 1;
    });
    finish();
    const stopping = host.lineage.stop();
    await waitFor('the end', async () => {
      finish();
      return await Promise.race([
        stopping.then(() => true),
        new Promise<false>((resolve) => setImmediate(resolve, false)),
      ]);
    });
  });
});
