import { chmodSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import { createPace } from '../../../../src/base/pace.ts';
import { readNetworkNamespaces } from '../../../../src/linux/proc/read-network-namespaces.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../../helpers/without-root.ts';

const pace = createPace({ clock: systemClock, signal: new AbortController().signal });

function addProcess(procFolder: string, process: string, namespace: string): void {
  mkdirSync(join(procFolder, process, 'ns'), { recursive: true });
  symlinkSync(namespace, join(procFolder, process, 'ns/net'));
}

test('processes are grouped by their namespace, the own one first', async () => {
  using folder = createTemporaryFolder();
  addProcess(folder.path, '10', 'net:[2]');
  addProcess(folder.path, '9', 'net:[1]');
  addProcess(folder.path, '8', 'net:[2]');
  addProcess(folder.path, 'self', 'net:[1]');
  mkdirSync(join(folder.path, 'sys'));
  mkdirSync(join(folder.path, '7'));
  expect(await readNetworkNamespaces({ procFolder: folder.path, pace })).toEqual({
    namespaces: [
      { name: 'net:[1]', processes: ['self', '9'] },
      { name: 'net:[2]', processes: ['8', '10'] },
    ],
    hidden: 0,
  });
});

test('of a namespace with many processes a few are kept', async () => {
  using folder = createTemporaryFolder();
  for (let pid = 1; pid <= 100; pid++) addProcess(folder.path, String(pid), 'net:[1]');
  const { namespaces } = await readNetworkNamespaces({ procFolder: folder.path, pace });
  expect(namespaces.map(({ processes }) => processes.length)).toEqual([16]);
});

test('processes whose namespace is not told are counted', async () => {
  using folder = createTemporaryFolder();
  addProcess(folder.path, 'self', 'net:[1]');
  addProcess(folder.path, '5', 'net:[2]');
  addProcess(folder.path, '6', 'net:[2]');
  for (const pid of ['5', '6']) chmodSync(join(folder.path, pid, 'ns'), 0o000);
  chmodSync(folder.path, 0o755);
  const found = await withoutRoot(() => readNetworkNamespaces({ procFolder: folder.path, pace }));
  for (const pid of ['5', '6']) chmodSync(join(folder.path, pid, 'ns'), 0o755);
  expect(found).toEqual({ namespaces: [{ name: 'net:[1]', processes: ['self'] }], hidden: 2 });
});

test('the own namespace of this process is found in the real /proc', async () => {
  const { namespaces } = await readNetworkNamespaces({ procFolder: '/proc', pace });
  expect(namespaces[0]?.name).toBe(readlinkSync('/proc/self/ns/net'));
  expect(namespaces[0]?.processes).toContain('self');
});

test('a folder that is not there is an error', async () => {
  await expect(readNetworkNamespaces({ procFolder: '/nonexistent', pace })).rejects.toMatchObject({ code: 'ENOENT' });
});
