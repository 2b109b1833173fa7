/** The audit source with a kernel that a test plays; test/src/lineage/kernel has the real one. */
import { describe, expect, test } from 'vitest';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import { createAuditSource, type AuditSourceOptions } from '../../../../src/lineage/sources/audit-source.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitLong } from '../../../helpers/wait-for.ts';
import { createFakeAuditKernel, execRecords } from './fake-audit-kernel.ts';
import { createFakeTimes } from './fake-times.ts';

const atRest = { enabled: 0, pid: 0, backlogLimit: 64, lost: 0, backlogWaitTime: 15_000 };

function create(options: Partial<AuditSourceOptions> = {}) {
  const kernel = createFakeAuditKernel();
  const host = createFakeTimes();
  const folder = createTemporaryFolder();
  const events: LineageEvent[] = [];
  const logged: string[] = [];
  const source = createAuditSource({
    openPort: kernel.openPort,
    times: host.times,
    stateFolder: folder.path,
    onEvents: (told) => void events.push(...told),
    log: (text) => void logged.push(text),
    nextStream: () => 7,
    lookMs: 10,
    ...options,
  });
  const dispose = async (): Promise<void> => {
    await source.stop();
    folder[Symbol.dispose]();
  };
  const gaps = () => events.filter((event) => event.kind === 'gap');
  return { kernel, host, events, logged, gaps, source, [Symbol.asyncDispose]: dispose };
}

describe('what it tells', () => {
  test('an execve at its time of the host, give or take the tick of the clock', async () => {
    await using tried = create();
    await tried.source.start();
    tried.kernel.setTime(1_800_000_000_000 - 40);
    tried.kernel.tell(execRecords(20, ['a', 'b c']));
    const exec = await waitLong('the event', () => tried.events.find(({ kind }) => kind === 'exec'));
    expect(exec).toEqual({
      kind: 'exec',
      source: 'audit',
      stream: 7,
      seq: expect.any(Number),
      atNs: 2_000e9 - 41e6,
      slackNs: 12e6,
      wallMs: 1_800_000_000_000 - 41,
      pid: 20,
      parentPid: 5,
      owner: { uid: 0, gid: 0, loginUid: 1000, loginSession: 3 },
      facts: { args: ['a', 'b c'], cwd: '/', executable: '/bin/true', comm: 'true' },
    });
  });

  test('serials that are missing, a full buffer and losses of the kernel are gaps with their numbers', async () => {
    await using tried = create();
    await tried.source.start();
    const { kernel } = tried;
    kernel.tell(execRecords(20));
    kernel.skip(41);
    kernel.overrun(300);
    kernel.tell(execRecords(21));
    kernel.status.lost = 9;
    await waitLong('the gaps', () => tried.gaps().length >= 3);
    expect(tried.gaps().map(({ drops, reason }) => [drops, reason.split(':')[0]])).toEqual(
      expect.arrayContaining([
        [300, 'the buffer for records of audit was full'],
        [41, 'events of audit never came'],
        [9, 'the kernel lost records of audit, for all that read them'],
      ]),
    );
    // What was lost may have been called before what was told last.
    const told = tried.events.find(({ kind }) => kind === 'exec')?.atNs ?? 0;
    expect(tried.gaps().filter(({ atNs, untilNs }) => atNs > told - 50e6 || untilNs < 2_000e9)).toEqual([]);
    await waitLong('the event behind them', () => tried.events.some((e) => e.kind === 'exec' && e.pid === 21));
    expect(tried.source.status()).toMatchObject({ gaps: 3, drops: 41, isWorking: true });
  });

  test('it has told all up to an event that is not whole, and no farther', async () => {
    await using tried = create();
    await tried.source.start();
    await waitLong('the watermark', () => tried.source.status().watermarkNs === 2_000e9 - 60e6);
    tried.kernel.setTime(1_800_000_000_000);
    tried.kernel.tell(execRecords(20).slice(0, 2));
    tried.host.run(500);
    await waitLong('the watermark', () => tried.source.status().watermarkNs === 2_000e9 - 1e6);
  });

  test('a clone that was called in another pid namespace tells a number of that one: it is left out', async () => {
    await using tried = create({ lifetimes: true });
    await tried.source.start();
    const clone = (pid: number, child: number): readonly (readonly [number, string])[] => [
      [1300, `arch=c000003e syscall=56 success=yes exit=${child} ppid=1 pid=${pid} auid=0 uid=0 gid=0 ses=1`],
      [1320, ''],
    ];
    // Of a process that is gone nobody can say where it lived.
    tried.kernel.tell(clone(4_194_304, 3));
    tried.kernel.tell(clone(process.pid, 77));
    await waitLong('the event', () => tried.events.some(({ kind }) => kind === 'clone'));
    expect(tried.events.filter(({ kind }) => kind === 'clone')).toMatchObject([{ pid: process.pid, child: 77 }]);
  });
});

describe('what it lacks', () => {
  test('neither rights nor records: it starts, and says so', async () => {
    await using tried = create();
    tried.kernel.refusals.set(0, 1);
    await tried.source.start();
    expect(tried.source.status()).toMatchObject({
      isWorking: false,
      lacks: expect.stringMatching(/^the kernel refuses it: it needs root .* \(netlink bind: EPERM/),
      watermarkNs: 2_000e9,
    });
    expect(tried.kernel.status).toEqual(atRest);
  });

  test('no right to add rules: what those of others tell is heard', async () => {
    await using tried = create();
    tried.kernel.refusals.set(1000, 1);
    await tried.source.start();
    expect(tried.source.status()).toMatchObject({
      isWorking: true,
      lacks: expect.stringMatching(
        /^no rules can be added, only what those of others tell is heard: the kernel refuses/,
      ),
    });
    tried.kernel.tell(execRecords(20));
    await waitLong('the event', () => tried.events.some(({ kind }) => kind === 'exec'));
  });

  test('audit that is locked: nothing is changed, and what comes is told', async () => {
    await using tried = create();
    tried.kernel.status.enabled = 2;
    await tried.source.start();
    expect(tried.source.status()).toMatchObject({ isWorking: true, lacks: expect.stringMatching(/^audit is locked/) });
    expect(tried.kernel.rules).toEqual([]);
    tried.kernel.tell(execRecords(20));
    await waitLong('the event', () => tried.events.some(({ kind }) => kind === 'exec'));
    await tried.source.stop();
    expect(tried.kernel.status).toEqual({ ...atRest, enabled: 2 });
  });

  test('another network namespace: it hears nothing, not even its own changes', async () => {
    await using tried = create();
    tried.kernel.setHeard(false);
    await tried.source.start();
    expect(tried.source.status()).toMatchObject({
      isWorking: false,
      lacks: expect.stringMatching(/^the kernel's records are not heard here/),
    });
    tried.kernel.setHeard(true);
    tried.kernel.tell(execRecords(20));
    await waitLong('the event', () => tried.events.some(({ kind }) => kind === 'exec'));
    expect(tried.source.status()).toMatchObject({ isWorking: true, lacks: undefined });
  });

  test('a Node or a machine that cannot: it says which', async () => {
    await using tried = create({ openPort: undefined });
    await tried.source.start();
    expect(tried.source.status().lacks).toMatch(/^audit is read on Linux on x86-64 or arm64, by a Node with node:ffi/);
  });

  test('a folder that takes no notes: nothing is changed that nobody could take back', async () => {
    await using tried = create({ stateFolder: '/dev/null/no' });
    await tried.source.start();
    expect(tried.source.status().lacks).toMatch(/^no rules can be added.*ENOTDIR/);
    expect([tried.kernel.rules, tried.kernel.status]).toEqual([[], atRest]);
  });
});

test('the kernel is as it was after a stop, and settings that another changed meanwhile are left', async () => {
  await using tried = create();
  await tried.source.start();
  expect(tried.kernel.status).toEqual({ ...atRest, enabled: 1, backlogLimit: 65_536, backlogWaitTime: 0 });
  expect(tried.kernel.rules).toHaveLength(2);
  await tried.source.stop();
  expect([tried.kernel.rules, tried.kernel.status]).toEqual([[], atRest]);
  await tried.source.start();
  tried.kernel.status.backlogLimit = 9999;
  await tried.source.stop();
  expect(tried.kernel.status).toEqual({ ...atRest, backlogLimit: 9999 });
  expect(tried.logged.join()).toContain('backlogLimit was changed by another to 9999: left so');
});

test('stopped while it starts it takes back what it has changed until then', async () => {
  await using tried = create();
  tried.kernel.setHeard(false);
  const started = tried.source.start();
  await waitLong('the rules', () => tried.kernel.rules.length > 0);
  await tried.source.stop();
  expect([tried.kernel.rules, tried.kernel.status]).toEqual([[], atRest]);
  await started;
  expect(tried.source.status().isWorking).toBe(false);
});
