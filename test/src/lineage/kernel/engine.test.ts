/** The whole lineage on the real kernel. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import type { Lineage, LineageNews } from '../../../../src/lineage/lineage.ts';
import { openHostLineage } from '../../../../src/lineage/open-host-lineage.ts';
import { readProcessIds } from '../../../../src/linux/proc/read-processes.ts';
import { openProcessStream } from '../../../../src/monitor/open-process-stream.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const canHear = process.platform === 'linux' && process.getuid?.() === 0;
if (!canHear) process.stderr.write('skipped: the process connector needs Linux and root\n');

function open(
  stateFolder: string,
  receiveBufferBytes?: number,
): { readonly lineage: Lineage; readonly said: string[] } {
  const said: string[] = [];
  const config = { audit: false, files: [], root: undefined, maxAgeMs: 1e12, maxBytes: 1 << 28 };
  const lineage = openHostLineage({
    config,
    stateFolder,
    clock: systemClock,
    log: (text) => said.push(text),
    openStream: (options) =>
      openProcessStream({ ...options, ...(receiveBufferBytes === undefined ? {} : { receiveBufferBytes }) }),
  });
  return { lineage, said };
}

describe.runIf(canHear)('the lineage of this host', () => {
  test('has what a shell did, with the ends of all, and finds it on disk after a restart', async () => {
    using folder = createTemporaryFolder();
    const { lineage } = open(folder.path);
    await lineage.start();
    const child = spawn('sh', ['-c', 'sleep 0.2 & sleep 0.3; exit 7'], { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    await new Promise((resolve) => child.on('close', resolve));
    const shell = await waitFor('the end', () => {
      // Its pid may have gone to another since.
      const node = lineage.find({ pid, limit: 9 }).find(({ birthParent }) => birthParent?.pid === process.pid);
      return node?.state === 'exited' ? node : undefined;
    });
    expect(shell).toMatchObject({ end: { code: 7 } });
    expect(shell.children).toHaveLength(2);
    await lineage.stop();
    const again = open(folder.path).lineage;
    await again.start();
    expect(again.byId(shell.id)).toMatchObject({ pid, end: { code: 7 }, children: shell.children });
    expect(again.gaps().at(-1)).toMatchObject({ reason: 'the agent did not run', repairedMs: expect.any(Number) });
    await again.stop();
  });

  test('killed in mid-stream has the same processes after its restart, and those live that /proc has', async () => {
    using folder = createTemporaryFolder();
    const program = join(import.meta.dirname, 'engine-main.ts');
    const first = spawn(process.execPath, [program, folder.path], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => first.stdout.once('data', resolve));
    const parent = spawn('sh', ['-c', 'n=0; while [ $n -lt 30 ]; do /bin/true; n=$((n+1)); done; exec sleep 60'], {
      stdio: 'ignore',
    });
    const sleepers = await waitFor('the load', () => (isSleeping(parent.pid ?? 0) ? parent : undefined), 20_000);
    // Written within a turn.
    await delay(200);
    first.kill('SIGKILL');
    await new Promise((resolve) => first.once('close', resolve));

    const { lineage } = open(folder.path);
    await lineage.start();
    const shell = lineage.byPid(sleepers.pid ?? 0);
    expect(shell).toMatchObject({ state: 'live', start: { how: 'observed' } });
    expect(shell?.children.length).toBe(30);
    expect(lineage.gaps().at(-1)).toMatchObject({ reason: 'the agent did not run' });
    await waitFor(
      'the live ones to be those of /proc',
      () => {
        const before = readProcessIds('/proc');
        const living = new Set(
          lineage
            .find({ limit: 1e6 })
            .filter(({ state }) => state === 'live' || state === 'leaderExited')
            .map(({ pid }) => pid),
        );
        const shown = new Set([...before, ...readProcessIds('/proc')]);
        return before.every((pid) => living.has(pid)) && [...living].every((pid) => shown.has(pid));
      },
      20_000,
    );
    parent.kill();
    await lineage.stop();
  }, 60_000);

  test('tells what a full buffer lost as a gap with an exact number, and is as /proc a second later', async () => {
    using folder = createTemporaryFolder();
    const { lineage } = open(folder.path, 8192);
    const news: LineageNews[] = [];
    lineage.subscribe((told) => news.push(told));
    await lineage.start();
    // More names than the reader takes out of a buffer of a few kilobytes.
    const flood = 'import ctypes\nlibc=ctypes.CDLL(None)\nfor n in range(60000): libc.prctl(15,b"n%d"%n)';
    const started = spawn('sleep', ['30'], { stdio: 'ignore' });
    spawnSync('python3', ['-S', '-c', flood]);
    const gap = await waitFor('the gap', () => lineage.gaps().find(({ drops }) => (drops ?? 0) > 0));
    const heardMs = performance.now();
    await waitFor('the repair', () => lineage.gaps().every(({ repairedMs }) => repairedMs !== undefined), 5000);
    expect(performance.now() - heardMs).toBeLessThan(1000);
    const { drops, gaps } = lineage.status().sources.find(({ source }) => source === 'connector') ?? {
      drops: 0,
      gaps: 0,
    };
    expect(lineage.gaps().reduce((sum, one) => sum + (one.drops ?? 0), 0)).toBe(drops);
    expect(gaps).toBeGreaterThan(0);
    expect(gap.reason).toContain('buffer');
    expect(news.some((told) => told.kind === 'gap' && told.gap.repairedMs !== undefined)).toBe(true);
    // It was born in the midst of it; that of another gap may still come.
    await waitFor('what runs', () => lineage.byPid(started.pid ?? 0)?.state === 'live', 1000);
    started.kill();
    expect(lineage.byPid(1)).toMatchObject({ state: 'live' });
    await lineage.stop();
  });
});

function isSleeping(pid: number): boolean {
  return readFileSync(`/proc/${pid}/comm`, 'latin1') === 'sleep\n';
}
