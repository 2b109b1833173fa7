import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import { takeInstanceLock } from '../../../../src/agent/daemon/instance-lock.ts';
import { findHolder, readLockHolder } from '../../../../src/agent/daemon/lock-holder.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const holder = join(import.meta.dirname, '../../../helpers/hold-lock.ts');
const clock = systemClock;

function start(path: string, waitMs = 0) {
  const child: ChildProcess = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    holder,
    path,
    String(waitMs),
  ]);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    pid: child.pid ?? 0,
    said: () => said,
    hasSaid: () => waitFor('its word', () => said !== '' && said, 60_000),
    end,
  };
}

describe.runIf(process.platform === 'linux')('the lock of a run folder', () => {
  test('is held by exactly one of twenty that start at once', { timeout: 120_000 }, async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'agent.lock');
    const all = Array.from({ length: 20 }, () => start(path));
    const words = await Promise.all(all.map((one) => one.hasSaid()));
    const held = all.filter((_one, at) => words[at] === 'held\n');
    expect(held).toHaveLength(1);
    expect(readLockHolder(path)?.pid).toBe(held[0]?.pid);
    const refused = words.filter((word) => word !== 'held\n');
    for (const word of refused) expect(word).toContain('runs here already');
    await Promise.all(all.map((one) => one.end('SIGKILL')));
  });

  test('says who holds it, and since when', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'agent.lock');
    const lock = await takeInstanceLock(path, { clock: { ...clock, nowMs: () => 0 } });
    await expect(takeInstanceLock(path, { clock })).rejects.toMatchObject({
      code: 'AGENT_RUNNING',
      message: `the agent with pid ${process.pid} runs here already, since 1970-01-01T00:00:00.000Z: it holds ${path}`,
    });
    expect(readLockHolder(path)).toEqual({ pid: process.pid, since: '1970-01-01T00:00:00.000Z' });
    lock.release();
    expect(readLockHolder(path)).toBeUndefined();
    expect(existsSync(path)).toBe(true);
  });

  test('is free when its holder was killed, and its file still there', { timeout: 60_000 }, async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'agent.lock');
    const first = start(path);
    expect(await first.hasSaid()).toBe('held\n');
    await first.end('SIGKILL');
    expect(readLockHolder(path)).toBeUndefined();
    const lock = await takeInstanceLock(path, { clock });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  test('is waited for by the successor of one that ends', { timeout: 60_000 }, async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'agent.lock');
    const first = start(path);
    await first.hasSaid();
    const waiting = takeInstanceLock(path, { clock, waitMs: 30_000 });
    await first.end('SIGTERM');
    (await waiting).release();
  });

  test(
    'is not taken, and no start disturbed, by a thousand questions for its holder',
    { timeout: 60_000 },
    async () => {
      using folder = createTemporaryFolder();
      const path = join(folder.path, 'agent.lock');
      expect(readLockHolder(path)).toBeUndefined();
      expect(existsSync(path)).toBe(false);
      writeFileSync(path, '');
      const starting = start(path);
      for (let time = 0; time < 1000; time++) readLockHolder(path);
      expect(await starting.hasSaid()).toBe('held\n');
      for (let time = 0; time < 1000; time++) expect(readLockHolder(path)?.pid).toBe(starting.pid);
      await starting.end('SIGKILL');
    },
  );

  test('is not taken through a link that somebody laid there', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'agent.lock');
    symlinkSync('/etc/passwd', path);
    await expect(takeInstanceLock(path, { clock })).rejects.toMatchObject({ code: 'RUN_FOLDER' });
  });
});

test('the list of the kernel names the holder of an inode, and nobody who waits for it or has another kind of lock', () => {
  const locks = [
    '1: POSIX  ADVISORY  WRITE 10 fe:01:77 0 EOF',
    '2: FLOCK  ADVISORY  READ  11 fe:01:77 0 EOF',
    '3: FLOCK  ADVISORY  WRITE 12 fe:01:78 0 EOF',
    '4: FLOCK  ADVISORY  WRITE 13 fe:01:77 0 EOF',
    '4: -> FLOCK  ADVISORY  WRITE 14 fe:01:77 0 EOF',
  ].join('\n');
  expect([findHolder(locks, 77n), findHolder(locks, 78n), findHolder(locks, 7n), findHolder('', 77n)]).toEqual([
    13,
    12,
    undefined,
    undefined,
  ]);
  expect(findHolder('1: FLOCK  ADVISORY  WRITE -1 00:1f:5 0 EOF', 5n)).toBe(0);
});
