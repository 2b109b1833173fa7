/** The module with the kernel's process connector, in a process of its own as an agent starts it. Where the kernel refuses that, what is tested is that the module says so. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import type { Elements, ProcessElement } from '../../../modules/lineage/elements.ts';
import { printResults } from '../../../modules/lineage/print-results.ts';
import { loadModule } from '../../../modules/load.ts';
import { messageOf } from '../../../src/base/app-error.ts';
import { runModule } from '../../../src/module/run-module.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';
import { startPersistentModule, type PersistentProcess } from '../../helpers/persistent-module.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitLong } from '../../helpers/wait-for.ts';

vi.setConfig({ testTimeout: 300_000 });

let daemonPid = 0;
afterEach(() => {
  if (daemonPid > 0) process.kill(daemonPid, 'SIGKILL');
  daemonPid = 0;
});

async function ask(module: PersistentProcess, parameters: unknown): Promise<ModuleResult<Elements>> {
  const lineage = await loadModule('lineage');
  if (!lineage) throw new Error('there is no module lineage');
  return (await runModule(lineage, parameters, createRunContext(undefined, module.socket))) as ModuleResult<Elements>;
}

test('a shell that leaves a daemon behind, fails and crashes is told so, the same after a restart of the module', async () => {
  using state = createTemporaryFolder();
  let first: PersistentProcess;
  try {
    first = await startPersistentModule({ name: 'lineage', stateFolder: state.path });
  } catch (error) {
    // A container, or a kernel that tells root alone: then that is what the module says.
    expect(messageOf(error)).toMatch(/the kernel refuses it: .{20}/);
    return;
  }
  // Long enough for /proc: without audit the shortest processes have no arguments.
  const script = `(setsid sleep 1234 & echo $!; sleep 0.3); sh -c 'sleep 0.3; kill -SEGV $$'; sh -c 'sleep 0.3; exit 7'; exit 3`;
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  shell.stdout.on('data', (text: Buffer) => (daemonPid = Number(text.toString())));
  await once(shell, 'exit');
  const find = async (module: PersistentProcess): Promise<readonly ProcessElement[]> => {
    const { elements } = await ask(module, { pids: [String(shell.pid)], descendants: true });
    return elements?.processes ?? [];
  };
  const before = await waitLong('the end of the shell to be told', async () => {
    const found = await find(first);
    return found[0]?.end ? found : undefined;
  });
  await first.stop();

  const shown = before.map(({ pid, end }) => [pid === daemonPid, end && [end.code, end.signal]]);
  expect(shown).toContainEqual([false, [3, null]]);
  expect(shown).toContainEqual([false, [7, null]]);
  expect(shown).toContainEqual([false, [null, 'SEGV']]);
  const daemon = before.find(({ pid }) => pid === daemonPid);
  expect(daemon).toMatchObject({ end: null, birthParent: { how: 'observed' } });
  expect(daemon?.birthParent?.pid).not.toBe(daemon?.parent?.pid);
  expect(daemon?.arguments?.values.join(' ')).toBe('sleep 1234');

  const second = await startPersistentModule({ name: 'lineage', stateFolder: state.path });
  const placeOf = ({ id, pid, depth, below, end }: ProcessElement) => ({ id, pid, depth, below, code: end?.code });
  expect((await find(second)).map(placeOf)).toEqual(before.map(placeOf));
  // Between the two nobody listened, which is in plain sight where the daemon lived through it.
  const asked = await ask(second, { pids: [String(daemonPid)] });
  const lines = printResults(asked as never, { matchOnly: true }).map(({ text }) => text);
  expect(lines.some((line) => /gap of connector: .*did not run/.test(line))).toBe(true);
  await second.stop();
});
