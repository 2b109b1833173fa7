/** The module stopped under load, with the kernel's process connector: what it missed is in plain sight, and right again a moment later. Where the kernel refuses it, that is what is tested. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Elements } from '../../../modules/lineage/elements.ts';
import { printResults } from '../../../modules/lineage/print-results.ts';
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

async function ask(module: PersistentProcess, parameters: unknown): Promise<ModuleResult<Elements>> {
  const lineage = await loadModule('lineage');
  if (!lineage) throw new Error('there is no module lineage');
  return (await runModule(lineage, parameters, createRunContext(undefined, module.socket))) as ModuleResult<Elements>;
}

/** Gaps as who watches is told them. */
function watchedGaps(module: PersistentProcess): readonly Readonly<Record<string, unknown>>[] {
  return module.messages
    .filter((message) => message.class === 'event')
    .map(({ parameters }) => asObject(JSON.parse(String(asObject(parameters)?.['text']))) ?? {})
    .filter(({ event, source }) => event === 'gap' && source === 'connector');
}

test('stopped for 2 s under load it tells a gap with the exact number of drops, in watch and in the tree, and is right again within a second', async () => {
  let module: PersistentProcess;
  try {
    module = await startPersistentModule({ name: 'lineage' });
  } catch (error) {
    expect(messageOf(error)).toMatch(/the kernel refuses it: .{20}/);
    return;
  }
  onTestFinished(() => void module.stop());
  const sleep = () => {
    const child = spawn('sleep', [`60.${process.pid}`], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const [early, through] = [sleep(), sleep()];
  const find = async (pid: number | undefined) =>
    (await ask(module, { pids: [String(pid)] })).elements?.processes.find((one) => one.pid === pid);
  await waitLong('both', async () => (await find(early.pid)) && (await find(through.pid)));

  const { result: late, continuedMs } = await stopForTwoSeconds(module.pid, async () => {
    // The socket holds 40,300 events: a process that changes its user again and again makes more, and they are of no other one.
    const changes = 'import os\nfor i in range(60000): os.seteuid(65534 if i%2==0 else 0)';
    spawnSync('python3', ['-S', '-c', changes]);
    const ended = once(early, 'exit');
    early.kill('SIGKILL');
    await ended;
    return sleep();
  });
  await waitLong('the repair', () => watchedGaps(module).some(({ repairedAt }) => typeof repairedAt === 'string'));
  expectAboutASecondSince(continuedMs);

  const sum = async () => {
    const { elements } = await ask(module, { gaps: true });
    const gaps = (elements?.gaps ?? []).filter(({ source }) => source === 'connector');
    return gaps.reduce((drops, gap) => drops + (gap.drops ?? 0), 0);
  };
  const drops = await waitLong('all drops to be told', async () => {
    const told = await sum();
    return told === readConnectorDrops(module.pid) && told;
  });
  expect(drops).toBeGreaterThan(15_000);

  expect(await waitLong('its end', async () => (await find(early.pid))?.end)).toMatchObject({
    reason: 'reconciled',
    how: 'gap',
  });
  expect(await waitLong('it', () => find(late.pid))).toMatchObject({ end: null });
  // It was seen again behind the gap, and lives; the gap stands in its tree all the same.
  const tree = (await ask(module, { pids: [String(through.pid)] })) as Parameters<typeof printResults>[0];
  const lines = printResults(tree, { matchOnly: true }).map(({ text }) => text);
  expect(lines.filter((line) => /gap of connector: [\d,]+ events/.test(line)).length).toBeGreaterThan(0);
});
