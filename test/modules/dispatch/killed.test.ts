/** The module as the agent runs it (`-P dispatch`), killed with signal 9 at whatever moment, in front of a real server. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { openReceiver } from './receiver.ts';

const program = join(import.meta.dirname, '../../helpers/agent-main.ts');

interface Told {
  readonly class: string;
  readonly parameters?: { readonly n?: number; readonly message?: string };
}

/** Feeds alerts as the agent does: those behind the last that was answered, and more as answers come. */
function startModule(
  folder: string,
  config: object,
  feed: { acknowledged: number; readonly last: number },
): ChildProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, '-P', 'dispatch'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, GUMSHOE_MODULE: 'me:dispatch' },
  });
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  child.stdin.on('error', () => undefined);
  let sent = feed.acknowledged;
  const pump = (): void => {
    while (sent < Math.min(feed.last, feed.acknowledged + 64)) {
      const n = ++sent;
      send({ class: 'alert', parameters: { n, module: 'fswatch', at: '2026-11-21T10:00:00.000Z', message: `m${n}` } });
    }
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { class: kind, parameters } = JSON.parse(line) as Told;
    if (kind === 'register') pump();
    if (kind !== 'received') return;
    feed.acknowledged = Math.max(feed.acknowledged, parameters?.n ?? 0);
    pump();
  });
  const host = { hostname: 'h', environment: {}, tags: {} };
  send({ class: 'config', parameters: { config, ...host, rundir: folder, statedir: folder } });
  return child;
}

test('killed five times, it loses nothing and repeats at most what was under way, with the same key', async () => {
  using folder = createTemporaryFolder();
  await using receiver = await openReceiver([500, 200, 200, 'reset', 503]);
  const feed = { acknowledged: 0, last: 600 };
  const kills = 5;
  const config = { httpurl: receiver.url, retrymax: '100ms', timeout: '2s' };
  for (let kill = 1; kill <= kills; kill++) {
    const child = startModule(folder.path, config, feed);
    await waitFor(`alerts before kill ${kill}`, () => receiver.taken.length >= kill * 60, 60_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const child = startModule(folder.path, config, feed);
  const ids = (): Set<string> => new Set(receiver.taken.map(({ id }) => id));
  await waitFor('all alerts', () => ids().size === feed.last && feed.acknowledged === feed.last, 60_000);
  child.stdin?.end();
  await once(child, 'exit');
  expect([...ids()]).toEqual(Array.from({ length: feed.last }, (_, at) => `me-${at + 1}`));
  expect(receiver.taken.length - feed.last).toBeLessThanOrEqual(kills);
}, 120_000);
