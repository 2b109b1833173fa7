/** Restarts of the shipped agent, as a daemon with its persistent modules. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../src/protocol/control.ts';
import type { RestartOutcome } from '../../src/protocol/restart-outcome.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { listProcesses } from '../helpers/open-restart-agent.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

const long = 240_000;

/** A daemon that one persistent module is enough for, and that may be restarted often. */
async function openDaemon(): Promise<AsyncDisposable & { readonly daemon: TestDaemon; readonly config: string }> {
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

const statusOf = async (daemon: TestDaemon): Promise<AgentStatus> => {
  const [answer] = await daemon.call('{"type":"status"}\n');
  if (answer?.type !== 'status') throw new Error(`no status: ${JSON.stringify(answer)}`);
  return answer;
};
const restart = async (daemon: TestDaemon, ...words: readonly string[]) => {
  const { status, stdout } = await daemon.ask('restart', ...words, '--json');
  const lines = stdout.split('\n').filter((line) => line !== '');
  const answers = lines.map(
    (line) =>
      JSON.parse(line) as {
        type: string;
        state?: string;
        end?: { result: { elements: RestartOutcome; errors: string[] | null } };
      },
  );
  const last = answers.at(-1);
  return { status, types: answers.map(({ type }) => type), state: last?.state, ...last?.end?.result };
};
const agentsOf = ({ env }: TestDaemon): readonly number[] =>
  listProcesses()
    .filter(
      ({ words, pid }) =>
        words.at(-1)?.endsWith('bin/gumshoe-agent') && environOf(pid).includes(`GUMSHOE_RUN=${env['GUMSHOE_RUN']}`),
    )
    .map(({ pid }) => pid);
const environOf = (pid: number): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // ended meanwhile
  }
};
const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0;

describe.runIf(process.platform === 'linux')('a restart of the shipped agent', () => {
  test(
    'A1: fifty in a row, each with a new process, the same words, environment, folder and descriptors',
    { timeout: long },
    async () => {
      await using opened = await openDaemon();
      const { daemon } = opened;
      const facts = (pid: number) => ({
        words: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
        environment: environOf(pid).toSorted(),
        folder: listProcesses().find((one) => one.pid === pid)?.cwd,
      });
      const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
      const before = facts(daemon.process.pid ?? 0);
      const ends: Awaited<ReturnType<typeof restart>>[] = [];
      let firstDescriptors = 0;
      for (let time = 0; time < 50; time++) {
        const end = await restart(daemon);
        ends.push(end);
        if (time === 0) firstDescriptors = descriptors(end.elements?.newpid ?? 0);
        expect(agentsOf(daemon)).toEqual([end.elements?.newpid]);
      }
      expect(ends.map(({ status, state }) => [status, state])).toEqual(
        Array.from({ length: 50 }, () => [0, 'success']),
      );
      expect(new Set(ends.map(({ elements }) => elements?.newpid)).size).toBe(50);
      expect(ends.map(({ elements }) => elements?.oldpid)).toEqual([
        daemon.process.pid,
        ...ends.slice(0, -1).map(({ elements }) => elements?.newpid),
      ]);
      const last = ends.at(-1)?.elements?.newpid ?? 0;
      expect(facts(last)).toEqual(before);
      await waitFor('as many descriptors as after the first', () => descriptors(last) === firstDescriptors);
      const durations = ends.map(({ elements }) => elements?.durationms ?? 0);
      const lines = daemon
        .logged()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as { time: string; message: string });
      const timesOf = (what: string): readonly number[] =>
        lines.filter(({ message }) => message === what).map(({ time }) => Date.parse(time));
      const ready = timesOf('agent ready').slice(1);
      const downtimes = timesOf('agent stopping').map((at, index) => (ready[index] ?? 0) - at);
      console.log(`50 restarts: p95 of the duration ${p95(durations)} ms, of the downtime ${p95(downtimes)} ms`);
      expect(p95(downtimes)).toBeLessThan(3000);
    },
  );

  test(
    'says in progress first, then the outcome, and the module alone leaves the agent as it is',
    { timeout: long },
    async () => {
      await using opened = await openDaemon();
      const { daemon } = opened;
      const before = await statusOf(daemon);
      const end = await restart(daemon, 'examplepersist');
      expect(end).toMatchObject({
        status: 0,
        types: ['inProgress', 'outcome'],
        elements: { state: 'success', module: 'examplepersist', method: 'module' },
      });
      const after = await statusOf(daemon);
      expect(after.agent.pid).toBe(before.agent.pid);
      expect(after.agent.persistent?.find(({ name }) => name === 'examplepersist')?.pid).toBe(end.elements?.newpid);
      const whole = await restart(daemon);
      expect(whole.types).toEqual(['inProgress', 'outcome']);
      const refused = await restart(daemon, 'exampel');
      expect(refused).toMatchObject({ status: 1, state: 'failed' });
      expect(refused.elements?.reason).toContain('did you mean');
    },
  );

  test('a configuration that is broken since its start is told, and nothing stops', { timeout: long }, async () => {
    await using opened = await openDaemon();
    const { daemon, config } = opened;
    const before = await statusOf(daemon);
    const right = readFileSync(config, 'utf8');
    writeFileSync(config, `${right}tgas:\n  team: blue\n`);
    for (let time = 0; time < 5; time++) {
      const end = await restart(daemon);
      expect(end).toMatchObject({ status: 1, types: ['outcome'], state: 'failed' });
      expect(end.elements?.reason).toContain(`the agent would not start again: ${config}:6: tgas: unknown key`);
    }
    expect((await statusOf(daemon)).agent.pid).toBe(before.agent.pid);
    expect(agentsOf(daemon)).toEqual([before.agent.pid]);
    expect(daemon.logged()).not.toContain('agent stopping');
    writeFileSync(config, right);
    const end = await restart(daemon);
    expect(end).toMatchObject({ status: 0, state: 'success', elements: { oldpid: before.agent.pid } });
    expect(agentsOf(daemon)).toEqual([end.elements?.newpid]);
  });

  test(
    'A2: a module that ignores the stop is killed at the limit with the agent, and it is told once',
    { timeout: long },
    async () => {
      await using opened = await openDaemon();
      const { daemon } = opened;
      const module = await waitFor('the module', async () => {
        const { persistent } = (await statusOf(daemon)).agent;
        return persistent?.find(({ name, phase }) => name === 'examplepersist' && phase === 'healthy')?.pid;
      });
      process.kill(module, 'SIGSTOP');
      const end = await restart(daemon, '--timeout', '3s');
      expect(end).toMatchObject({ state: 'success', elements: { forced: true } });
      expect(end.elements?.durationms).toBeGreaterThanOrEqual(3000);
      expect(daemon.logged().match(/the agent did not end in time and was killed/g)).toHaveLength(1);
      expect(listProcesses().map(({ pid }) => pid)).not.toContain(module);
      expect(agentsOf(daemon)).toEqual([end.elements?.newpid]);
    },
  );

  test(
    'A17: a module that is restarted a hundred times leaves the agent as large as it was',
    { timeout: long },
    async () => {
      await using opened = await openDaemon();
      const { daemon } = opened;
      const { pid } = (await statusOf(daemon)).agent;
      const residentKiB = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
      const restartModule = async (id: string): Promise<unknown> => {
        const answers = await daemon.call(`{"type":"restart","id":"${id}","module":"examplepersist"}\n`);
        const last = answers.at(-1);
        return last?.type === 'outcome' ? last.state : last;
      };
      // A new agent's heap grows to its working size first.
      for (let time = 0; time < 200; time++) expect(await restartModule(`warm ${time}`)).toBe('success');
      const before = residentKiB();
      for (let time = 0; time < 100; time++) expect(await restartModule(`${time}`)).toBe('success');
      console.log(`100 restarts of a module: ${before} KiB before, ${residentKiB()} KiB after`);
      expect((await statusOf(daemon)).agent.pid).toBe(pid);
      expect(residentKiB() / before).toBeLessThan(1.05);
    },
  );

  test(
    'A14: the console that was cut off gets the rest of the reports from the next process, in order, once',
    { timeout: long },
    async () => {
      await using opened = await openDaemon();
      const { daemon } = opened;
      const first = daemon.link();
      const old = (await first.hello()).agent.pid;
      const operations = [
        { module: 'example', parameters: { gethostname: true } },
        { module: 'agentrestart', parameters: { timeout: 10 } },
      ];
      first.send({ type: 'action', ref: 'a14', action: { name: 'n', target: 'local', operations } });
      await first.says('in progress', () => first.reports('a14').some(({ kind }) => kind === 'inProgress'));
      await first.ended();
      const seen = first.frames.flatMap((frame) => (frame.type === 'report' ? [frame.n] : []));
      await waitFor(
        'the next agent',
        async () =>
          (await statusOf(daemon).catch(() => undefined))?.agent.pid !== old &&
          (await statusOf(daemon).catch(() => undefined)),
        30_000,
      );
      const second = daemon.link();
      const now = (await second.hello()).agent.pid;
      second.send({ type: 'resume', ref: 'a14', after: Math.max(...seen) });
      await second.says('the end', () => second.reports('a14').some(({ kind }) => kind === 'done'));
      const later = second.frames.flatMap((frame) => (frame.type === 'report' ? [frame.n] : []));
      expect([...seen, ...later]).toEqual([...seen, ...later].toSorted((a, b) => a - b));
      expect(new Set([...seen, ...later]).size).toBe(seen.length + later.length);
      const results = [...first.reports('a14'), ...second.reports('a14')].filter((report) => report.kind === 'result');
      expect(results.map(({ operation, status }) => [operation, status])).toEqual([
        [0, 'success'],
        [1, 'success'],
      ]);
      expect(results.find(({ operation }) => operation === 1)?.result.elements).toMatchObject({
        state: 'success',
        oldpid: old,
        newpid: now,
        requester: expect.stringContaining('alice'),
        source: 'console',
      });
      expect(second.reports('a14').at(-1)).toEqual({ kind: 'done', status: 'success' });
    },
  );
});
