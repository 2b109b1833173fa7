import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import { createProcSource } from '../../../../src/lineage/sources/proc-source.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { createFakeTimes } from './fake-times.ts';

function create(procFolder: string) {
  const host = createFakeTimes();
  const events: LineageEvent[] = [];
  let streams = 2;
  const source = createProcSource({
    procFolder,
    times: host.times,
    onEvents: (told) => void events.push(...told),
    log: () => {},
    nextStream: () => ++streams,
  });
  const take = () => events.splice(0);
  return { host, take, source };
}

function layOut(folder: string, pid: number, { start = 500, comm = 'sh', cmdline = 'sh\0', flags = 0 } = {}): void {
  const own = join(folder, String(pid));
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const middle = `S 1 ${pid} 40 0 -1 ${flags} 0 0 0 0 0 0 0 0 20 0 2 0 ${start} 0 0 0 1 0 1`;
  writeFileSync(join(own, 'stat'), `${pid} (${comm}) ${middle} ${'0 '.repeat(24)}0\n`);
  writeFileSync(join(own, 'status'), `Name:\tx\nTgid:\t${pid}\nUid:\t1000\t0\t0\t0\nGid:\t100\t0\t0\t0\n`);
  writeFileSync(join(own, 'cmdline'), cmdline);
  writeFileSync(join(own, 'loginuid'), '1000');
  writeFileSync(join(own, 'sessionid'), '4294967295');
  symlinkSync('/opt/tool (deleted)', join(own, 'exe'));
}
const told = (events: readonly LineageEvent[]) =>
  events.map((event) =>
    event.kind === 'seen' || event.kind === 'gone' ? [event.kind, event.pid, event.startTicks] : [event.kind],
  );

test('the first look tells all processes as they are', async () => {
  using folder = createTemporaryFolder();
  layOut(folder.path, 20);
  layOut(folder.path, 3, { flags: 0x200000, comm: 'kworker/0:1', cmdline: '' });
  const { take, source } = create(folder.path);
  expect(source.look(20)).toBe(false);
  await source.start();
  const stamp = { source: 'proc', stream: 3, atNs: 2_000e9, slackNs: 0, wallMs: 1_800_000_000_000 };
  const owner = { uid: 1000, gid: 100, loginUid: 1000, session: 40 };
  const common = { parentPid: 1, isZombie: false, threads: 2, startTicks: 500, owner };
  expect(take()).toEqual([
    { kind: 'seen', ...stamp, seq: 1, pid: 3, isKernelThread: true, ...common, facts: { comm: 'kworker/0:1' } },
    {
      kind: 'seen',
      ...stamp,
      seq: 2,
      pid: 20,
      isKernelThread: false,
      ...common,
      facts: { executable: '/opt/tool', args: ['sh'], comm: 'sh' },
    },
  ]);
  expect(source.status()).toMatchObject({ isWorking: true, lacks: undefined, events: 2, watermarkNs: 2_000e9 });
});

test('a sweep tells what is new, what changed, what is gone, and whose pid went to another', async () => {
  using folder = createTemporaryFolder();
  for (const pid of [10, 11, 12, 13]) layOut(folder.path, pid);
  const { take, source } = create(folder.path);
  await source.start();
  take();
  const live = new Map<number, number | undefined>([10, 11, 12, 13].map((pid) => [pid, 500]));
  expect(await source.sweep(live)).toEqual({ processes: 4, told: 0, gone: 0 });
  rmSync(join(folder.path, '10'), { recursive: true });
  layOut(folder.path, 11, { start: 900 });
  layOut(folder.path, 12, { cmdline: 'other\0' });
  layOut(folder.path, 14);
  expect(await source.sweep(live)).toEqual({ processes: 4, told: 3, gone: 2 });
  expect(told(take())).toEqual([
    ['gone', 10, 500],
    ['gone', 11, 500],
    ['seen', 11, 900],
    ['seen', 12, 500],
    ['seen', 14, 500],
  ]);
});

test('a process that nobody knows of is told again, and one whose start is not known is not taken for gone', async () => {
  using folder = createTemporaryFolder();
  layOut(folder.path, 10);
  layOut(folder.path, 11);
  const { take, source } = create(folder.path);
  await source.start();
  take();
  await source.sweep(
    new Map([
      [11, undefined],
      [12, undefined],
    ]),
  );
  expect(told(take())).toEqual([
    ['gone', 12, undefined],
    ['seen', 10, 500],
    ['seen', 11, 500],
  ]);
});

test('a start that a birth alone told is one tick more than that of /proc, and the same process', async () => {
  using folder = createTemporaryFolder();
  layOut(folder.path, 10);
  const { take, source } = create(folder.path);
  await source.start();
  take();
  expect(await source.sweep(new Map([[10, 501]]))).toEqual({ processes: 1, told: 0, gone: 0 });
  expect(await source.sweep(new Map([[10, 502]]))).toEqual({ processes: 1, told: 1, gone: 1 });
  expect(told(take())).toEqual([
    ['gone', 10, 502],
    ['seen', 10, 500],
  ]);
});

test('a look tells one process, again and again', async () => {
  using folder = createTemporaryFolder();
  layOut(folder.path, 10);
  const { take, source } = create(folder.path);
  await source.start();
  take();
  expect([source.look(10), source.look(10), source.look(11)]).toEqual([true, true, false]);
  expect(told(take())).toEqual([
    ['seen', 10, 500],
    ['seen', 10, 500],
  ]);
});

test('where the folder cannot be read nobody is gone: it is an error', async () => {
  using folder = createTemporaryFolder();
  const procFolder = join(folder.path, 'proc');
  layOut(procFolder, 10);
  const { take, source } = create(procFolder);
  await source.start();
  cpSync(procFolder, join(folder.path, 'kept'), { recursive: true, verbatimSymlinks: true });
  rmSync(procFolder, { recursive: true });
  take();
  await expect(source.sweep(new Map([[10, 500]]))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(take()).toEqual([]);
  const other = create(procFolder);
  await expect(other.source.start()).rejects.toMatchObject({ code: 'ENOENT' });
  expect(other.source.status()).toMatchObject({
    isWorking: false,
    lacks: expect.stringMatching(/cannot be read: ENOENT/),
  });
});

test('the processes of this host, one that begins and one that ends', async () => {
  const { take, source } = create('/proc');
  await source.start();
  expect(take().length).toBeGreaterThan(3);
  const child = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  const isSleep = (event: LineageEvent): boolean =>
    event.kind === 'seen' && event.pid === pid && event.facts?.args?.join(' ') === '/bin/sleep 60';
  try {
    await waitFor('the program', () => source.look(pid) && take().some(isSleep));
  } finally {
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
  }
  expect(await source.sweep(new Map([[pid, undefined]]))).toMatchObject({ gone: 1 });
  expect(told(take())).toContainEqual(['gone', pid, undefined]);
});
