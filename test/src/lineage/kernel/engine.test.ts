/** The whole lineage on the real kernel. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import type { Lineage } from '../../../../src/lineage/lineage.ts';
import { openHostLineage } from '../../../../src/lineage/open-host-lineage.ts';
import { readProcessIds } from '../../../../src/linux/proc/read-processes.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitLong } from '../../../helpers/wait-for.ts';

vi.setConfig({ testTimeout: 400_000 });

const canHear = process.platform === 'linux' && process.getuid?.() === 0;
if (!canHear) process.stderr.write('skipped: the process connector needs Linux and root\n');

function open(stateFolder: string): { readonly lineage: Lineage } {
  const config = { audit: false, files: [], root: undefined, maxAgeMs: 1e12, maxBytes: 1 << 28 };
  return { lineage: openHostLineage({ config, stateFolder, clock: systemClock, log: () => undefined }) };
}

describe.runIf(canHear)('the lineage of this host', () => {
  test('has what a shell did, with the ends of all, and finds it on disk after a restart', async () => {
    using folder = createTemporaryFolder();
    const { lineage } = open(folder.path);
    await lineage.start();
    const child = spawn('sh', ['-c', 'sleep 0.2 & sleep 0.3; exit 7'], { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    await new Promise((resolve) => child.on('close', resolve));
    const shell = await waitLong('the end', () => {
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
    expect(again.gaps().at(-1)).toMatchObject({ reason: 'the lineage did not run', repairedMs: expect.any(Number) });
    await again.stop();
  });

  test('killed in mid-stream has the same processes after its restart, and those live that /proc has', async () => {
    using folder = createTemporaryFolder();
    const program = join(import.meta.dirname, 'engine-main.ts');
    const first = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, folder.path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(first.stdout, 'data');
    const parent = spawn('sh', ['-c', 'n=0; while [ $n -lt 30 ]; do /bin/true; n=$((n+1)); done; exec sleep 1000'], {
      stdio: 'ignore',
    });
    const sleepers = await waitLong('the load', () => (isSleeping(parent.pid ?? 0) ? parent : undefined));
    first.stdin.write(`${sleepers.pid} 30`);
    await once(first.stdout, 'data');
    // More than that it need not have on disk, and something is always under way.
    const rest = spawn('sh', ['-c', 'n=0; while [ $n -lt 30 ]; do /bin/true; n=$((n+1)); done'], { stdio: 'ignore' });
    first.kill('SIGKILL');
    await once(first, 'close');
    if (rest.exitCode === null) await once(rest, 'close');

    const { lineage } = open(folder.path);
    await lineage.start();
    const shell = lineage.byPid(sleepers.pid ?? 0);
    expect(shell).toMatchObject({ state: 'live', start: { how: 'observed' } });
    expect(shell?.children.length).toBe(30);
    expect(lineage.gaps().at(-1)).toMatchObject({ reason: 'the lineage did not run' });
    await waitLong('the live ones to be those of /proc', () => {
      const before = readProcessIds('/proc');
      const living = new Set(
        lineage
          .find({ limit: 1e6 })
          .filter(({ state }) => state === 'live' || state === 'leaderExited')
          .map(({ pid }) => pid),
      );
      const shown = new Set([...before, ...readProcessIds('/proc')]);
      return before.every((pid) => living.has(pid)) && [...living].every((pid) => shown.has(pid));
    });
    parent.kill();
    await lineage.stop();
  });
});

function isSleeping(pid: number): boolean {
  return readFileSync(`/proc/${pid}/comm`, 'latin1') === 'sleep\n';
}
