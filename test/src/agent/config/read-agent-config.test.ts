import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { examplepersist } from '../../../../modules/examplepersist/index.ts';
import { readAgentConfig, type ReadConfigOptions } from '../../../../src/agent/config/read-agent-config.ts';
import type { AgentConfig } from '../../../../src/agent/config/agent-config.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../../helpers/without-root.ts';

const read = (options: Partial<ReadConfigOptions>): Promise<AgentConfig> =>
  readAgentConfig({ path: undefined, environment: {}, uid: 1000, modules: [examplepersist], ...options });

test.each([
  [0, {}, '/run/gumshoe', '/var/lib/gumshoe'],
  [1000, { HOME: '/home/a' }, '/home/a/.local/state/gumshoe/run', '/home/a/.local/state/gumshoe'],
  [
    1000,
    { HOME: '/home/a', XDG_RUNTIME_DIR: '/run/user/1000', XDG_STATE_HOME: '/s' },
    '/run/user/1000/gumshoe',
    '/s/gumshoe',
  ],
  [
    1000,
    { HOME: '/home/a', XDG_RUNTIME_DIR: 'relative' },
    '/home/a/.local/state/gumshoe/run',
    '/home/a/.local/state/gumshoe',
  ],
  [0, { XDG_RUNTIME_DIR: '/run/user/0' }, '/run/gumshoe', '/var/lib/gumshoe'],
  [0, { GUMSHOE_RUN: '/r', GUMSHOE_STATE: '/s' }, '/r', '/s'],
  [1000, { HOME: '/home/a', GUMSHOE_STATE: '/s' }, '/s/run', '/s'],
])('uid %j with %j has its folders', async (uid, environment, runFolder, stateFolder) => {
  expect(await read({ uid, environment: { ...environment, GUMSHOE_AGENT_CONFIG: 'none' } })).toMatchObject({
    path: undefined,
    runFolder,
    stateFolder,
  });
});

test('a variable that names a relative folder is refused', async () => {
  await expect(read({ environment: { GUMSHOE_RUN: 'run' } })).rejects.toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: 'GUMSHOE_RUN: expected an absolute path, got "run"' }),
  );
});

test('the file of the account is read when it is there, and wins over the environment', async () => {
  using folder = createTemporaryFolder();
  const environment = { HOME: folder.path, GUMSHOE_RUN: '/r' };
  expect(await read({ environment })).toMatchObject({ path: undefined, runFolder: '/r' });
  mkdirSync(join(folder.path, '.config/gumshoe'), { recursive: true });
  const path = join(folder.path, '.config/gumshoe/agent.yaml');
  writeFileSync(path, 'run: /mine\nname: a\n');
  expect(await read({ environment })).toMatchObject({ path, runFolder: '/mine', name: 'a' });
  expect(await read({ environment: { ...environment, GUMSHOE_AGENT_CONFIG: 'none' } })).toMatchObject({
    path: undefined,
    runFolder: '/r',
  });
});

test('a file that was named is read, or refused with the reason', async () => {
  using folder = createTemporaryFolder();
  chmodSync(folder.path, 0o755);
  const path = join(folder.path, 'a.yaml');
  const unreadable = (message: string): Error => expect.objectContaining({ code: 'CONFIG_UNREADABLE', message });
  await expect(read({ path })).rejects.toThrow(unreadable(`${path}: there is no such file`));
  await expect(read({ environment: { GUMSHOE_AGENT_CONFIG: path } })).rejects.toThrow(
    unreadable(`${path}: there is no such file`),
  );
  await expect(read({ path: folder.path })).rejects.toThrow(unreadable(`${folder.path}: it is not a regular file`));
  writeFileSync(path, 'name: a');
  expect(await read({ environment: { GUMSHOE_AGENT_CONFIG: path } })).toMatchObject({ path, name: 'a' });
  chmodSync(path, 0o000);
  await withoutRoot(() => expect(read({ path })).rejects.toThrow(unreadable(`${path}: this account may not read it`)));
  writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00]));
  await expect(read({ path })).rejects.toThrow(unreadable(`${path}: expected UTF-8, got other bytes`));
  writeFileSync(path, '#'.repeat(2 * 1024 * 1024));
  await expect(read({ path })).rejects.toThrow(`${path}: expected at most 1048576 bytes, got 2097152`);
});

test('a run folder whose sockets the kernel would refuse is refused, by the longest of their names', async () => {
  // "/persist-examplepersist.sock" has 28 bytes.
  const longest = `/${'r'.repeat(107 - 28 - 1)}`;
  expect(await read({ environment: { GUMSHOE_RUN: longest } })).toMatchObject({ runFolder: longest });
  const tooLong = `${longest}ö`;
  await expect(read({ environment: { GUMSHOE_RUN: tooLong } })).rejects.toThrow(
    expect.objectContaining({
      code: 'SOCKET_PATH_TOO_LONG',
      message: `${tooLong}/persist-examplepersist.sock: expected at most 107 bytes for the path of a socket, got 109`,
    }),
  );
  expect(await read({ environment: { GUMSHOE_RUN: tooLong }, withSockets: false })).toMatchObject({
    runFolder: tooLong,
  });
});
