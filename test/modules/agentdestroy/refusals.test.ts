/** Cases that a test cannot make of real processes, on a made-up /proc; nothing gets a signal here but the recorder. */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Elements } from '../../../modules/agentdestroy/elements.ts';
import type { Host } from '../../../modules/agentdestroy/host.ts';
import { runOn } from '../../../modules/agentdestroy/run.ts';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { installMig, statText, type FakeProcess } from './fake-agents.ts';

const version = '20180807-0.c4d6a41.prod';
const target = 4242;
const ownPid = 900;

interface FakeHost extends Host, Disposable {
  readonly path: string;
  readonly executable: string;
  readonly signals: readonly number[];
  readonly write: (pid: number, process: FakeProcess) => void;
  readonly destroy: (options?: {
    readonly onSignal?: (number: number) => void;
    readonly clock?: Clock;
  }) => ReturnType<typeof runOn>;
}

function createFakeHost(): FakeHost {
  const folder = createTemporaryFolder();
  const procFolder = join(folder.path, 'proc');
  const executable = installMig(folder.path, ['mozilla/mig', version]);
  const signals: number[] = [];
  const write = (pid: number, facts: FakeProcess): void => {
    const place = join(procFolder, String(pid));
    rmSync(place, { recursive: true, force: true });
    mkdirSync(join(place, 'ns'), { recursive: true });
    writeFileSync(join(place, 'stat'), statText(pid, facts));
    writeFileSync(join(place, 'status'), `Name:\tx\nTgid:\t${facts.tgid ?? pid}\n`);
    writeFileSync(join(place, 'cmdline'), (facts.words ?? ['mig-agent']).map((word) => `${word}\0`).join(''));
    symlinkSync(facts.namespace ?? 'mnt:[1]', join(place, 'ns/mnt'));
    symlinkSync(facts.root ?? '/', join(place, 'root'));
    symlinkSync(facts.executable ?? executable, join(place, 'exe'));
  };
  write(ownPid, { parent: 800, executable: process.execPath });
  write(800, { parent: 1, executable: process.execPath });
  write(target, {});
  symlinkSync(String(ownPid), join(procFolder, 'self'));
  mkdirSync(join(procFolder, 'sys/kernel'), { recursive: true });
  writeFileSync(join(procFolder, 'sys/kernel/pid_max'), '4194304\n');
  writeFileSync(join(procFolder, 'stat'), 'cpu 1\nbtime 1700000000\n');
  const host: Host = {
    procFolder,
    ownPid,
    open: () => ({ signal: (number) => void signals.push(number), close: () => {} }),
  };
  return {
    ...host,
    path: folder.path,
    executable,
    signals,
    write,
    destroy: ({ onSignal, clock = systemClock } = {}) => {
      const open: Host['open'] = () => ({
        signal: (number) => {
          signals.push(number);
          onSignal?.(number);
        },
        close: () => {},
      });
      return runOn({ ...host, open }, { pid: target, version }, { ...createRunContext<Elements>(), clock });
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const end =
  (host: FakeHost) =>
  (number: number): void => {
    if (number === 9) host.write(target, { state: 'Z' });
  };

test('the made-up host lets an agent be destroyed, permission asked first', async () => {
  using host = createFakeHost();
  const { elements } = await host.destroy({ onSignal: end(host) });
  expect(elements).toBe(
    `PID ${target} from agent ${version} has been killed and its executable removed from ${host.executable}`,
  );
  expect(host.signals).toEqual([0, 9]);
  expect(existsSync(host.executable)).toBe(false);
});

describe('refused', () => {
  test.each<[string, FakeProcess, string]>([
    ['a thread of the kernel', { flags: 0x0020_0040 }, 'is a thread of the kernel'],
    ['one that has ended', { state: 'Z' }, 'has ended already'],
    ['a thread', { tgid: 4000 }, 'is a thread of process 4000'],
    ['one of a container', { namespace: 'mnt:[2]' }, 'lives in another mount namespace'],
    ['one below another root', { root: '/srv/jail' }, 'lives below /srv/jail (chroot)'],
    ['an interpreter', { executable: '/bin/sh' }, 'which is no agent of gumshoe or MIG'],
    ['Node without a script', { executable: '/usr/bin/node', words: ['node'] }, 'but not the launcher'],
    [
      'Node with a flag that hides the script',
      { executable: '/usr/bin/node', words: ['node', '-r', '/x/gumshoe-agent'] },
      'but not the launcher',
    ],
  ])('%s', async (_, facts, reason) => {
    using host = createFakeHost();
    host.write(target, facts);
    await expect(host.destroy()).rejects.toThrow(reason);
    expect(host.signals).toEqual([]);
    expect(existsSync(host.executable)).toBe(true);
  });

  test('the parent, and whoever is above it', async () => {
    using host = createFakeHost();
    host.write(ownPid, { parent: target });
    await expect(host.destroy()).rejects.toThrow('is the agent that runs this module');
    host.write(ownPid, { parent: 800 });
    host.write(800, { parent: target });
    await expect(host.destroy()).rejects.toThrow('is a process that this agent was started by');
    expect(host.signals).toEqual([]);
  });

  test('a process id beyond the limit of the host, and /proc that is not understood', async () => {
    using host = createFakeHost();
    writeFileSync(join(host.path, 'proc/sys/kernel/pid_max'), '4096\n');
    await expect(host.destroy()).rejects.toThrow(
      'there is no process 4242: this host gives out process ids up to 4095 (kernel.pid_max)',
    );
    writeFileSync(join(host.path, 'proc/sys/kernel/pid_max'), '4194304\n');
    writeFileSync(join(host.path, `proc/${target}/stat`), 'rubbish');
    await expect(host.destroy()).rejects.toThrow('is not understood');
  });
});

describe('a process that changes while it is looked at', () => {
  test('is not hit when its id was given to another between the permission and the removal', async () => {
    using host = createFakeHost();
    const replace = (number: number): void => {
      if (number === 0) host.write(target, { startTicks: 999 });
    };
    await expect(host.destroy({ onSignal: replace })).rejects.toThrow(
      `nothing was done: process ${target} has ended meanwhile`,
    );
    expect(host.signals).toEqual([0]);
    expect(existsSync(host.executable)).toBe(true);
  });

  test('that is gone at the signal: what was done until then is said', async () => {
    using host = createFakeHost();
    const fail = (number: number): void => {
      if (number === 9) throw new Error('ESRCH');
    };
    await expect(host.destroy({ onSignal: fail })).rejects.toThrow(
      `the executable was removed from ${host.executable}, but process ${target} was not killed: ESRCH`,
    );
  });

  test('keeps living after SIGKILL: that is said', async () => {
    using host = createFakeHost();
    let nowMs = 0;
    const { errors } = await host.destroy({ clock: { nowMs: () => 0, monotonicMs: () => (nowMs += 500) } });
    expect(errors).toEqual([`process ${target} got SIGKILL and has not ended within 2 s`]);
  });
});

describe('the executable', () => {
  test('stays when a process above this run uses it as well', async () => {
    using host = createFakeHost();
    host.write(800, { parent: 1, executable: host.executable });
    const { elements, errors } = await host.destroy({ onSignal: end(host) });
    expect(elements).toBe(`PID ${target} from agent ${version} has been killed`);
    expect(errors).toEqual(['Executable not removed because current agent uses it as well']);
    expect(existsSync(host.executable)).toBe(true);
  });

  test('that cannot be removed keeps the process alive', async () => {
    using host = createFakeHost();
    const replace = (number: number): void => {
      if (number !== 0) return;
      rmSync(host.executable);
      mkdirSync(host.executable);
    };
    await expect(host.destroy({ onSignal: replace })).rejects.toThrow(
      'is another file than the agent was started from',
    );
    expect(host.signals).toEqual([0]);
  });
});
