/** Persistent modules of the shipped agent: asked through a daemon, killed, abused, and started in wrong ways. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findMarked, formatMark } from '../../src/agent/persistent/sweep.ts';
import { readAlertMessage } from '../../src/protocol/alert.ts';
import { startDaemon, type TestDaemon, type TestLink } from '../helpers/daemon.ts';
import { runProgram } from '../helpers/run-program.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

const name = 'examplepersist';
const timeout = 120_000;

async function stateOf(daemon: TestDaemon) {
  const [answer] = await daemon.call('{"type":"status"}\n');
  if (answer?.type !== 'status') throw new Error(`expected a status, got ${JSON.stringify(answer)}`);
  return answer.agent.persistent?.find((one) => one.name === name);
}

async function markOf(daemon: TestDaemon): Promise<string> {
  const [answer] = await daemon.call('{"type":"status"}\n');
  return formatMark(answer?.type === 'status' ? answer.agent.id : '', '');
}

const isHealthy = (daemon: TestDaemon, oldPid?: number) =>
  waitFor(
    'the module to be healthy',
    async () => {
      const state = await stateOf(daemon);
      return state?.phase === 'healthy' && state.pid !== oldPid && (state.pid ?? false);
    },
    60_000,
  );

async function ask(link: TestLink, text: string) {
  const ref = randomUUID();
  const operations = [{ module: name, parameters: { string: text } }];
  link.send({ type: 'action', ref, action: { name: 'n', target: 'local', operations } });
  await link.says('the end', () => link.reports(ref).some(({ kind }) => kind === 'done'));
  const result = link.reports(ref).find((report) => report.kind === 'result');
  return result?.kind === 'result' ? result.result : undefined;
}

const echoed = (text: string) => ({ success: true, elements: { string: text } });

describe.runIf(process.platform === 'linux')('persistent modules of a daemon', () => {
  test('answer; one that is killed is back within 2 seconds, counted, with an alert', { timeout }, async () => {
    await using daemon = await startDaemon();
    const pid = await isHealthy(daemon);
    const link = daemon.link();
    await link.hello();
    expect(await ask(link, 'one')).toMatchObject(echoed('one'));
    link.send({ type: 'alerts' });
    const killedMs = performance.now();
    process.kill(pid, 'SIGKILL');
    await isHealthy(daemon, pid);
    expect(performance.now() - killedMs).toBeLessThan(4000);
    expect(await stateOf(daemon)).toMatchObject({ restarts: 1, lastFailure: { reason: 'it was ended by SIGKILL' } });
    await link.says('an alert', () => link.frames.some(({ type }) => type === 'alert'));
    const alert = link.frames.find((frame) => frame.type === 'alert');
    expect(alert?.type === 'alert' && readAlertMessage(alert.alert.message)).toEqual({
      severity: 'high',
      text: `module ${name}: it was ended by SIGKILL`,
    });
    expect(await ask(link, 'two')).toMatchObject(echoed('two'));
  });

  test('live on under hostile callers, who change nothing for others', { timeout }, async () => {
    await using daemon = await startDaemon();
    const pid = await isHealthy(daemon);
    const path = join(daemon.env['GUMSHOE_RUN'] ?? '', `persist-${name}.sock`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const callers = Array.from({ length: 500 }, (_, n) => {
      const socket = connect(path);
      socket.on('error', () => undefined);
      socket.write(['garbage\n', '{"class":"para', '\0'.repeat(100_000), ''][n % 4] ?? '');
      return socket;
    });
    const link = daemon.link();
    await link.hello();
    expect(await ask(link, 'still here')).toMatchObject(echoed('still here'));
    for (const caller of callers) caller.destroy();
    expect(await stateOf(daemon)).toMatchObject({ phase: 'healthy', pid, restarts: 0 });
  });

  test('end with the agent, also when it is killed, and come back with the next', { timeout }, async () => {
    await using daemon = await startDaemon();
    const pid = await isHealthy(daemon);
    const mark = await markOf(daemon);
    expect(await findMarked(mark)).toContain(pid);
    daemon.process.kill('SIGKILL');
    await daemon.ended();
    await waitFor('its modules to end', async () => (await findMarked(mark)).length === 0, 30_000);
    await daemon.start();
    await isHealthy(daemon, pid);
    daemon.process.kill('SIGTERM');
    expect(await daemon.ended()).toBe(0);
    expect(await findMarked(mark)).toEqual([]);
    expect(readdirSync(daemon.env['GUMSHOE_RUN'] ?? '')).toEqual(['agent.lock']);
  });

  test('a module that stands still when the agent left is ended by its next life', { timeout }, async () => {
    await using daemon = await startDaemon();
    const pid = await isHealthy(daemon);
    const mark = await markOf(daemon);
    process.kill(pid, 'SIGSTOP');
    daemon.process.kill('SIGKILL');
    await daemon.ended();
    await daemon.start();
    const next = await isHealthy(daemon, pid);
    expect(next).not.toBe(pid);
    expect(await findMarked(mark)).not.toContain(pid);
  });
});

describe.runIf(process.platform === 'linux')('gumshoe-agent -P', () => {
  const start = (module: string, parameters: unknown) =>
    runProgram('gumshoe-agent', ['-P', module], { input: `${JSON.stringify({ class: 'config', parameters })}\n` });
  const log = (message: string) => `${JSON.stringify({ class: 'log', parameters: { message } })}\n`;

  test.each([
    ['examplepersst', "module 'examplepersst' is not available: did you mean examplepersist?"],
    ['file', "module 'file' is not persistent"],
  ])('%s: one line of the log, and the end', { timeout }, async (module, message) => {
    expect(await start(module, {})).toMatchObject({ status: 1, stdout: log(message) });
  });

  test.each([
    [
      'a key that is not known',
      { rundir: '/tmp', statedir: '/tmp', config: { intervall: 3 } },
      'persistent.examplepersist: Unrecognized key: "intervall"',
    ],
    [
      'a value of another type',
      { rundir: '/tmp', statedir: '/tmp', config: { interval: 'often' } },
      'persistent.examplepersist.interval: expected a number of seconds such as 30',
    ],
  ])('%s in the configuration is named, and the end', { timeout }, async (_, parameters, message) => {
    expect(await start(name, parameters)).toMatchObject({ status: 1, stdout: log(message) });
  });

  test('a socket path that is too long is named, and the end', { timeout }, async () => {
    using folder = createTemporaryFolder();
    const deep = join(folder.path, 'x'.repeat(100));
    mkdirSync(deep);
    const { status, stdout } = await startOpen(name, { rundir: deep, statedir: folder.path });
    expect(status).toBe(1);
    expect(stdout).toMatch(/expected a socket path of at most 107 bytes, got \d+/);
  });

  /** With an input that stays open: its end would be a stop. */
  async function startOpen(module: string, parameters: unknown) {
    const { spawn } = await import('node:child_process');
    const child = spawn(join(import.meta.dirname, '../../bin/gumshoe-agent'), ['-P', module]);
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${JSON.stringify({ class: 'config', parameters })}\n`);
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const status = await new Promise<number | null>((resolve) => void child.on('close', resolve));
    return { status, stdout };
  }
});
