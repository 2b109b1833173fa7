/** The module with the kernel's process connector, in a process of its own as an agent starts it. Where the kernel refuses that, what is tested is that the module says so. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Elements } from '../../../modules/process/elements.ts';
import { printEvent } from '../../../modules/process/print-event.ts';
import { loadModule } from '../../../modules/load.ts';
import { messageOf } from '../../../src/base/app-error.ts';
import { asObject } from '../../../src/base/as-object.ts';
import { runModule } from '../../../src/module/run-module.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';
import { readConnectorDrops } from '../../helpers/connector-drops.ts';
import { startPersistentModule, type PersistentProcess } from '../../helpers/persistent-module.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { expectAboutASecondSince, stopForTwoSeconds } from '../../helpers/stop-process.ts';
import { waitLong } from '../../helpers/wait-for.ts';

vi.setConfig({ testTimeout: 300_000 });

const flood = join(import.meta.dirname, '../../helpers/flood-main.ts');

/** Undefined where the kernel refuses it: a container, or a kernel that tells root alone. Then it has said so. */
async function start(config: unknown = {}): Promise<PersistentProcess | undefined> {
  try {
    const module = await startPersistentModule({ name: 'process', config });
    onTestFinished(() => void module.stop());
    return module;
  } catch (error) {
    expect(messageOf(error)).toMatch(/the kernel refuses it: .{20}/);
    return undefined;
  }
}

async function ask(module: PersistentProcess, parameters: unknown): Promise<ModuleResult<Elements>> {
  const definition = await loadModule('process');
  if (!definition) throw new Error('there is no module process');
  return (await runModule(
    definition,
    parameters,
    createRunContext(undefined, module.socket),
  )) as ModuleResult<Elements>;
}

/** What it told who watches, oldest first. */
function watched(module: PersistentProcess): readonly Readonly<Record<string, unknown>>[] {
  return module.messages
    .filter((message) => message.class === 'event')
    .map(({ parameters }) => asObject(JSON.parse(String(asObject(parameters)?.['text']))) ?? {});
}

test('who watches is told what a shell runs, with arguments, codes and signals; a query tells the same, and only that', async () => {
  const module = await start({ names: ['sleep', 'sh'], watchPerSecond: 1000 });
  if (!module) return;
  const own = `0.3${process.pid}`;
  const script = `sleep ${own} & /bin/true; sh -c 'sleep ${own}; exit 7'; sh -c 'sleep ${own}; kill -SEGV $$'; wait; exit 3`;
  const shell = spawn('/bin/sh', ['-c', script], { stdio: 'ignore' });
  await once(shell, 'exit');
  const of = (event: string) =>
    watched(module).filter((one) => one['event'] === event && (one['pid'] === shell.pid || one['ppid'] === shell.pid));
  await waitLong('the end of the shell', () => of('exit').some(({ pid }) => pid === shell.pid));
  expect(of('exit').map(({ name, code, signal }) => [name, code, signal])).toEqual(
    expect.arrayContaining([
      ['sleep', 0, undefined],
      ['sh', 7, undefined],
      ['sh', undefined, 'SEGV'],
      ['sh', 3, undefined],
    ]),
  );
  const sleep = of('exec').find(({ name }) => name === 'sleep');
  expect(sleep).toMatchObject({ ppid: shell.pid, args: ['sleep', own] });
  expect(printEvent(sleep)?.text).toBe(`exec ${String(sleep?.['pid'])} of ${shell.pid}: sleep ${own}`);
  expect(Date.parse(String(sleep?.['at']))).toBeGreaterThan(Date.now() - 30_000);

  const { elements, errors } = await ask(module, { pids: [String(shell.pid)], kinds: ['exec', 'exit'] });
  expect(errors).toBeNull();
  // What is of another name is kept nowhere; forks are, and nobody asked for them.
  expect(elements?.events.map(({ name }) => name)).not.toContain('true');
  const toText = ({ event, pid, at }: Readonly<Record<string, unknown>>) =>
    `${String(at)} ${String(event)} ${String(pid)}`;
  expect(elements?.events.map((event) => toText({ ...event }))).toEqual(
    [...watched(module)]
      .filter((one) => (one['pid'] === shell.pid || one['ppid'] === shell.pid) && one['event'] !== 'fork')
      .map(toText),
  );
  const { elements: about } = await ask(module, { health: true, rates: true });
  expect(about?.health).toMatchObject({ healthy: true, gaps: 0, drops: 0, callbacksdropped: 0, leftout: 0 });
  expect(about?.rates?.map(({ event }) => event)).toEqual(['fork', 'exec', 'exit']);
  expect(await module.stop()).toBe(0);
});

test('stopped for 2 s under load it tells a gap with the exact number of drops, and repairs it from /proc within a second', async () => {
  const module = await start({ names: ['sleep'], watchPerSecond: 10 });
  if (!module) return;
  const own = `60.${process.pid}`;
  const sleep = () => {
    const child = spawn('sleep', [own], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const early = sleep();
  const told = (event: string, pid: number | undefined) =>
    watched(module).filter((one) => one['event'] === event && one['pid'] === pid);
  await waitLong('an exec', () => told('exec', early.pid).length === 1);

  const { result: late, continuedMs } = await stopForTwoSeconds(module.pid, async () => {
    // The socket holds 40,300.
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', flood, '60000']);
    const ended = once(early, 'exit');
    early.kill('SIGKILL');
    await ended;
    return sleep();
  });
  const isRepaired = () => watched(module).some(({ event }) => event === 'repaired');
  await waitLong('the repair', isRepaired);
  expectAboutASecondSince(continuedMs);

  const gaps = () => watched(module).filter(({ event }) => event === 'gap');
  const sum = () => gaps().reduce((drops, gap) => drops + Number(gap['drops']), 0);
  await waitLong('all drops to be told', () => sum() === readConnectorDrops(module.pid));
  expect(sum()).toBeGreaterThan(15_000);
  expect(printEvent(gaps()[0])).toMatchObject({
    tone: 'error',
    text: expect.stringMatching(/^GAP: \d+ events missed \(overrun\) from \S+Z to \S+Z, not repaired yet$/),
  });
  await waitLong('what /proc shows', () => told('exit', early.pid).length > 0 && told('exec', late.pid).length > 0);
  expect(told('exit', early.pid)).toMatchObject([{ reconciled: true }]);
  expect(told('exec', late.pid)).toMatchObject([{ reconciled: true, args: ['sleep', own] }]);

  const { elements } = await ask(module, { kinds: ['gap'], health: true });
  expect(elements?.events.length).toBe(gaps().length);
  for (const gap of elements?.events ?? []) expect(gap.repairedat).toMatch(/Z$/);
  expect(elements?.health).toMatchObject({ healthy: true, gaps: gaps().length, drops: sum() });
});
