/** Alerts of a daemon on their way to a collector: the shipped agent, and a real server. */
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { openReceiver } from '../modules/dispatch/receiver.ts';

/** The pid of a module that is healthy. */
async function pidOf(daemon: TestDaemon, module: string): Promise<number> {
  return waitFor(
    `module ${module}`,
    async () => {
      const { stdout } = await daemon.ask('status');
      const pid = new RegExp(String.raw`^${module}\s+healthy\s+(\d+)`, 'm').exec(stdout)?.[1];
      return pid === undefined ? undefined : Number(pid);
    },
    30_000,
  );
}

test('an alert that was raised while the collector was down arrives once, though agent and module were killed', async () => {
  using folder = createTemporaryFolder();
  const first = await openReceiver();
  const { port } = new URL(first.url);
  await first[Symbol.asyncDispose]();
  const config = join(folder.path, 'agent.yaml');
  const dispatch = `{ httpurl: "${first.url}", retrymax: 1s }`;
  writeFileSync(config, `persistent: { fswatch: { enabled: false }, dispatch: ${dispatch} }\n`);
  await using daemon = await startDaemon({ config });
  await pidOf(daemon, 'dispatch');
  process.kill(await pidOf(daemon, 'examplepersist'), 'SIGKILL');
  await waitFor('the alert', () => daemon.logged().includes('ECONNREFUSED'), 30_000);
  daemon.process.kill('SIGKILL');
  await once(daemon.process, 'exit');
  await daemon.start();
  process.kill(await pidOf(daemon, 'dispatch'), 'SIGKILL');
  await using second = await openReceiver([503], Number(port));
  const events = (): readonly unknown[] => second.taken.map(({ event }) => event);
  await waitFor('both alerts', () => events().length >= 2, 60_000);
  expect(events().slice(0, 2)).toEqual([
    { severity: 'high', alert: 'module examplepersist: it was ended by SIGKILL' },
    { severity: 'high', alert: 'module dispatch: it was ended by SIGKILL' },
  ]);
  const ids = second.taken.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
}, 180_000);
