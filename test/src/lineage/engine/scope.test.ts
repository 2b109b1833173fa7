import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { bootMs } from '../store/sample-nodes.ts';
import { born, createFakeHost, ended, type Fact, type FakeHost } from './fake-host.ts';

const named = (pid: number, executable: string): Fact => ({ kind: 'exec', pid, facts: { executable } });

async function startBelow(root: string, folder: string): Promise<FakeHost> {
  const host = createFakeHost({ folder, config: { root }, limits: { looksASecond: 0 } });
  await host.lineage.start();
  return host;
}

function storedPids(host: FakeHost): readonly number[] {
  host.turn(70_000);
  host.turn(50);
  return host.lineage
    .find({ fromMs: bootMs + 1, limit: 100 })
    .filter(({ end }) => end)
    .map(({ pid }) => pid)
    .toSorted((one, other) => one - other);
}

test.each(['runtime', '/usr/bin/runtime'])(
  'the descendants of %s alone are stored, and what was left out is counted',
  async (root) => {
    using folder = createTemporaryFolder();
    const host = await startBelow(root, folder.path);
    const atMs = host.nowMs;
    host.connector.tell(
      atMs,
      born(100, 1),
      named(100, '/usr/bin/runtime'),
      born(101, 100),
      born(102, 101),
      born(200, 1),
      born(201, 200),
    );
    for (const pid of [102, 101, 100, 201, 200]) host.connector.tell(atMs + 10, ended(pid));
    expect(storedPids(host)).toEqual([100, 101, 102]);
    expect(host.lineage.status()).toMatchObject({ outOfScope: 2, store: { nodes: 3 } });
    await host.lineage.stop();
  },
);

test('a subtree whose births come after all that it did is not lost', async () => {
  using folder = createTemporaryFolder();
  const host = await startBelow('runtime', folder.path);
  const atMs = host.nowMs;
  host.connector.tell(atMs, born(100, 1), named(100, '/bin/runtime'));
  host.connector.tell(atMs + 9, ended(103));
  host.connector.tell(atMs + 8, named(103, '/bin/ls'));
  host.connector.tell(atMs + 7, born(103, 102));
  host.connector.tell(atMs + 6, born(102, 101));
  host.turn(1000);
  host.connector.tell(atMs + 5, born(101, 100));
  for (const pid of [101, 102, 100]) host.connector.tell(atMs + 20, ended(pid));
  expect(storedPids(host)).toEqual([100, 101, 102, 103]);
  await host.lineage.stop();
});

test('what becomes the root later on is stored from its birth, and what it had started', async () => {
  using folder = createTemporaryFolder();
  const host = await startBelow('runtime', folder.path);
  const atMs = host.nowMs;
  host.connector.tell(atMs, born(100, 1), born(101, 100));
  host.turn(5000);
  host.connector.tell(atMs + 5000, named(100, '/bin/runtime'));
  host.connector.tell(atMs + 5001, ended(101), ended(100));
  expect(storedPids(host)).toEqual([100, 101]);
  expect(host.lineage.byPid(100)).toMatchObject({ start: { atNs: atMs * 1e6 }, children: [expect.any(String)] });
  await host.lineage.stop();
});

test('of whom nobody knows the ancestors /proc is asked after 30 s, and then it is left out and counted', async () => {
  using folder = createTemporaryFolder();
  const host = await startBelow('runtime', folder.path);
  host.connector.tell(host.nowMs, born(100, 50));
  host.turn(29_000);
  expect(host.looked).toEqual([]);
  host.turn(1500);
  expect(host.looked).toEqual([50]);
  expect(host.lineage.status().outOfScope).toBe(0);
  host.turn(1500);
  expect(host.lineage.status()).toMatchObject({ outOfScope: 1, store: { events: 0 } });
  await host.lineage.stop();
});

test('what is outside is in no answer and no news, and after a restart the inside is there again', async () => {
  using folder = createTemporaryFolder();
  const host = await startBelow('runtime', folder.path);
  const atMs = host.nowMs;
  host.connector.tell(atMs, born(100, 1), named(100, '/bin/runtime'), born(101, 100), born(200, 1));
  host.turn(50);
  expect(host.news.map((news) => (news.kind === 'gap' ? 'gap' : `${news.kind} ${news.node.pid}`))).toEqual([
    'birth 100',
    'birth 101',
    'exec 100',
  ]);
  expect(
    host.lineage
      .find({ limit: 9 })
      .map(({ pid }) => pid)
      .toSorted((one, other) => one - other),
  ).toEqual([100, 101]);
  await host.lineage.stop();
  const alive = [100, 101].map((pid) => [pid, { parentPid: pid === 100 ? 1 : 100, startMs: atMs }] as const);
  const again = createFakeHost({ folder: folder.path, config: { root: 'runtime' }, shown: [...host.shown, ...alive] });
  await again.lineage.start();
  expect(
    again.lineage
      .find({ limit: 9 })
      .map(({ pid }) => pid)
      .toSorted((one, other) => one - other),
  ).toEqual([100, 101]);
  await again.lineage.stop();
});
