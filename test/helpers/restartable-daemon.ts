import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentStatus } from '../../src/protocol/control.ts';
import { startDaemon, type TestDaemon } from './daemon.ts';
import { findAtOnce, listProcesses } from './open-restart-agent.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import { waitFor } from './wait-for.ts';

/** A daemon that one persistent module is enough for, and that may be restarted often; its configuration file. */
export async function openRestartableDaemon(): Promise<
  AsyncDisposable & { readonly daemon: TestDaemon; readonly config: string }
> {
  const folder = createTemporaryFolder();
  const config = join(folder.path, 'agent.yaml');
  writeFileSync(config, 'restart:\n  max: 1000\npersistent:\n  fswatch:\n    enabled: false\n', { mode: 0o600 });
  const daemon = await startDaemon({ config });
  return {
    daemon,
    config,
    [Symbol.asyncDispose]: async () => {
      await daemon.ask('shutdown');
      await daemon[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

export async function statusOf(daemon: TestDaemon): Promise<AgentStatus> {
  const [answer] = await daemon.call('{"type":"status"}\n');
  if (answer?.type !== 'status') throw new Error(`no status: ${JSON.stringify(answer)}`);
  return answer;
}

/** The process of its module examplepersist, once that is healthy. */
export function waitForModule(daemon: TestDaemon): Promise<number> {
  return waitFor('the module', async () => {
    const { persistent } = (await statusOf(daemon)).agent;
    return persistent?.find(({ name, phase }) => name === 'examplepersist' && phase === 'healthy')?.pid;
  });
}

/** The processes that run as this agent. */
export function agentsOf(daemon: TestDaemon): readonly number[] {
  return findAtOnce(() => findBy(daemon, 'bin/gumshoe-agent'));
}

/** Those that restart it. */
export function helpersOf(daemon: TestDaemon): readonly number[] {
  return findBy(daemon, '--restart-helper');
}

function findBy({ env }: TestDaemon, lastWord: string): readonly number[] {
  const mark = `GUMSHOE_RUN=${env['GUMSHOE_RUN']}`;
  return listProcesses()
    .filter(({ words, pid }) => words.at(-1)?.endsWith(lastWord) && environOf(pid).includes(mark))
    .map(({ pid }) => pid);
}

export function environOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // ended meanwhile
  }
}

/** The lines of its log as records, with their times in milliseconds. */
export function readLog(daemon: TestDaemon): readonly { readonly atMs: number; readonly message: string }[] {
  return daemon
    .logged()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { readonly time: string; readonly message: string })
    .map(({ time, message }) => ({ atMs: Date.parse(time), message }));
}
