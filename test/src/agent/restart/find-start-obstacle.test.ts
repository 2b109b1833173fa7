import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findStartObstacle, type StartOptions } from '../../../../src/agent/restart/find-start-obstacle.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const folders = { runFolder: '/r', stateFolder: '/s' };

function optionsIn(folder: string): StartOptions {
  const executable = join(folder, 'node');
  const script = join(folder, 'gumshoe-agent');
  writeFileSync(executable, '', { mode: 0o755 });
  writeFileSync(script, '', { mode: 0o755 });
  return { folders, readConfig: async () => folders, executable, script };
}

test('an agent whose program and configuration are as they were can start again', async () => {
  using folder = createTemporaryFolder();
  const options = optionsIn(folder.path);
  expect(await findStartObstacle(options)).toBeUndefined();
  expect(await findStartObstacle({ ...options, script: undefined })).toBeUndefined();
});

test('a program that is gone, may not be executed or is no file is named', async () => {
  using folder = createTemporaryFolder();
  const options = optionsIn(folder.path);
  const gone = join(folder.path, 'gone');
  expect(await findStartObstacle({ ...options, executable: gone })).toMatch(
    `ENOENT: no such file or directory, access '${gone}'`,
  );
  expect(await findStartObstacle({ ...options, script: gone })).toMatch(
    `ENOENT: no such file or directory, access '${gone}'`,
  );
  mkdirSync(gone);
  expect(await findStartObstacle({ ...options, executable: gone })).toBe(`${gone}: expected a file`);
  chmodSync(options.executable, 0o644);
  expect(await findStartObstacle(options)).toMatch(`EACCES: permission denied, access '${options.executable}'`);
});

test('a configuration that is not valid any more is told as its reader tells it', async () => {
  using folder = createTemporaryFolder();
  const readConfig = async (): Promise<never> => {
    throw new Error('agent.yaml:2: tag: unknown key');
  };
  expect(await findStartObstacle({ ...optionsIn(folder.path), readConfig })).toBe('agent.yaml:2: tag: unknown key');
});

test.each(['runFolder', 'stateFolder'])(
  'a configuration that names another %s leads away from the record of the restart',
  async (key) => {
    using folder = createTemporaryFolder();
    const readConfig = async () => ({ ...folders, [key]: '/elsewhere' });
    expect(await findStartObstacle({ ...optionsIn(folder.path), readConfig })).toMatch(
      /^its configuration names \/elsewhere now, and it runs with \/[rs]: end it, and start it again$/,
    );
  },
);
