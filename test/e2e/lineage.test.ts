/** The lineage that a running agent keeps, asked through the shipped console. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { openKernelAudit, takeKernelAudit } from '../helpers/kernel-audit.ts';
import { runProgram } from '../helpers/run-program.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

const limit = 240_000;
const control = process.platform === 'linux' && process.getuid?.() === 0 ? await openKernelAudit() : undefined;
const why = control ? '' : ' (left out: needs root and audit in the initial namespaces)';

interface Row {
  readonly kind: string;
  readonly pid: number;
  readonly ppid: number;
  readonly parentnow: number;
  readonly name: string;
  readonly arguments: string;
  readonly exit: string;
  readonly id: string;
  readonly parent: string;
}

async function startWithLineage(
  folder: string,
  section: string,
): Promise<{ readonly daemon: TestDaemon; readonly ask: (...flags: readonly string[]) => Promise<readonly Row[]> }> {
  const config = join(folder, 'agent.yaml');
  writeFileSync(config, `persistent:\n  fswatch:\n    enabled: false\n  lineage:\n    enabled: true\n${section}`, {
    mode: 0o600,
  });
  const daemon = await startDaemon({ config });
  const env = { ...daemon.env, GUMSHOE_HOME: join(folder, 'home') };
  const ask = async (...flags: readonly string[]): Promise<readonly Row[]> => {
    const { stdout } = await runProgram('gumshoe', ['lineage', ...flags, '--format', 'json'], { env });
    return stdout.trim() === '' ? [] : (JSON.parse(stdout) as readonly Row[]);
  };
  await waitFor('an answer', async () => (await ask('-pid', String(daemon.process.pid))).length > 0, 60_000);
  return { daemon, ask };
}

const python = (program: string): readonly number[] => {
  const { stdout, stderr } = spawnSync('python3', ['-c', `import os,time\n${program}`], { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return stdout.trim().split(/\s+/).map(Number);
};

test.runIf(control)(
  `1,000 quick processes are each told once, with parent, arguments and exit status, however audit and connector interleave${why}`,
  { timeout: limit },
  async () => {
    using folder = createTemporaryFolder();
    const audit = control && (await takeKernelAudit(control));
    const before = await audit?.read();
    try {
      const { daemon, ask } = await startWithLineage(folder.path, '    audit: true\n');
      await using _ = daemon;
      const [parent = 0, ...pids] = python(`
print(os.getpid())
pids=[os.posix_spawn("/bin/sh",["sh","-c","exit %d"%(i%100),"number %d"%i],{}) for i in range(1000)]
for p in pids: os.waitpid(p,0)
print(*pids)`);
      const isTold = async (): Promise<readonly Row[] | undefined> => {
        const rows = (await ask('-pid', String(parent), '-limit', '3000')).filter(
          ({ ppid, name }) => ppid === parent && name === 'sh',
        );
        return rows.length >= 1000 && rows.every(({ exit, arguments: words }) => exit !== '' && words !== '')
          ? rows
          : undefined;
      };
      const rows = await waitFor('all of them', isTold, 60_000);
      expect(rows.map(({ pid, arguments: words, exit }) => [pid, words, exit]).toSorted(byPid)).toEqual(
        pids.map((pid, at) => [pid, `sh -c 'exit ${at % 100}' 'number ${at}'`, `exit ${at % 100}`]).toSorted(byPid),
      );
      expect(new Set(rows.map(({ id }) => id)).size).toBe(1000);
      expect(new Set(rows.map(({ parent: of }) => of)).size).toBe(1);
      const { stdout } = await runProgram('gumshoe', ['lineage', '-status'], {
        env: { ...daemon.env, GUMSHOE_HOME: join(folder.path, 'home') },
      });
      const [, outOfOrder = ''] = /(\d+) out of order/.exec(stdout) ?? [];
      console.log(`1,000 posix_spawned: ${outOfOrder} events out of order`);
      expect(outOfOrder).not.toBe('');
      await daemon.ask('shutdown');
      expect(await audit?.read()).toEqual(before);
    } finally {
      audit?.release();
    }
  },
);

test.runIf(control)(
  `a shell that double-forks a daemon and dies: its parent at birth and its parent now are both right${why}`,
  { timeout: limit },
  async () => {
    using folder = createTemporaryFolder();
    const { daemon, ask } = await startWithLineage(folder.path, '');
    await using _ = daemon;
    const file = join(folder.path, 'pids');
    // The outer shell is gone at once, the inner one a moment after it has started the daemon.
    const script = `(sh -c 'sleep 600 & echo $$ $! > "$0"; exit 3' "$0"); exit 7`;
    // Without pipes: the daemon would hold them open.
    expect(spawnSync('/bin/sh', ['-c', script, file], { stdio: 'ignore' }).status).toBe(7);
    const [shell = 0, asleep = 0] = readFileSync(file, 'latin1').trim().split(' ').map(Number);
    try {
      const now = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${asleep}/status`, 'latin1'))?.[1]);
      const find = async (): Promise<Row | undefined> => {
        const rows = await ask('-pid', String(asleep));
        return rows.find((row) => row.pid === asleep && row.parentnow === now);
      };
      const row = await waitFor('the parent that it has now', find, 60_000);
      expect(now).not.toBe(shell);
      expect(row).toMatchObject({ ppid: shell, parentnow: now, name: 'sleep', exit: 'running' });
      const above = (await ask('-pid', String(asleep), '-ancestors')).find(({ pid }) => pid === shell);
      expect(above).toMatchObject({ exit: 'exit 3' });
    } finally {
      process.kill(asleep, 'SIGKILL');
    }
  },
);

function byPid([a]: readonly (string | number)[], [b]: readonly (string | number)[]): number {
  return Number(a) - Number(b);
}
