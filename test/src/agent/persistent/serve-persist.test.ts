import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeAgent, type FakeAgent } from '../../../helpers/fake-persistent.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const name = 'examplepersist';
const helper = join(import.meta.dirname, '../../../helpers/slow-stop-main.ts');
let folder: ReturnType<typeof createTemporaryFolder>;
let agent: FakeAgent | undefined;

beforeEach(() => (folder = createTemporaryFolder()));
afterEach(async () => {
  await agent?.modules.stop({ prepareMs: 100, stopMs: 100 });
  agent?.alerts.close();
  folder[Symbol.dispose]();
});

/** A module whose own stop takes so long, healthy. */
async function start(stopTakesMs: number): Promise<FakeAgent> {
  const started = await startUnhealthy(stopTakesMs);
  await waitFor('health', () => pidOf(started) !== undefined, 60_000);
  return started;
}

async function startUnhealthy(stopTakesMs: number): Promise<FakeAgent> {
  const program = join(folder.path, 'program');
  writeFileSync(
    program,
    `#!/bin/sh\nSTOP_TAKES_MS=${stopTakesMs} exec "${process.execPath}" --disable-warning=ExperimentalWarning "${helper}"\n`,
  );
  chmodSync(program, 0o755);
  agent = createFakeAgent({ folder: folder.path, program });
  await agent.modules.start();
  return agent;
}
const pidOf = (of: FakeAgent | undefined) =>
  of?.modules.states().find((one) => one.name === name && one.phase === 'healthy')?.pid;

test('a stop may take as long as the agent gives it', { timeout: 120_000 }, async () => {
  const { modules, logged } = await start(1500);
  const done = await modules.restart(name, { timeoutMs: 30_000 });
  expect(done).toMatchObject({ success: true, forced: false });
  expect(done.durationMs).toBeGreaterThanOrEqual(1500);
  expect(logged.join('')).not.toContain('did not stop');
});

test(
  'a stop that does not end is killed when the agent says, told once, and forced',
  { timeout: 120_000 },
  async () => {
    const { modules, logged } = await start(600_000);
    const done = await modules.restart(name, { timeoutMs: 1500 });
    expect(done).toMatchObject({ success: true, forced: true });
    expect(done.durationMs).toBeGreaterThanOrEqual(1500);
    expect(logged.filter((line) => line.includes('did not stop'))).toEqual([
      expect.stringContaining('it did not stop within 1.5 s and is killed'),
    ]);
  },
);

test('without an agent it ends by itself', { timeout: 120_000 }, async () => {
  const { modules } = await start(600_000);
  const pid = pidOf(agent);
  process.kill(pid ?? 0, 'SIGTERM');
  await waitFor('another process', () => pidOf(agent) !== undefined && pidOf(agent) !== pid, 60_000);
  expect(modules.states().find((one) => one.name === name)?.lastFailure?.reason).toMatch(/^it ended with status 0/);
});

test('what keeps it from starting is told as the reason of its end', { timeout: 120_000 }, async () => {
  const { modules } = await startUnhealthy(-1);
  const failure = await waitFor(
    'the failure',
    () => modules.states().find((one) => one.name === name)?.lastFailure,
    60_000,
  );
  expect(failure.reason).toBe('it ended with status 1: there is no room for it');
});

test('last words that nobody is left to read do not keep it from ending', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', helper], {
    env: { ...process.env, STOP_TAKES_MS: '-1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  child.stdin.on('error', () => undefined);
  child.stdout.destroy();
  child.stderr.destroy();
  const parameters = { config: {}, rundir: folder.path, statedir: folder.path, agentpid: process.pid };
  child.stdin.write(`${JSON.stringify({ class: 'config', parameters })}\n`);
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  expect(await ended).toEqual([1, null]);
  clearTimeout(late);
});
