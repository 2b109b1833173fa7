import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { openReceiver } from './receiver.ts';
import { startDispatch } from './start-dispatch.ts';

/** A small disk of its own: needs the right to mount. */
function mountSmallDisk(path: string): Disposable | undefined {
  mkdirSync(path);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=900k', 'tmpfs', path]).status !== 0) return undefined;
  return { [Symbol.dispose]: () => void spawnSync('umount', ['-l', path]) };
}

test('on a full disk alerts are refused, so that the agent keeps them; what is sent makes room again', async (context) => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'disk');
  using disk = mountSmallDisk(path);
  if (!disk) {
    context.skip('a small disk cannot be mounted by this account');
    return;
  }
  const first = await openReceiver();
  const { port } = new URL(first.url);
  await first[Symbol.asyncDispose]();
  await using dispatch = await startDispatch(path, { httpurl: first.url, retrymax: '100ms' });
  let taken = 0;
  const fill = async (): Promise<void> => {
    for (;;) {
      await dispatch.give(taken + 1, 'x'.repeat(5000));
      taken++;
    }
  };
  await expect(fill()).rejects.toThrow('database or disk is full');
  expect(await dispatch.elements()).toMatchObject({ ok: true, queued: taken });
  await using second = await openReceiver([], Number(port));
  await waitFor('all alerts', async () => (await dispatch.elements()).queued === 0, 20_000);
  await dispatch.give(taken + 1);
  await waitFor('the next alert', () => second.taken.length === taken + 1);
  expect(second.taken.map(({ id }) => id)).toEqual(Array.from({ length: taken + 1 }, (_, at) => `here-${at + 1}`));
}, 60_000);
