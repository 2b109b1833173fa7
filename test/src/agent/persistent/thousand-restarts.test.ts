import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findMarked, formatMark } from '../../../../src/agent/persistent/sweep.ts';
import { createFakeAgent, writeFakeModule } from '../../../helpers/fake-persistent.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const name = 'examplepersist';
const descriptors = (): number => readdirSync('/proc/self/fd').length;
/** Of all threads of this process: running ones and zombies. */
const children = (): number =>
  readdirSync('/proc/self/task')
    .map((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'latin1').trim())
    .filter((text) => text !== '')
    .flatMap((text) => text.split(' ')).length;

test('1,000 restarts, asked for and crashes, leave no process, no zombie and no descriptor', async () => {
  using folder = createTemporaryFolder();
  const { modules, alerts } = createFakeAgent({
    folder: folder.path,
    program: writeFakeModule(folder.path),
    times: { firstPauseMs: 1, mostPauseMs: 1 },
  });
  const state = () => modules.states().find((one) => one.name === name);
  const count = async () => ({
    descriptors: descriptors(),
    children: children(),
    marked: (await findMarked(formatMark(folder.path, ''))).length,
  });
  await modules.start();
  await waitFor('health', () => state()?.phase === 'healthy', 30_000);
  const turn = async (round: number): Promise<void> => {
    const pid = state()?.pid ?? 0;
    if (round % 2 === 0) {
      expect(await modules.restart(name, { timeoutMs: 30_000 })).toMatchObject({ success: true, forced: false });
    } else {
      process.kill(pid, 'SIGKILL');
      await waitFor('the next one', () => state()?.phase === 'healthy' && state()?.pid !== pid, 60_000);
    }
  };
  for (let round = 0; round < 10; round++) await turn(round);
  const before = await count();
  for (let round = 10; round < 1000; round++) await turn(round);
  await waitFor('what ended to be gone', async () => (await count()).children <= before.children);
  expect(await count()).toEqual(before);
  expect(state()?.restarts).toBe(1000);
  await modules.stop({ prepareMs: 5000, stopMs: 5000 });
  expect(await findMarked(formatMark(folder.path, ''))).toEqual([]);
  alerts.close();
}, 300_000);
