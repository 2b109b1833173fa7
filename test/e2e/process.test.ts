/** The module process as the daemon of bin/ keeps it running, watched in a real terminal: what is executed, how it ends, and what was missed. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { lacksProcessEvents } from '../helpers/process-events.ts';
import { runProgram } from '../helpers/run-program.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { openTerminal } from '../helpers/terminal.ts';
import { waitLong } from '../helpers/wait-for.ts';

const gumshoe = resolve(import.meta.dirname, '../../bin/gumshoe');
const flood = join(import.meta.dirname, '../helpers/flood-main.ts');

async function healthyPid(daemon: TestDaemon): Promise<number> {
  return waitLong('the module', async () => {
    const [answer] = await daemon.call('{"type":"status"}\n');
    const persistent = answer?.type === 'status' ? answer.agent.persistent : undefined;
    return persistent?.find(({ name, phase }) => name === 'process' && phase === 'healthy')?.pid;
  });
}

test.skipIf(lacksProcessEvents())(
  'a watched host shows what is executed with its arguments, how it ended, a gap and its repair; a query has the gap with its drops',
  { timeout: 300_000 },
  async () => {
    using folder = createTemporaryFolder();
    const config = join(folder.path, 'agent.yaml');
    const section = 'process: { enabled: true, names: [sleep], watchPerSecond: 20 }';
    writeFileSync(config, `persistent:\n  fswatch: { enabled: false }\n  ${section}\n`, { mode: 0o600 });
    await using daemon = await startDaemon({ config });
    const pid = await healthyPid(daemon);
    const env = { ...daemon.env, GUMSHOE_HOME: join(folder.path, 'home') };
    const terminal = openTerminal({ command: gumshoe, env, columns: 200, rows: 50 });
    onTestFinished(() => terminal.close());
    await terminal.waitFor(/gumshoe>\ncase default · 1 of 1 agents online/, 120_000);
    await terminal.sendInputAndWaitFor('watch process\r', /^watching process on/m, 60_000);

    const own = `0.25${process.pid}`;
    const parent = spawnSync('sh', ['-c', `sleep ${own}; sleep 77 & sleep 0.2; kill -9 $!; exit 0`]).pid;
    await terminal.waitFor(new RegExp(` exec \\d+ of ${parent}: sleep ${own.replace('.', '\\.')}$`, 'm'), 60_000);
    await terminal.waitFor(/ exit \d+ sleep: code 0 after 2\d\d.*ms$/m, 60_000);
    await terminal.waitFor(/ exit \d+ sleep: signal KILL after /m, 60_000);

    process.kill(pid, 'SIGSTOP');
    try {
      // The socket holds 40,300.
      spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', flood, '60000']);
      const missed = spawn('sleep', [`88.${process.pid}`], { stdio: 'ignore' });
      onTestFinished(() => void missed.kill('SIGKILL'));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await terminal.waitFor(/ GAP: \d{5} events missed \(overrun\) from \S+Z to \S+Z, not repaired yet/m, 60_000);
    await terminal.waitFor(/ GAP repaired from \/proc at \S+Z: \d+ executed and \d+ ended meanwhile/m, 60_000);
    await terminal.waitFor(new RegExp(`: sleep 88\\.${process.pid} \\(found in /proc after a gap\\)`, 'm'), 60_000);

    const { stdout } = await runProgram('gumshoe', ['process', '-kind', 'gap', '--format', 'json'], { env });
    const rows = JSON.parse(stdout) as readonly { readonly event: string; readonly drops: number }[];
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ event }) => event === 'gap')).toBe(true);
    expect(rows.reduce((sum, { drops }) => sum + drops, 0)).toBeGreaterThan(15_000);
  },
);
