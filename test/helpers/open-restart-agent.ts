import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { hostClock } from '../../src/base/host-clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { askAgent, askRestart, type RestartAnswer } from '../../src/module/ask-agent.ts';
import type { AgentStatus } from '../../src/protocol/control.ts';
import type { RestartOutcome } from '../../src/protocol/restart-outcome.ts';
import type { RestartRecord } from '../../src/agent/restart/restart-record.ts';
import { openRestartRecords } from '../../src/agent/restart/restart-records.ts';
import type { Plan } from './restart-agent.ts';
import { waitFor } from './wait-for.ts';

const main = resolve(import.meta.dirname, 'restart-agent.ts');

export interface Verdict {
  readonly state: RestartAnswer['state'];
  readonly outcome: RestartOutcome | undefined;
  readonly errors: readonly string[];
}

/** The small agent of restart-agent.ts in a folder of its own. Disposed of, nothing of it is left. */
export interface RestartAgent extends AsyncDisposable {
  readonly folder: string;
  readonly socketPath: string;
  readonly plan: (plan: Plan) => void;
  /** Starts it, and waits until it answers. */
  readonly start: (options?: {
    readonly env?: NodeJS.ProcessEnv;
    readonly parent?: readonly string[];
  }) => Promise<ChildProcess>;
  readonly restart: (request?: {
    readonly id?: string;
    readonly module?: string;
    readonly timeoutMs?: number;
  }) => Promise<Verdict>;
  readonly outcome: (id: string) => Promise<Verdict>;
  readonly status: () => Promise<AgentStatus>;
  /** The processes that run as this agent, and as its helper; and all of its zombies. */
  readonly agents: () => readonly number[];
  readonly helpers: () => readonly number[];
  readonly records: () => readonly RestartRecord[];
  readonly logged: () => readonly Readonly<Record<string, unknown>>[];
}

export function openRestartAgent(first: Plan = {}): RestartAgent {
  const folder = mkdtempSync(join(tmpdir(), 'gumshoe-restart-'));
  const socketPath = join(folder, 'agent.sock');
  const children: ChildProcess[] = [];
  const write = (plan: Plan): void => writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  write(first);
  const find = (isHelper: boolean): readonly number[] =>
    listProcesses()
      .filter(({ words, cwd }) =>
        isHelper
          ? words.includes('--restart-helper') && cwd === folder
          : words.includes(main) && words.at(-1) === folder,
      )
      .map(({ pid }) => pid);
  const status = async (): Promise<AgentStatus> => {
    let answer: AgentStatus | undefined;
    await askAgent(socketPath, { type: 'status' }, (one) => {
      if (one.type === 'status') answer = one;
      return true;
    });
    if (!answer) throw new Error('the agent gave no status');
    return answer;
  };
  const read = ({ state, end }: RestartAnswer): Verdict => ({
    state,
    outcome: (end?.result.elements ?? undefined) as RestartOutcome | undefined,
    errors: end?.result.errors ?? [],
  });
  return {
    folder,
    socketPath,
    plan: write,
    start: async ({ env, parent = [] } = {}) => {
      const before = find(false);
      const words = [...parent, process.execPath, '--disable-warning=ExperimentalWarning', main, folder];
      const child = spawn(words[0] ?? '', words.slice(1), {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, ...env },
      });
      children.push(child);
      await waitFor('an agent that answers', async () => {
        try {
          return !before.includes((await status()).agent.pid);
        } catch {
          return false; // it does not listen yet
        }
      });
      return child;
    },
    restart: async ({ id = randomUUID(), module, timeoutMs = 30_000 } = {}) =>
      read(
        await askRestart({
          socketPath,
          request: { type: 'restart', id, timeoutMs, requester: 'alice', ...(module === undefined ? {} : { module }) },
          clock: hostClock,
          onInProgress: () => {},
        }),
      ),
    outcome: async (id) => {
      let answer: RestartAnswer | undefined;
      await askAgent(socketPath, { type: 'outcome', id }, (one) => {
        if (one.type === 'outcome') answer = one;
        return true;
      });
      return read(answer ?? { type: 'outcome', state: 'unknown' });
    },
    status,
    agents: () => findAtOnce(() => find(false)),
    helpers: () => find(true),
    records: () => {
      const records = openRestartRecords({ path: join(folder, 'restarts.db'), clock: hostClock, log: silentLog });
      const all = [...records.unfinished(), ...records.since(0)];
      records.close();
      return [...new Map(all.map((record) => [record.id, record])).values()];
    },
    logged: () =>
      existsSync(join(folder, 'log'))
        ? readFileSync(join(folder, 'log'), 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
        : [],
    [Symbol.asyncDispose]: async () => {
      await waitFor('the end of all processes', () => {
        const left = [
          ...find(true),
          ...find(false),
          ...listProcesses()
            .filter(({ cwd }) => cwd === folder)
            .map(({ pid }) => pid),
        ];
        for (const pid of left) kill(pid);
        return left.length === 0;
      });
      for (const child of children) kill(child.pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Never two agents, no helper left, no restart without a verdict. */
export async function expectRest(agent: RestartAgent, agents = 1): Promise<void> {
  await waitFor('the helper to end', () => agent.helpers().length === 0, 15_000);
  expect(agent.agents()).toHaveLength(agents);
  expect(agent.records().filter(({ state }) => !['success', 'degraded', 'failed'].includes(state))).toEqual([]);
}

export interface ProcessFacts {
  readonly pid: number;
  readonly words: readonly string[];
  readonly cwd: string | undefined;
}

/** What runs here, zombies left out. */
export function listProcesses(): readonly ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1);
        return words.length === 0 ? [] : [{ pid: Number(name), words, cwd: readlinkSync(`/proc/${name}/cwd`) }];
      } catch {
        return []; // ended meanwhile
      }
    });
}

/**
 * Those of a search that run at the same time. The child of one of them still looks like it between fork and exec and is none: it is gone, or
 * something else, at a second look, and its parent is one of them where it is not.
 */
export function findAtOnce(find: () => readonly number[]): readonly number[] {
  const found = find();
  if (found.length < 2) return found;
  const parents = new Map(found.map((pid) => [pid, parentOf(pid)]));
  const still = find();
  return found.filter((pid) => still.includes(pid) && !found.includes(parents.get(pid) ?? 0));
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0; // ended meanwhile
  }
}

/** What has ended now, and whose parent is one of these or process 1, is waited for by its parent. Those of other tests come and go meanwhile. */
export async function expectNoZombie(parents: readonly (number | undefined)[]): Promise<void> {
  const found = listZombies(parents);
  const isLeft = (pid: number): boolean => found.includes(pid);
  await waitFor('somebody to wait for what has ended', () => !listZombies(parents).some(isLeft));
}

function listZombies(parents: readonly (number | undefined)[]): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [state, parent] = readFileSync(`/proc/${name}/stat`, 'latin1')
          .replace(/^.*\) /s, '')
          .split(' ');
        return state === 'Z' && [1, ...parents].includes(Number(parent));
      } catch {
        return false; // gone meanwhile
      }
    })
    .map(Number);
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
