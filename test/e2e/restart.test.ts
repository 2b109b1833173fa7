/** Restarts of the shipped agent, as a daemon with its persistent modules. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostClock } from '../../src/base/host-clock.ts';
import type { RestartOutcome } from '../../src/protocol/restart-outcome.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { listProcesses } from '../helpers/open-restart-agent.ts';
import {
  agentsOf,
  environOf,
  helpersOf,
  openRestartableDaemon,
  readLog,
  statusOf,
  waitForModule,
} from '../helpers/restartable-daemon.ts';
import { runProgram } from '../helpers/run-program.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

const long = 240_000;

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
const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0;

describe.runIf(process.platform === 'linux')('a restart of the shipped agent', () => {
  test(
    'A1: fifty in a row, each with a new process, the same words, environment, folder and descriptors',
    { timeout: long },
    async () => {
      await using opened = await openRestartableDaemon();
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
      const log = readLog(daemon);
      const timesOf = (what: string): readonly number[] =>
        log.filter(({ message }) => message === what).map(({ atMs }) => atMs);
      const ready = timesOf('agent ready').slice(1);
      const downtimes = timesOf('agent stopping').map((at, index) => (ready[index] ?? 0) - at);
      expect(p95(downtimes)).toBeLessThan(3000);
    },
  );

  test(
    'says in progress first, then the outcome, and the module alone leaves the agent as it is',
    { timeout: long },
    async () => {
      await using opened = await openRestartableDaemon();
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
    await using opened = await openRestartableDaemon();
    const { daemon, config } = opened;
    const before = await statusOf(daemon);
    const right = readFileSync(config, 'utf8');
    writeFileSync(config, `${right}tgas:\n  team: blue\n`);
    for (let time = 0; time < 5; time++) {
      const [answer] = await daemon.call(`{"type":"restart","id":"broken ${time}"}\n`);
      const [error] = answer?.type === 'outcome' ? (answer.end?.result.errors ?? []) : [];
      expect(error).toContain(
        `failed: the agent would not start again: ${config}:6: tgas: the key "tgas" is not known: did you mean tags?`,
      );
    }
    expect((await statusOf(daemon)).agent.pid).toBe(before.agent.pid);
    expect(agentsOf(daemon)).toEqual([before.agent.pid]);
    expect(daemon.logged()).not.toContain('agent stopping');
    expect((await daemon.ask('restart')).stderr).toContain(
      `${config}:6: tgas: the key "tgas" is not known: did you mean tags?`,
    );
    writeFileSync(config, right);
    const end = await restart(daemon);
    expect(end).toMatchObject({ status: 0, state: 'success', elements: { oldpid: before.agent.pid } });
    expect(agentsOf(daemon)).toEqual([end.elements?.newpid]);
  });

  test('a restart that nobody waits for any more is not done', { timeout: long }, async () => {
    await using opened = await openRestartableDaemon();
    const { daemon } = opened;
    const before = await statusOf(daemon);
    const waitsUntilMs = hostClock.monotonicMs() - 1;
    const refused = async (request: object) => {
      const [answer] = await daemon.call(`${JSON.stringify({ ...request, waitsUntilMs })}\n`);
      return answer?.type === 'problem' ? answer.error.message : answer;
    };
    expect(await refused({ type: 'restart', id: 'late' })).toContain('no longer waits');
    expect(await refused({ type: 'shutdown' })).toContain('no longer waits');
    expect((await statusOf(daemon)).agent.pid).toBe(before.agent.pid);
    expect(daemon.logged()).not.toContain('agent stopping');
  });

  test(
    'an agent that does not answer is said to be silent, and does not restart when it goes on',
    { timeout: long },
    async () => {
      await using opened = await openRestartableDaemon();
      const { daemon } = opened;
      const { pid = 0 } = daemon.process;
      process.kill(pid, 'SIGSTOP');
      const asked = await daemon.ask('restart');
      process.kill(pid, 'SIGCONT');
      expect(asked).toMatchObject({ status: 1 });
      expect(asked.stderr).toContain('did not answer within 10 s');
      expect((await statusOf(daemon)).agent.pid).toBe(pid);
      expect(daemon.logged()).not.toContain('restart: accepted');
    },
  );

  test.each([
    // Which state it dies in is a matter of milliseconds, except in stopping: the verdict may be either, what is left of it may not.
    ['restart: accepted', 1, /^(failed|success)$/],
    ['restart: method', 1, /^(failed|success)$/],
    ['agent stopping', 1, 'success'],
    ['agent starting', 2, /^(failed|success)$/],
    ['agent ready', 2, /^(failed|success)$/],
  ] as const)(
    'A3: kill -9 of the agent at "%s" number %i: one agent, no helper, a verdict: %s',
    { timeout: long },
    async (message, count, verdict) => {
      await using opened = await openRestartableDaemon();
      const { daemon } = opened;
      // It holds up the end of the agent, so that there is one to kill.
      process.kill(await waitForModule(daemon), 'SIGSTOP');
      const told = (): number => readLog(daemon).filter((line) => line.message === message).length;
      const asked = daemon.call('{"type":"restart","id":"a3","timeoutMs":2000}\n').catch(() => []);
      await waitFor(message, () => told() >= count, 30_000);
      for (const pid of agentsOf(daemon)) process.kill(pid, 'SIGKILL');
      await asked;
      await waitFor('the end of the helper', () => helpersOf(daemon).length === 0, 30_000);
      if (agentsOf(daemon).length === 0) await daemon.start();
      const state = await waitFor('the verdict', async () => {
        const [answer] = await daemon.call('{"type":"outcome","id":"a3"}\n').catch(() => []);
        return answer?.type === 'outcome' && answer.state !== 'inProgress' && answer.state;
      });
      expect(state).toMatch(verdict);
      const status = await statusOf(daemon);
      expect(agentsOf(daemon)).toEqual([status.agent.pid]);
      expect(status.isRestarting).toBe(false);
    },
  );

  test('A21: asked for its status all the time while it restarts: never two agents', { timeout: long }, async () => {
    await using opened = await openRestartableDaemon();
    const { daemon } = opened;
    const { ino } = statSync(join(daemon.env['GUMSHOE_RUN'] ?? '', 'agent.lock'));
    const progress = { isOver: false, asked: 0, most: 0 };
    const restarts = (async () => {
      for (let time = 0; time < 3; time++) expect((await restart(daemon)).state).toBe('success');
      progress.isOver = true;
    })();
    while (!progress.isOver) {
      await statusOf(daemon).catch(() => undefined);
      if (progress.asked++ % 5 === 0) progress.most = Math.max(progress.most, agentsOf(daemon).length);
    }
    await restarts;
    expect(progress.most).toBe(1);
    expect(statSync(join(daemon.env['GUMSHOE_RUN'] ?? '', 'agent.lock')).ino).toBe(ino);
    expect(agentsOf(daemon)).toEqual([(await statusOf(daemon)).agent.pid]);
  });

  test.each([
    ['the file of the environment', (config: string) => ({ words: [], env: { GUMSHOE_AGENT_CONFIG: config } })],
    ['-c FILE', (config: string) => ({ words: ['-c', config], env: {} })],
  ])('-m agentrestart finds the agent of %s, whose run folder stands there', { timeout: long }, async (_, how) => {
    using folder = createTemporaryFolder();
    const config = join(folder.path, 'agent.yaml');
    const run = join(folder.path, 'elsewhere');
    writeFileSync(config, `run: ${run}\npersistent:\n  fswatch:\n    enabled: false\n`, { mode: 0o600 });
    await using daemon = await startDaemon({ config });
    const { words, env } = how(config);
    const input = '{"class":"parameters","parameters":{"module":"examplepersist"}}\n';
    const { stdout } = await runProgram('gumshoe-agent', [...words, '-m', 'agentrestart'], { env, input });
    expect(JSON.parse(stdout)).toMatchObject({
      success: true,
      elements: { state: 'success', module: 'examplepersist', source: 'control' },
    });
    expect(daemon.logged()).toContain('restart: done');
  });

  test(
    'A17: a module that is restarted a hundred times leaves the agent as large as it was',
    { timeout: 2 * long },
    async () => {
      await using opened = await openRestartableDaemon();
      const { daemon } = opened;
      const { pid } = (await statusOf(daemon)).agent;
      const residentKiB = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
      const restartModule = async (id: string): Promise<unknown> => {
        const answers = await daemon.call(`{"type":"restart","id":"${id}","module":"examplepersist"}\n`);
        const last = answers.at(-1);
        return last?.type === 'outcome' ? last.state : last;
      };
      // Garbage is given back once the agent is at rest: then its size stays as it is for a while.
      const sizeAtRest = async (): Promise<number> => {
        let last = { size: residentKiB(), atMs: performance.now() };
        return waitFor('rest', () => {
          const size = residentKiB();
          if (Math.abs(size - last.size) > 256) last = { size, atMs: performance.now() };
          return performance.now() - last.atMs > 2500 && size;
        });
      };
      // A new agent loads and compiles what it needs first: once, so a hundred in which it does is followed by one in which it does not.
      for (let time = 0; time < 50; time++) expect(await restartModule(`warm ${time}`)).toBe('success');
      const sizes = [await sizeAtRest()];
      const growth = (): number => (sizes.at(-1) ?? 0) / (sizes.at(-2) ?? 1);
      do {
        for (let time = 0; time < 100; time++) expect(await restartModule(`${sizes.length} ${time}`)).toBe('success');
        sizes.push(await sizeAtRest());
      } while (growth() >= 1.05 && sizes.length < 4);
      expect((await statusOf(daemon)).agent.pid).toBe(pid);
      expect(growth(), `KiB before and after each hundred: ${sizes.join(', ')}`).toBeLessThan(1.05);
    },
  );

  test(
    'A14: the console that was cut off gets the rest of the reports from the next process, in order, once',
    { timeout: long },
    async () => {
      await using opened = await openRestartableDaemon();
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
      expect(agentsOf(daemon)).toEqual([now]);
    },
  );
});
