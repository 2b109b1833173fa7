import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findMarked, formatMark } from '../../../../src/agent/persistent/sweep.ts';
import { readAlertMessage } from '../../../../src/protocol/alert.ts';
import { signalGroup } from '../../../../src/base/signal-group.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const helpers = join(import.meta.dirname, '../../../helpers');
const node = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;
let folder: ReturnType<typeof createTemporaryFolder>;
let agent: ChildProcess | undefined;

beforeEach(() => (folder = createTemporaryFolder()));
afterEach(async () => {
  await kill();
  const module = existsSync(pidPath()) ? Number(readFileSync(pidPath(), 'latin1')) : 0;
  if (module > 0) signalGroup(module, 'SIGKILL');
  await waitFor('the module to be gone', async () => (await findMarked(formatMark(folder.path, ''))).length === 0);
  folder[Symbol.dispose]();
});

const pidPath = (): string => join(folder.path, 'pid');

function start(perTick: number): void {
  const program = join(folder.path, 'program');
  const words = [...node, join(helpers, 'alerting-main.ts')].map((word) => `'${word}'`).join(' ');
  writeFileSync(program, `#!/bin/sh\necho $$ > '${pidPath()}'\nALERTS_PER_TICK=${perTick} exec ${words}\n`);
  chmodSync(program, 0o755);
  agent = spawn(node[0], [node[1], join(helpers, 'alerting-agent.ts'), folder.path, program], { stdio: 'ignore' });
}

async function kill(): Promise<void> {
  if (!agent || agent.exitCode !== null || agent.signalCode !== null) return;
  agent.kill('SIGKILL');
  await once(agent, 'exit');
}

/** How often each number that a module raised is among the agent's alerts. */
function readTold(): ReadonlyMap<number, number> {
  using database = new DatabaseSync(join(folder.path, 'state', 'alerts.db'), { readOnly: true, timeout: 10_000 });
  const told = new Map<number, number>();
  for (const { message } of database.prepare('SELECT message FROM alerts').all()) {
    const [, n] = /^number (\d+)$/.exec(readAlertMessage(String(message)).text) ?? [];
    if (n !== undefined) told.set(Number(n), (told.get(Number(n)) ?? 0) + 1);
  }
  return told;
}

function isSubset(wanted: readonly number[], told: ReadonlyMap<number, number>): boolean {
  return wanted.every((n) => told.has(n));
}

function readRecord(word: 'begin' | 'raised'): readonly number[] {
  const path = join(folder.path, 'state', 'modules', 'examplepersist', 'record');
  if (!existsSync(path)) return [];
  return [...readFileSync(path, 'latin1').matchAll(new RegExp(`${word} (\\d+)\n`, 'g'))].map(([, n]) => Number(n));
}

test.each([
  ['one after the other', 1, 15],
  ['thirty at once', 30, 8],
])(
  'alerts that a module raises %s are told once each, however often the agent is killed',
  { timeout: 300_000 },
  async (_, perTick, kills) => {
    for (let time = 1; time <= kills; time++) {
      const before = readRecord('raised').length;
      start(perTick);
      await waitFor('more alerts', () => readRecord('raised').length > before + 20 * time, 60_000);
      await kill();
    }
    const raised = readRecord('raised');
    start(0);
    await waitFor('all of them', () => isSubset(raised, readTold()), 60_000);
    await kill();
    const told = readTold();
    expect([...told].filter(([, times]) => times !== 1)).toEqual([]);
    expect(told.size).toBeGreaterThanOrEqual(raised.length);
  },
);
