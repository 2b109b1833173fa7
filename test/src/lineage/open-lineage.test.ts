import { describe, expect, test } from 'vitest';
import { MonitorError } from '../../../src/base/app-error.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { born, createFakeHost, ended, executed } from './engine/fake-host.ts';
import { bootMs } from './store/sample-nodes.ts';

describe('the beginning', () => {
  test('shows what runs, and what is born from then on', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path });
    await host.lineage.start();
    host.connector.tell(host.nowMs, born(100, 1), executed(100));
    expect(host.lineage.byPid(1)).toMatchObject({ comm: 'init', state: 'live' });
    expect(host.lineage.byPid(100)).toMatchObject({ state: 'live', birthParent: { pid: 1 } });
    await host.lineage.stop();
  });

  test('fails where not even the connector works, and says why', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path });
    host.connector.startError = new MonitorError('MONITOR_UNAVAILABLE', 'no privilege');
    await expect(host.lineage.start()).rejects.toThrow('no privilege');
  });

  test('goes on without audit where that does not work, and says so', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path, config: { audit: true } });
    host.audit.startError = new Error('audit is compiled out');
    host.audit.isWorking = false;
    await host.lineage.start();
    expect(host.said.join()).toContain('goes on without audit: audit is compiled out');
    expect(host.lineage.status().sources.map(({ source }) => source)).toEqual(['connector', 'audit', 'proc']);
    await host.lineage.stop();
  });
});

describe('a start after another life of the agent', () => {
  test('shows the same graph, but for what happened meanwhile', async () => {
    using folder = createTemporaryFolder();
    const first = createFakeHost({ folder: folder.path });
    await first.lineage.start();
    first.connector.tell(first.nowMs, born(100, 1), executed(100), born(101, 100), born(102, 100));
    first.connector.tell(first.nowMs + 5, ended(101, 7 << 8, 100));
    const before = [100, 101].map((pid) => first.lineage.byPid(pid));
    await first.lineage.stop();

    const shown = [...first.shown, [100, { parentPid: 1, startMs: first.nowMs }] as const];
    const second = createFakeHost({ folder: folder.path, nowMs: first.nowMs + 60_000, shown });
    await second.lineage.start();
    const [parent, child] = [100, 101].map((pid) => second.lineage.byPid(pid));
    expect(child).toEqual(before[1]);
    expect(parent).toMatchObject({ id: before[0]?.id, start: before[0]?.start, children: before[0]?.children });
    expect(second.lineage.byPid(102)).toMatchObject({ state: 'exited', end: { reason: 'reconciled' } });
    await second.lineage.stop();
  });

  test('tells the time between as a gap that the look at /proc has repaired', async () => {
    using folder = createTemporaryFolder();
    const first = createFakeHost({ folder: folder.path });
    await first.lineage.start();
    await first.lineage.stop();
    const second = createFakeHost({ folder: folder.path, nowMs: first.nowMs + 60_000 });
    await second.lineage.start();
    expect(second.lineage.gaps()).toEqual([
      expect.objectContaining({
        from: { atNs: first.nowMs * 1e6 + 1, wallMs: bootMs + first.nowMs, how: 'observed' },
        until: { atNs: second.nowMs * 1e6, wallMs: bootMs + second.nowMs, how: 'observed' },
        reason: 'the lineage did not run',
        repairedMs: bootMs + second.nowMs,
      }),
    ]);
    await second.lineage.stop();
  });

  test('in a later boot ends what ran in the one before, of which nobody knows how it ended', async () => {
    using folder = createTemporaryFolder();
    const first = createFakeHost({ folder: folder.path });
    await first.lineage.start();
    first.connector.tell(first.nowMs, born(100, 1), born(101, 100));
    first.connector.tell(first.nowMs + 5, ended(101, 9, 100));
    const { id } = first.lineage.byPid(100) ?? {};
    await first.lineage.stop();

    const second = createFakeHost({ folder: folder.path, bootId: 'later', nowMs: 5000 });
    await second.lineage.start();
    expect(second.lineage.byPid(100)).toMatchObject({
      id,
      bootId: first.bootId,
      state: 'exited',
      end: { reason: 'reconciled', how: 'gap', wallMs: bootMs + first.nowMs + 5 },
    });
    expect(second.lineage.byPid(101)).toMatchObject({ end: { reason: 'signalled', signal: 9 } });
    const [gap] = second.lineage.gaps();
    expect(gap).toMatchObject({ reason: 'the lineage did not run', until: { wallMs: bootMs + 5000 } });
    await second.lineage.stop();
  });
});

describe('what is final', () => {
  test('is found on disk as it was in memory, once', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path });
    await host.lineage.start();
    host.connector.tell(host.nowMs, born(100, 1), executed(100), born(101, 100));
    host.connector.tell(host.nowMs + 5, ended(101, 0, 100));
    host.connector.tell(host.nowMs + 6, ended(100));
    const before = [100, 101].map((pid) => host.lineage.byPid(pid));
    const ids = (): readonly string[] =>
      host.lineage.find({ fromMs: bootMs + host.nowMs - 70_000, limit: 10 }).map(({ id }) => id);
    expect(ids()).toHaveLength(3);
    host.connector.watermarkMs = host.nowMs + 70_000;
    host.turn(70_000);
    expect(host.lineage.status()).toMatchObject({ counts: { ended: 0 }, store: { nodes: 2 } });
    const revised = before.map((node) => expect.objectContaining({ ...node, revision: expect.any(Number) }));
    expect([100, 101].map((pid) => host.lineage.byPid(pid))).toEqual(revised);
    expect(host.lineage.byPid(100, bootMs + 1_000_003)).toEqual(revised[0]);
    expect(ids()).toHaveLength(3);
    expect(host.lineage.find({ parentId: before[0]?.id ?? '', limit: 9 })).toEqual([revised[1]]);
    await host.lineage.stop();
  });

  test('is a child of its parent after a restart, too', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path });
    await host.lineage.start();
    host.connector.tell(host.nowMs, born(100, 1), born(101, 100));
    host.connector.tell(host.nowMs + 5, ended(101, 0, 100));
    host.turn(70_000);
    const { children } = host.lineage.byPid(100) ?? {};
    expect(children).toHaveLength(1);
    await host.lineage.stop();
    const again = createFakeHost({
      folder: folder.path,
      nowMs: host.nowMs + 10,
      shown: [...host.shown, [100, { parentPid: 1, startMs: 1_000_000 }]],
    });
    await again.lineage.start();
    expect(again.lineage.byPid(100)?.children).toEqual(children);
    await again.lineage.stop();
  });
});

describe('news', () => {
  test('are held until the slowest working source has passed them', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path, config: { audit: true } });
    await host.lineage.start();
    const atMs = host.nowMs;
    host.audit.watermarkMs = atMs - 1;
    host.connector.tell(atMs, born(100, 1), executed(100));
    host.turn(50);
    expect(host.news).toEqual([]);
    host.audit.tell(atMs, { kind: 'exec', pid: 100, facts: { executable: '/bin/ls', args: ['ls', '-l'] } });
    host.audit.watermarkMs = atMs + 1;
    host.turn(50);
    expect(host.news.map(({ kind }) => kind)).toEqual(['birth', 'exec']);
    expect(host.news[1]).toMatchObject({ node: { pid: 100, revision: 1, args: { value: ['ls', '-l'] } } });
    await host.lineage.stop();
  });

  test('wait 500 ms at most; what comes later is a correction of the same process with a higher revision', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path, config: { audit: true } });
    await host.lineage.start();
    const atMs = host.nowMs;
    host.audit.watermarkMs = 0;
    host.connector.tell(atMs, born(100, 1), executed(100));
    host.turn(499);
    expect(host.news).toEqual([]);
    host.turn(1);
    expect(host.news.map(({ kind }) => kind)).toEqual(['birth', 'exec']);
    host.audit.tell(atMs, { kind: 'exec', pid: 100, facts: { executable: '/bin/ls', args: ['ls'] } });
    host.turn(50);
    const told = host.news.flatMap((news) =>
      news.kind === 'gap' ? [] : [[news.kind, news.node.id, news.node.revision]],
    );
    const id = host.lineage.byPid(100)?.id;
    expect(told).toEqual([
      ['birth', id, 0],
      ['exec', id, 1],
      ['correction', id, 2],
    ]);
    expect(host.news[2]).toMatchObject({ node: { args: { value: ['ls'] } } });
    expect(host.lineage.status().corrections).toBe(1);
    expect(host.lineage.byPid(100)?.revision).toBe(2);
    host.turn(1000);
    expect(host.news).toHaveLength(3);
    await host.lineage.stop();
  });

  test('of a process whose birth comes last keep the name that it was told by', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path, config: { audit: true } });
    await host.lineage.start();
    const atMs = host.nowMs;
    host.audit.watermarkMs = 0;
    host.audit.tell(atMs, { kind: 'exec', pid: 100, facts: { executable: '/bin/ls' } });
    host.turn(500);
    expect(host.news.map(({ kind }) => kind)).toEqual(['exec']);
    host.connector.tell(atMs - 1, born(100, 1));
    host.turn(500);
    host.connector.tell(atMs + 2, ended(100));
    host.turn(500);
    const nodes = host.news.flatMap((news) => (news.kind === 'gap' ? [] : [news.node]));
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(1);
    expect(nodes.map(({ revision }) => revision)).toEqual(nodes.map((_, index) => index));
    expect(nodes.at(-1)).toMatchObject({ state: 'exited', birthParent: { pid: 1 } });
    await host.lineage.stop();
  });

  test('tell an end once, and the end of a thread never', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path });
    await host.lineage.start();
    const atMs = host.nowMs;
    host.connector.tell(atMs, born(100, 1), { kind: 'thread', pid: 100, tid: 101 });
    host.connector.tell(atMs + 1, { kind: 'exit', pid: 100, tid: 101, status: 0, reaperPid: 0 });
    host.turn(50);
    host.connector.tell(atMs + 60, ended(100, 3 << 8));
    host.turn(50);
    host.turn(50);
    expect(host.news.map(({ kind }) => kind)).toEqual(['birth', 'exit']);
    expect(host.news[1]).toMatchObject({ node: { end: { code: 3, reason: 'exited' } } });
    await host.lineage.stop();
  });

  test('reach all who watch, whatever one of them does', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path });
    await host.lineage.start();
    const stop = host.lineage.subscribe(() => {
      throw new Error('broken');
    });
    let heard = 0;
    host.lineage.subscribe(() => heard++);
    host.connector.tell(host.nowMs, born(100, 1));
    host.turn(50);
    stop();
    host.connector.tell(host.nowMs, born(101, 1));
    host.turn(50);
    expect(heard).toBe(2);
    expect(host.said.filter((text) => text.includes('broken'))).toHaveLength(1);
    await host.lineage.stop();
  });
});

describe('a gap', () => {
  test('is told at once, repaired by a look at /proc, and told as repaired', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path });
    await host.lineage.start();
    host.connector.tell(host.nowMs, born(100, 1), born(101, 1));
    host.turn(50);
    host.news.length = 0;
    // 100 ended, 102 was born, and nobody told.
    host.shown.set(101, { parentPid: 1, startMs: 1_000_000 }).set(102, { parentPid: 101, startMs: host.nowMs });
    host.connector.tell(host.nowMs, { kind: 'gap', untilNs: (host.nowMs + 10) * 1e6, drops: 3, reason: 'full' });
    expect(host.news).toEqual([{ kind: 'gap', gap: expect.objectContaining({ drops: 3, reason: 'full' }) }]);
    host.turn(50);
    await waitFor('the repair', () => host.lineage.gaps()[0]?.repairedMs);
    expect(host.lineage.gaps()).toEqual([expect.objectContaining({ drops: 3, repairedMs: bootMs + host.nowMs })]);
    host.turn(50);
    expect(host.news.filter(({ kind }) => kind === 'gap')).toHaveLength(2);
    expect(host.lineage.byPid(100)).toMatchObject({ state: 'exited', end: { reason: 'reconciled' } });
    expect(host.lineage.byPid(102)).toMatchObject({ state: 'live' });
    expect(host.news.flatMap((news) => (news.kind === 'gap' ? [] : [`${news.kind} ${news.node.pid}`]))).toEqual(
      expect.arrayContaining(['exit 100', 'birth 102']),
    );
    await host.lineage.stop();
  });

  test('and without one /proc is looked at every 30 s', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path });
    await host.lineage.start();
    host.connector.tell(host.nowMs, born(100, 1));
    const { sweeps } = host.lineage.status();
    host.turn(29_000);
    expect(host.lineage.status().sweeps).toBe(sweeps);
    host.turn(1000);
    await waitFor('the sweep', () => host.lineage.status().sweeps === sweeps + 1);
    expect(host.lineage.byPid(100)).toMatchObject({ state: 'exited', end: { reason: 'reconciled' } });
    await host.lineage.stop();
  });
});

describe('looks at /proc', () => {
  test('follow an exec at once where audit does not tell of it, up to a number a second', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path, limits: { looksASecond: 10 } });
    await host.lineage.start();
    host.shown.set(100, { parentPid: 1, startMs: host.nowMs, comm: 'ls', executable: '/bin/ls', args: ['ls'] });
    host.connector.tell(host.nowMs - 1, born(100, 1), executed(100));
    expect(host.looked).toEqual([100]);
    expect(host.lineage.byPid(100)).toMatchObject({ comm: 'ls', args: { value: ['ls'] } });
    for (let pid = 200; pid < 300; pid++) host.connector.tell(host.nowMs, born(pid, 1), executed(pid));
    expect(host.looked).toHaveLength(10);
    await host.lineage.stop();
  });

  test('are not spent on what ended in the same breath', async () => {
    using folder = createTemporaryFolder();
    const host = createFakeHost({ folder: folder.path });
    await host.lineage.start();
    host.connector.tell(host.nowMs, born(100, 1), executed(100), ended(100));
    expect(host.looked).toEqual([]);
    await host.lineage.stop();
  });
});
