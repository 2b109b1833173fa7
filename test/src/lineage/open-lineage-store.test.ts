import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { LineageEvent } from '../../../src/lineage/lineage-event.ts';
import type { LineageStore, StoreLimits } from '../../../src/lineage/lineage-store.ts';
import { openLineageStore } from '../../../src/lineage/open-lineage-store.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { bootId, bootMs, eventsOf, sampleNode, told } from './store/sample-nodes.ts';

const limits: StoreLimits = { maxAgeMs: 30 * 86_400_000, maxBytes: 1 << 30 };

function openIn(folder: string, more: { limits?: StoreLimits; bootId?: string; said?: string[] } = {}): LineageStore {
  return openLineageStore({
    path: join(folder, 'lineage.db'),
    bootId: more.bootId ?? bootId,
    limits: more.limits ?? limits,
    nowMs: () => bootMs,
    log: (text) => more.said?.push(text),
  });
}

const everyKind: readonly LineageEvent[] = [
  { kind: 'birth', ...told(1, 10), pid: 20, parentPid: 1 },
  { kind: 'clone', ...told(2, 10), source: 'audit', slackNs: 4e6, pid: 1, child: 20 },
  { kind: 'thread', ...told(3, 11), pid: 20, tid: 21 },
  { kind: 'exec', ...told(4, 12), pid: 20, tid: 20 },
  { kind: 'exec', ...told(5, 12.5), pid: 20 },
  {
    kind: 'exec',
    ...told(6, 13),
    source: 'audit',
    pid: 20,
    parentPid: 1,
    facts: { executable: '/bin/\xff\x00\n', args: ['a', '', '\xc3\xa4'], isCut: true, cwd: '/', comm: 'x' },
    owner: { uid: 0, gid: 0, loginUid: 1000, loginSession: 3, session: 20 },
  },
  { kind: 'execfailed', ...told(7, 14), pid: 20, parentPid: 1, error: 'ENOENT', facts: { executable: '/no' } },
  { kind: 'owner', ...told(8, 15), pid: 20, tid: 20, owner: { uid: 65534 } },
  { kind: 'comm', ...told(9, 16), pid: 20, tid: 20, comm: 'new name' },
  { kind: 'core', ...told(10, 17), pid: 20 },
  { kind: 'exit', ...told(11, 18), pid: 20, tid: 20, status: 0x8b, reaperPid: 1 },
  { kind: 'exitcall', ...told(12, 18), source: 'audit', pid: 20, code: 7 },
  {
    kind: 'seen',
    ...told(13, 19),
    source: 'proc',
    pid: 30,
    startTicks: 1,
    parentPid: 0,
    isKernelThread: false,
    isZombie: false,
    threads: 2,
    pidNamespace: 4026531836,
    cgroup: '/a',
    container: 'c0ffee',
    facts: { comm: 'y' },
    owner: {},
  },
  { kind: 'gone', ...told(14, 20), source: 'proc', pid: 30, startTicks: 1 },
  { kind: 'gap', ...told(15, 21), untilNs: 22e6, drops: 12, reason: 'the buffer was full' },
  {
    kind: 'file',
    ...told(16, 23),
    source: 'fanotify',
    pid: 20,
    change: 'renamed',
    path: '/b',
    from: '/a',
    startTicks: 1,
  },
];

describe('events', () => {
  test('come back as they were, in the order they came, after the store was opened anew', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    const shuffled = everyKind.toSorted((left, right) => ((left.seq * 7) % 16) - ((right.seq * 7) % 16));
    store.append(shuffled);
    store.close();
    const again = openIn(folder.path);
    expect([...again.replay()]).toEqual(shuffled);
    again.close();
  });

  test('keep their time to the nanosecond as far as a number has it, after a year without a boot', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    const event: LineageEvent = { kind: 'birth', ...told(1, 0), atNs: 365 * 86_400e9 + 12_344, pid: 2, parentPid: 1 };
    store.append([event]);
    expect([...store.replay()]).toEqual([event]);
    store.close();
  });

  test('are appended all or none', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    const [first] = eventsOf(1, 5, 1, 10, 20);
    const broken = { ...first, pid: undefined } as unknown as LineageEvent;
    expect(() => store.append([first as LineageEvent, broken])).toThrow();
    expect([...store.replay()]).toEqual([]);
    expect(store.size().events).toBe(0);
    store.append([first as LineageEvent]);
    expect([...store.replay()]).toEqual([first]);
    store.close();
  });

  test('numbers of sources are never given twice, in whatever life of the agent', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    expect([store.nextStream(), store.nextStream()]).toEqual([1, 2]);
    store.close();
    const again = openIn(folder.path);
    expect(again.nextStream()).toBe(3);
    again.close();
  });
});

describe('a final process', () => {
  const full = sampleNode('id-full', 20, 10, 18, {
    birthParent: { pid: 1, id: 'init', how: 'observed' },
    parent: { pid: 1, id: 'init', how: 'inferred' },
    children: ['c1', 'c2'],
    comm: 'sh',
    executable: { value: '/usr/bin/dash', how: 'observed' },
    args: { value: ['sh', '-c', '\xff\x00'], how: 'observed' },
    cwd: { value: '/', how: 'inferred' },
    executions: [{ atNs: 12e6, wallMs: bootMs + 12, how: 'observed', executable: '/usr/bin/dash', args: ['sh'] }],
    executionCount: 1,
    failedExecutions: [{ atNs: 11e6, wallMs: bootMs + 11, how: 'observed', error: 'ENOENT' }],
    uid: { value: 0, how: 'observed' },
    cgroup: '/x',
    files: [{ atNs: 15e6, wallMs: bootMs + 15, how: 'observed', change: 'written', path: '/tmp/a/b' }],
    fileCount: 1,
    marks: ['ambiguous'],
  });

  test('takes the place of its events, and of no others', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    const others = [...eventsOf(10, 21, 20, 11, 12), ...eventsOf(20, 20, 1, 500, 600)];
    store.append([...eventsOf(1, 20, 1, 10, 18), ...others]);
    store.settle([full]);
    expect([...store.replay()]).toEqual(others);
    expect(store.find({ id: 'id-full', limit: 1 })).toEqual([full]);
    expect(store.size()).toMatchObject({ events: 6, nodes: 1, oldestMs: bootMs + 18 });
    store.close();
    const again = openIn(folder.path);
    expect([...again.replay()]).toEqual(others);
    expect(again.find({ pid: 20, limit: 9 })).toEqual([full]);
    expect(again.size()).toMatchObject({ events: 6, nodes: 1 });
    again.close();
  });

  test('is found by each of its facts, newest first', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    store.settle([full, sampleNode('id-later', 20, 50, 60), sampleNode('id-other', 22, 5, 100, { comm: 'dash' })]);
    const ids = (query: object): readonly string[] => store.find({ limit: 10, ...query }).map(({ id }) => id);
    expect(ids({})).toEqual(['id-later', 'id-full', 'id-other']);
    expect(ids({ limit: 1 })).toEqual(['id-later']);
    expect(ids({ pid: 20 })).toEqual(['id-later', 'id-full']);
    expect(ids({ parentId: 'init' })).toEqual(['id-full']);
    expect(ids({ name: 'dash' })).toEqual(['id-full', 'id-other']);
    expect(ids({ name: 'sh' })).toEqual(['id-full']);
    expect(ids({ fromMs: bootMs + 19, untilMs: bootMs + 49 })).toEqual(['id-other']);
    expect(ids({ path: '/tmp/a/b' })).toEqual(['id-full']);
    expect(ids({ path: '/tmp/a/' })).toEqual(['id-full']);
    expect(ids({ path: '/tmp/a' })).toEqual([]);
    expect(ids({ path: '/tmp/aa/' })).toEqual([]);
    expect(ids({ path: '/', name: 'dash', pid: 20 })).toEqual(['id-full']);
    store.close();
  });

  test('that is settled again is replaced, with the paths it touched', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    store.settle([full]);
    const moved = { ...full, files: full.files.map((touch) => ({ ...touch, path: '/elsewhere' })), comm: 'other' };
    store.settle([moved]);
    expect(store.find({ limit: 9 })).toEqual([moved]);
    expect(store.find({ path: '/tmp/a/b', limit: 9 })).toEqual([]);
    expect(store.find({ path: '/elsewhere', limit: 9 })).toEqual([moved]);
    expect(store.size().nodes).toBe(1);
    store.close();
  });

  test('keeps its events as long as another life of its pid stands so near that they cannot be told apart', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    const first = eventsOf(1, 20, 1, 10, 18);
    const second = eventsOf(4, 20, 1, 19, 30);
    const third = eventsOf(7, 20, 1, 31, 40);
    const apart = eventsOf(10, 20, 1, 1000, 1001);
    store.append([...first, ...second, ...third, ...apart]);
    store.settle([sampleNode('one', 20, 10, 18)]);
    expect([...store.replay()]).toHaveLength(12);
    store.settle([sampleNode('three', 20, 31, 40)]);
    expect([...store.replay()]).toHaveLength(12);
    store.settle([sampleNode('two', 20, 19, 30)]);
    expect([...store.replay()]).toEqual(apart);
    store.settle([sampleNode('four', 20, 1000, 1001)]);
    expect([...store.replay()]).toEqual([]);
    store.close();
  });

  test('is not begun anew by an event that came when it was on disk already', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    store.settle([full]);
    store.append([{ kind: 'exitcall', ...told(99, 17), source: 'audit', pid: 20, code: 0 }]);
    store.close();
    const again = openIn(folder.path);
    expect([...again.replay()]).toEqual([]);
    again.close();
  });
});

test('events of an earlier boot are given to be folded, and their processes take their place', () => {
  using folder = createTemporaryFolder();
  const store = openIn(folder.path);
  const events = eventsOf(1, 20, 1, 10, 18);
  store.append(events);
  expect(store.earlierBoot()).toBeUndefined();
  store.close();

  const later = openIn(folder.path, { bootId: 'another boot' });
  expect([...later.replay()]).toEqual([]);
  expect(later.heard()).toEqual({ bootId, atNs: 18e6, wallMs: bootMs + 18 });
  const earlier = later.earlierBoot();
  expect({ ...earlier, events: [...(earlier?.events ?? [])] }).toEqual({ bootId, events });
  later.settleEarlier([sampleNode('old', 20, 10, 18)]);
  // Ended here it would be found again.
  expect([...(later.earlierBoot()?.events ?? [])]).toEqual(events);
  later.endEarlierBoot();
  expect(later.earlierBoot()).toBeUndefined();
  later.append(eventsOf(1, 20, 1, 10, 18));
  expect([...later.replay()]).toHaveLength(3);
  expect(later.find({ pid: 20, limit: 9 })).toEqual([sampleNode('old', 20, 10, 18)]);
  later.close();
});

/** How many processes were forgotten; their room is given back. */
async function pruneAll(store: LineageStore, ms: number): Promise<number> {
  let processes = 0;
  for (let isDone = false; !isDone;) {
    const step = store.prune(bootMs + ms);
    processes += step.processes;
    isDone = step.isDone;
  }
  await store.checkpoint();
  return processes;
}

describe('limits', () => {
  test('what ended too long ago is forgotten, and its paths and gaps with it', async () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path, { limits: { ...limits, maxAgeMs: 1000 } });
    const file = { atNs: 1, wallMs: bootMs, how: 'observed', change: 'written', path: '/p' } as const;
    store.settle([sampleNode('old', 2, 10, 500, { files: [file], fileCount: 1 }), sampleNode('new', 3, 10, 1500)]);
    store.append([{ kind: 'gap', ...told(1, 100), untilNs: 200e6, reason: 'x' }]);
    expect(await pruneAll(store, 2000)).toBe(1);
    expect(store.find({ limit: 9 }).map(({ id }) => id)).toEqual(['new']);
    expect(store.find({ path: '/p', limit: 9 })).toEqual([]);
    expect(store.gaps()).toEqual([]);
    store.close();
  });

  test('the oldest go where there is too much, and the file gets smaller', async () => {
    using folder = createTemporaryFolder();
    const maxBytes = 2_000_000;
    const store = openIn(folder.path, { limits: { ...limits, maxBytes } });
    const args = { value: ['x'.repeat(500)], how: 'observed' } as const;
    const nodes = Array.from({ length: 12_000 }, (_, n) => sampleNode(`n${n}`, n + 2, n, n + 1, { args }));
    store.settle(nodes);
    expect(store.size().bytes).toBeGreaterThan(maxBytes * 3);
    const forgotten = await pruneAll(store, 20_000);
    const { bytes, nodes: left, oldestMs } = store.size();
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(statSync(join(folder.path, 'lineage.db')).size).toBeLessThanOrEqual(maxBytes);
    expect(left).toBeGreaterThan(500);
    expect(forgotten).toBe(12_000 - left);
    expect(oldestMs).toBe(bootMs + forgotten + 1);
    expect(await pruneAll(store, 20_000)).toBe(0);
    store.close();
  });

  test('what repeats in lives that go on is thinned before it fills the disk, and said as a gap', async () => {
    using folder = createTemporaryFolder();
    const maxBytes = 1_000_000;
    const store = openIn(folder.path, { limits: { ...limits, maxBytes } });
    const [birth] = eventsOf(1, 20, 1, 10, 18) as [LineageEvent];
    const flood = Array.from({ length: 40_000 }, (_, n): LineageEvent => ({
      kind: 'comm',
      ...told(n + 2, n),
      pid: 20,
      tid: 20,
      comm: `name ${n}`,
    }));
    store.append([birth, ...flood]);
    await pruneAll(store, 40_000);
    expect(store.size().bytes).toBeLessThanOrEqual(maxBytes);
    const left = [...store.replay()];
    expect(left[0]).toEqual(birth);
    expect(left.at(-1)).toEqual(flood.at(-1));
    const drops = store.gaps().reduce((sum, gap) => sum + (gap.drops ?? 0), 0);
    expect(drops).toBe(40_001 - left.length);
    expect(store.gaps()[0]?.reason).toContain('the store was full');
    store.close();
  });
});

describe('the journal', () => {
  test('grows until it is brought into the database, and is empty then', async () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    const nodes = Array.from({ length: 3000 }, (_, n) => sampleNode(`n${n}`, n + 1002, n, n + 1));
    store.settle(nodes);
    const path = join(folder.path, 'lineage.db');
    const before = statSync(path).size;
    expect(store.journalBytes()).toBeGreaterThan(500_000);
    await store.checkpoint();
    expect(store.journalBytes()).toBe(0);
    expect(statSync(path).size).toBeGreaterThan(before + 300_000);
    store.append(everyKind);
    expect(store.journalBytes()).toBeGreaterThan(0);
    expect(store.find({ limit: 9999 })).toHaveLength(3000);
    store.close();
    const again = openIn(folder.path);
    expect([...again.replay()]).toHaveLength(everyKind.length);
    again.close();
  });

  test('may be on its way into the database when the store is closed', async () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    store.settle(Array.from({ length: 3000 }, (_, n) => sampleNode(`n${n}`, n + 2, n, n + 1)));
    const checkpoint = store.checkpoint();
    store.close();
    await checkpoint;
    const again = openIn(folder.path);
    expect(again.find({ limit: 9999 })).toHaveLength(3000);
    again.close();
  });

  test('that somebody else reads stays, and nothing is lost', async () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    store.append(everyKind);
    const reader = new DatabaseSync(join(folder.path, 'lineage.db'), { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM event');
    store.settle([sampleNode('late', 2, 10, 18)]);
    await store.checkpoint();
    expect(store.journalBytes()).toBeGreaterThan(0);
    reader.close();
    await store.checkpoint();
    expect(store.journalBytes()).toBe(0);
    expect(store.find({ limit: 9 }).map(({ id }) => id)).toEqual(['late']);
    store.close();
  });
});

test('many are found by their numbers first, newest start first, and read piece by piece', () => {
  using folder = createTemporaryFolder();
  const store = openIn(folder.path);
  store.settle(Array.from({ length: 50 }, (_, n) => sampleNode(`n${n}`, n + 2, n, n + 1)));
  const keys = store.keysOf({ fromMs: bootMs + 20, limit: 10 });
  expect(store.load(keys)).toEqual(store.find({ fromMs: bootMs + 20, limit: 10 }));
  expect(store.load([...keys, 9999])).toHaveLength(10);
  store.close();
});

test('a gap is told with when it was repaired', () => {
  using folder = createTemporaryFolder();
  const store = openIn(folder.path);
  store.append([{ kind: 'gap', ...told(7, 100), untilNs: 200e6, drops: 3, reason: 'full' }]);
  const gap = {
    source: 'connector',
    from: { atNs: 100e6, wallMs: bootMs + 100, how: 'observed' },
    until: { atNs: 200e6, wallMs: bootMs + 200, how: 'observed' },
    drops: 3,
    reason: 'full',
  };
  expect(store.gaps()).toEqual([gap]);
  store.repair({ stream: 1, seq: 7 }, bootMs + 300);
  expect(store.gaps()).toEqual([{ ...gap, repairedMs: bootMs + 300 }]);
  store.close();
});

describe('the file', () => {
  test('may be read by its owner alone, and so its journal', () => {
    using folder = createTemporaryFolder();
    const store = openIn(folder.path);
    store.append(everyKind);
    for (const name of readdirSync(folder.path)) expect(statSync(join(folder.path, name)).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder.path, 'lineage.db-wal'))).toBe(true);
    store.close();
  });

  test('of a newer version is refused, and left as it is', () => {
    using folder = createTemporaryFolder();
    openIn(folder.path).close();
    const path = join(folder.path, 'lineage.db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openIn(folder.path)).toThrow(
      expect.objectContaining({ code: 'LINEAGE_NEWER', message: expect.stringContaining('version 99') }),
    );
    expect(readdirSync(folder.path).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  test.each([
    ['no database', (path: string) => writeFileSync(path, 'x'.repeat(10_000))],
    [
      'a database of something else',
      (path: string) => {
        const database = new DatabaseSync(path);
        database.exec('CREATE TABLE event (x); PRAGMA user_version = 1');
        database.close();
      },
    ],
  ])('that is %s is set aside, and a new one begun', (_what, damage) => {
    using folder = createTemporaryFolder();
    damage(join(folder.path, 'lineage.db'));
    const said: string[] = [];
    const store = openIn(folder.path, { said });
    store.append(everyKind);
    expect([...store.replay()]).toHaveLength(everyKind.length);
    store.close();
    expect(readdirSync(folder.path).some((name) => name.includes('.damaged-'))).toBe(true);
    expect(said.join()).toContain('set aside');
  });

  test('that shows its damage while it is in use is set aside then, and the store goes on in a new one', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'lineage.db');
    const said: string[] = [];
    const store = openIn(folder.path, { said });
    const args = { value: ['x'.repeat(2000)], how: 'observed' } as const;
    store.settle(Array.from({ length: 8000 }, (_, n) => sampleNode(`n${n}`, n + 2, n, n + 1, { args })));
    await pruneAll(store, 0);
    // More than is kept in memory, without its journal.
    writeFileSync(path, readFileSync(path).fill(0x5a, 4096));
    expect(() => store.find({ fromMs: bootMs, limit: 10_000 })).toThrow(
      expect.objectContaining({ code: 'LINEAGE_UNWRITABLE' }),
    );
    expect(said.join()).toContain('set aside');
    store.append(everyKind);
    expect([...store.replay()]).toHaveLength(everyKind.length);
    store.close();
  });

  test('whose folder cannot be made is said', () => {
    using folder = createTemporaryFolder();
    writeFileSync(join(folder.path, 'file'), '');
    expect(() => openIn(join(folder.path, 'file', 'below'))).toThrow(
      expect.objectContaining({ code: 'LINEAGE_UNWRITABLE' }),
    );
  });
});
