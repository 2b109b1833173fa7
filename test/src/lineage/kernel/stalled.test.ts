/** A lineage that stands still under load, with the real kernel. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import type { GapNode } from '../../../../src/lineage/process-node.ts';
import { readProcessIds } from '../../../../src/linux/proc/read-processes.ts';
import { findConnectorSockets } from '../../../helpers/connector-sockets.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const canHear = process.platform === 'linux' && process.getuid?.() === 0;
if (!canHear) process.stderr.write('skipped: the process connector needs Linux and root\n');

/** On a host that others keep busy everything takes its time: only a failure takes as long. */
const longMs = 60_000;

interface Said {
  readonly gap?: GapNode;
  readonly living?: readonly number[];
  readonly isReady?: true;
}

test.runIf(canHear)(
  'a reader that is stopped under load tells exactly what the kernel dropped, repairs it from /proc, and knows again what lives',
  async () => {
    using folder = createTemporaryFolder();
    const { child, said, pid } = startLineage(folder.path);
    const loads: ChildProcess[] = [];
    try {
      await waitFor('the lineage', () => said.some(({ isReady }) => isReady), longMs);
      const before = socketOf(pid).drops;
      for (let n = 0; n < 2; n++) loads.push(spawn('sh', ['-c', 'while :; do (:); done'], { stdio: 'ignore' }));
      process.kill(pid, 'SIGSTOP');
      await waitFor('drops', () => socketOf(pid).drops > before + 2000, longMs);
      process.kill(pid, 'SIGCONT');
      const wentOnMs = performance.now();
      const gapsOf = (): readonly GapNode[] => said.flatMap(({ gap }) => (gap ? [gap] : []));
      const first = await waitFor('the gap', () => gapsOf().find(({ drops }) => (drops ?? 0) > 0), longMs);
      const heardMs = performance.now() - wentOnMs;
      expect(first.reason).toContain('the buffer of the process connector was full');
      await waitFor('its repair', () => gapsOf().some((gap) => isSame(gap, first) && gap.repairedMs), longMs);
      const repairedMs = performance.now() - wentOnMs;
      for (const load of loads) await end(load);
      console.log(
        `${first.drops} drops: told ${heardMs.toFixed(0)} ms after it went on, repaired after ${repairedMs.toFixed(0)} ms`,
      );

      // The load goes on behind the first gap, and may bring others: all in all nothing is missing, or told twice.
      await waitFor(
        'all drops to be told',
        () => {
          const told = gapsOf().filter(({ repairedMs: repaired }) => repaired === undefined);
          const repaired = gapsOf().filter(({ repairedMs: at }) => at !== undefined);
          const sum = told.reduce((drops, gap) => drops + (gap.drops ?? 0), 0);
          return sum === socketOf(pid).drops - before && told.every((gap) => repaired.some((one) => isSame(one, gap)));
        },
        longMs,
      );
      await waitFor('those that live to be those of /proc', async () => await livesAsInProc(child, said), longMs);
    } finally {
      for (const load of loads) load.kill('SIGKILL');
      process.kill(pid, 'SIGCONT');
      child.stdin?.end();
      if (child.exitCode === null) await once(child, 'close');
    }
  },
  5 * longMs,
);

function startLineage(folder: string): { readonly child: ChildProcess; readonly said: Said[]; readonly pid: number } {
  const program = join(import.meta.dirname, 'stalled-main.ts');
  const argv = ['--disable-warning=ExperimentalWarning', program, folder];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const said: Said[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line) as Said));
  return { child, said, pid: child.pid ?? 0 };
}

function socketOf(pid: number): { readonly drops: number } {
  const [socket] = findConnectorSockets(pid);
  if (!socket) throw new Error('the lineage has no socket of the connector');
  return socket;
}

function isSame(one: GapNode, other: GapNode): boolean {
  return one.from.atNs === other.from.atNs && one.drops === other.drops;
}

async function end(load: ChildProcess): Promise<void> {
  load.kill('SIGKILL');
  if (load.exitCode === null && load.signalCode === null) await once(load, 'close');
}

async function livesAsInProc(child: ChildProcess, said: Said[]): Promise<boolean> {
  const before = readProcessIds('/proc');
  const asked = said.length;
  child.stdin?.write('?\n');
  const living = await waitFor(
    'an answer',
    () => said.slice(asked).find((one) => one.living !== undefined)?.living,
    longMs,
  );
  const shown = new Set([...before, ...readProcessIds('/proc')]);
  const known = new Set(living);
  return before.every((pid) => known.has(pid)) && living.every((pid) => shown.has(pid));
}
