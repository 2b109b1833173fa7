import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MonitorError } from '../../../src/base/app-error.ts';
import { readIdentity } from '../../../src/linux/proc/process-identity.ts';
import { findDeletedProcesses } from '../../../src/monitor/find-deleted-processes.ts';
import { writeProcess } from '../../helpers/fake-process-host.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../helpers/without-root.ts';

test('processes whose pid is gone, went to another, or that only wait for their parent, are deleted', () => {
  using folder = createTemporaryFolder();
  writeProcess(folder.path, { pid: 10, startTicks: 100 });
  writeProcess(folder.path, { pid: 11, startTicks: 101 });
  writeProcess(folder.path, { pid: 12, startTicks: 102, state: 'Z' });
  writeProcess(folder.path, { pid: 13, startTicks: 103, state: 'Z', threads: [14] });
  const asked = new Map([
    [10, 100],
    [11, 99],
    [12, 102],
    [13, 103],
    [15, 105],
    [11_111_111, undefined],
    [-1, 5],
  ]);
  expect([...findDeletedProcesses(asked, { procFolder: folder.path })]).toEqual([11, 12, 15, 11_111_111, -1]);
  expect(findDeletedProcesses(new Map([[10, undefined]]), { procFolder: folder.path }).size).toBe(0);
});

test('a /proc that cannot be listed, has no processes or hides one is an error, not "none deleted"', async () => {
  using folder = createTemporaryFolder();
  const asked = new Map([[10, 100]]);
  const find = (procFolder: string) => () => findDeletedProcesses(asked, { procFolder });
  expect(find(join(folder.path, 'nothing'))).toThrow(MonitorError);
  expect(find(folder.path)).toThrow(/expected processes in .+, found none/);
  writeProcess(folder.path, { pid: 10, startTicks: 100 });
  expect(find(folder.path)().size).toBe(0);
  chmodSync(folder.path, 0o755);
  chmodSync(join(folder.path, '10/stat'), 0);
  await withoutRoot(async () => {
    expect(find(folder.path)).toThrow(expect.objectContaining({ code: 'PROC_UNREADABLE' }));
  });
});

test.skipIf(process.platform !== 'linux')(
  'of real processes the ended one is deleted, the running one is not',
  async () => {
    const child = spawn('sleep', ['60']);
    const { pid = 0, startTicks = 0 } = readIdentity(child.pid ?? 0) ?? {};
    const own = readIdentity(process.pid);
    const asked = new Map([
      [pid, startTicks],
      [process.pid, own?.startTicks],
    ]);
    expect(findDeletedProcesses(asked).size).toBe(0);
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGKILL');
    await ended;
    expect([...findDeletedProcesses(asked)]).toEqual([pid]);
  },
);
