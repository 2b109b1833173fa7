import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeLocks } from '../../../../src/agent/daemon/take-locks.ts';
import { systemClock } from '../../../../src/base/clock.ts';
import { createLog } from '../../../../src/base/log.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const logged: string[] = [];
const log = createLog((line) => void logged.push(line), Date.now);
const options = { clock: systemClock, waitMs: 0, log };

function makeFolders(root: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => {
    mkdirSync(join(root, name));
    return join(root, name);
  });
}

describe.runIf(process.platform === 'linux')('the locks of an agent', () => {
  test('two with folders of their own run side by side', async () => {
    using folder = createTemporaryFolder();
    const [run = '', state = '', otherRun = '', otherState = ''] = makeFolders(folder.path, 'a', 'b', 'c', 'd');
    const first = await takeLocks({ runFolder: run, stateFolder: state }, options);
    const second = await takeLocks({ runFolder: otherRun, stateFolder: otherState }, options);
    first.release();
    second.release();
  });

  test('another run folder does not help where the state folder is taken: who has it is said, and nothing stays locked', async () => {
    using folder = createTemporaryFolder();
    const [run = '', state = '', otherRun = '', otherState = ''] = makeFolders(folder.path, 'a', 'b', 'c', 'd');
    const first = await takeLocks({ runFolder: run, stateFolder: state }, options);
    await expect(takeLocks({ runFolder: otherRun, stateFolder: state }, options)).rejects.toMatchObject({
      code: 'AGENT_RUNNING',
      message: expect.stringMatching(
        new RegExp(
          `^the agent with pid ${process.pid} runs here already, since .*: it holds ${join(state, 'state.lock')}$`,
        ),
      ),
    });
    const second = await takeLocks({ runFolder: otherRun, stateFolder: otherState }, options);
    second.release();
    first.release();
    expect(existsSync(join(state, 'state.lock'))).toBe(true);
    (await takeLocks({ runFolder: otherRun, stateFolder: state }, options)).release();
  });

  test('one folder may be both', async () => {
    using folder = createTemporaryFolder();
    const both = { runFolder: folder.path, stateFolder: folder.path };
    const first = await takeLocks(both, options);
    await expect(takeLocks(both, options)).rejects.toMatchObject({ code: 'AGENT_RUNNING' });
    first.release();
  });

  test('without a state folder, as on a full disk, the agent goes on with a line of the log', async () => {
    using folder = createTemporaryFolder();
    const missing = { runFolder: folder.path, stateFolder: join(folder.path, 'missing') };
    (await takeLocks(missing, options)).release();
    expect(logged.join('')).toContain('the state folder cannot be locked');
  });
});
