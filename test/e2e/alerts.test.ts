/** Alerts and watching: a daemon whose persistent module is killed, and consoles in real terminals and pipes. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { runProgram } from '../helpers/run-program.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';
import { waitFor } from '../helpers/wait-for.ts';

const gumshoe = resolve(import.meta.dirname, '../../bin/gumshoe');
const timeout = 120_000;

async function pidOf(daemon: TestDaemon, module: string): Promise<number> {
  return waitFor(
    `${module} to be healthy`,
    async () => {
      const [answer] = await daemon.call('{"type":"status"}\n');
      const state =
        answer?.type === 'status' ? answer.agent.persistent?.find(({ name }) => name === module) : undefined;
      return state?.phase === 'healthy' ? state.pid : undefined;
    },
    60_000,
  );
}

async function openConsole(daemon: TestDaemon): Promise<Terminal> {
  const env = { ...daemon.env, GUMSHOE_HOME: join(daemon.folder, 'home') };
  const terminal = openTerminal({ command: gumshoe, env, columns: 220, rows: 50 });
  await terminal.waitFor(/gumshoe>\ncase default · 1 of 1 agents online/, 30_000);
  return terminal;
}

describe.runIf(process.platform === 'linux')('a persistent module that is killed', () => {
  test(
    'is told of above the prompt, counted until it is acknowledged, and back in the agent’s page',
    { timeout },
    async () => {
      await using daemon = await startDaemon();
      const pid = await pidOf(daemon, 'examplepersist');
      const terminal = await openConsole(daemon);
      await terminal.sendInputAndWaitFor(
        'agent local\r',
        new RegExp(`examplepersist +healthy +${pid} +\\S+ +0`),
        30_000,
      );
      process.kill(pid, 'SIGKILL');
      await terminal.waitFor(/^alert 1: \S+ examplepersist high: .*SIGKILL$/m, 30_000);
      await terminal.waitFor(/· 1 new alert$/m, 30_000);
      const next = await pidOf(daemon, 'examplepersist');
      expect(next).not.toBe(pid);
      const page = new RegExp(`examplepersist +healthy +${next} +\\S+ +1 +20`);
      // The row of an agent that changed is on its way to the console for a moment.
      await waitFor(
        'the restart in the page',
        async () => {
          await terminal.sendInputAndWaitFor('details\r', /^dispatch/m, 30_000);
          return page.test(terminal.screen.text);
        },
        60_000,
      );
      await terminal.sendInputAndWaitFor('alerts ack all\r', '1 alert acknowledged');
      await terminal.waitFor(/agents online$/m);
      terminal.type('exit\rexit\r');
      expect(await terminal.exited).toMatchObject({ exitCode: 0 });
      expect(terminal.screen.foreign).toEqual([]);
      await terminal.close();
    },
  );

  test('is told of when a console comes, once, though nobody was there', { timeout }, async () => {
    await using daemon = await startDaemon();
    process.kill(await pidOf(daemon, 'examplepersist'), 'SIGKILL');
    await waitFor('the restart', () => daemon.logged().includes('ended by SIGKILL'), 60_000);
    await pidOf(daemon, 'examplepersist');
    for (const said of [/^alert 1: \S+ examplepersist high: .*SIGKILL$/m, /^new alerts: 1 /m]) {
      const terminal = await openConsole(daemon);
      await terminal.waitFor(said, 30_000);
      terminal.type('exit\r');
      await terminal.exited;
      expect(terminal.screen.text.match(/^alert 1: /gm)?.length ?? 0).toBe(said.source.includes('SIGKILL') ? 1 : 0);
      await terminal.close();
    }
    const env = { ...daemon.env, GUMSHOE_HOME: join(daemon.folder, 'home') };
    const { stdout } = await runProgram('gumshoe', ['alerts', 'examplepersist', '--format', 'jsonl'], { env });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, n: 1, module: 'examplepersist', severity: 'high' });
  });

  test(
    'is told of by one command from a shell, and to a script, though no console was there',
    { timeout },
    async () => {
      await using daemon = await startDaemon();
      const kill = async (times: number): Promise<void> => {
        process.kill(await pidOf(daemon, 'examplepersist'), 'SIGKILL');
        const ends = (): number => daemon.logged().split('ended by SIGKILL').length - 1;
        await waitFor('the end of the module', () => ends() === times, 60_000);
      };
      const ask = async (home: string, args: readonly string[], input: string): Promise<string> => {
        const env = { ...daemon.env, GUMSHOE_HOME: join(daemon.folder, home) };
        return (await runProgram('gumshoe', args, { env, input })).stdout;
      };
      await kill(1);
      expect(await ask('script', [], 'alerts\n')).toMatch(/examplepersist +high +new .*SIGKILL/);
      await kill(2);
      expect(await ask('shell', ['alerts'], '')).toMatch(/examplepersist +high +new .*SIGKILL/);
    },
  );

  test('is watched, also over the death of its agent', { timeout }, async () => {
    await using daemon = await startDaemon();
    await pidOf(daemon, 'examplepersist');
    const terminal = await openConsole(daemon);
    await terminal.sendInputAndWaitFor('watch examplepersist\r', /^watching examplepersist on/m);
    process.kill(await pidOf(daemon, 'examplepersist'), 'SIGKILL');
    await terminal.waitFor(/ {2}state {2}waiting$/m, 30_000);
    await terminal.waitFor(/ {2}state {2}healthy$/m, 30_000);
    daemon.process.kill('SIGKILL');
    await daemon.ended();
    await terminal.waitFor('what happens meanwhile is not seen here', 30_000);
    await daemon.start();
    await terminal.waitFor('its link is open: watching goes on', 60_000);
    await terminal.sendInputAndWaitFor('\x03', /gumshoe>\ncase default/);
    terminal.type('exit\r');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    await terminal.close();
  });

  test('is watched from a shell as lines of JSON until an interrupt', { timeout }, async () => {
    await using daemon = await startDaemon();
    const pid = await pidOf(daemon, 'examplepersist');
    const env = { ...process.env, ...daemon.env, GUMSHOE_HOME: join(daemon.folder, 'home') };
    const args = ['watch', 'examplepersist', '-t', "mode='daemon'", '--format', 'jsonl'];
    const child = spawn(gumshoe, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const status = new Promise<number | null>((settle) => child.on('close', settle));
    await waitFor('the watch', () => stderr.includes('watching examplepersist'), 60_000);
    process.kill(pid, 'SIGKILL');
    await waitFor('the alert', () => stdout.includes('"kind":"alert"'), 60_000);
    child.kill('SIGINT');
    expect(await status).toBe(130);
    const events = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as { readonly kind: string; readonly data?: { readonly severity: string } });
    expect(events.find(({ kind }) => kind === 'alert')?.data?.severity).toBe('high');
  });
});
