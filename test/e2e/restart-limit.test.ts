/** Restarts of the shipped agent that last as long as they may: 30 s for the end of it, 20 s for a console that does not come back. Side by side. */
import { describe, expect, test } from 'vitest';
import { listProcesses } from '../helpers/open-restart-agent.ts';
import { agentsOf, openRestartableDaemon, readLog, statusOf, waitForModule } from '../helpers/restartable-daemon.ts';
import { runProgram } from '../helpers/run-program.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

const long = 120_000;

describe.runIf(process.platform === 'linux').concurrent('a restart of the shipped agent', () => {
  test(
    'A2: a module that ignores the stop: KILL at 30 s, told once, started again, and the console has the success',
    { timeout: long },
    async () => {
      await using opened = await openRestartableDaemon();
      using home = createTemporaryFolder();
      const { daemon } = opened;
      const module = await waitForModule(daemon);
      process.kill(module, 'SIGSTOP');
      const env = { ...daemon.env, GUMSHOE_HOME: home.path };
      const ran = await runProgram('gumshoe', ['agentrestart', '-timeout', '30', '--format', 'jsonl'], { env });
      expect(ran.status, ran.stderr).toBe(0);
      const row = JSON.parse(ran.stdout) as { readonly durationms: number; readonly newpid: number };
      expect(row).toMatchObject({
        state: 'success',
        oldpid: daemon.process.pid,
        forced: true,
        method: 'helper',
        source: 'console',
      });
      expect(row.durationms).toBeLessThan(40_000);
      const log = readLog(daemon);
      const timesOf = (what: string): readonly number[] =>
        log.filter(({ message }) => message === what).map(({ atMs }) => atMs);
      const kills = timesOf('restart: the agent did not end in time and was killed');
      expect(kills).toHaveLength(1);
      const [kill = 0] = kills;
      // Accepted before TERM was sent, stopping after it has come.
      expect(kill - (timesOf('restart: accepted')[0] ?? 0)).toBeGreaterThanOrEqual(30_000);
      expect(kill - (timesOf('agent stopping')[0] ?? 0)).toBeLessThanOrEqual(31_500);
      expect(timesOf('agent ready')).toHaveLength(2);
      expect(agentsOf(daemon)).toEqual([row.newpid]);
      expect(listProcesses().map(({ pid }) => pid)).not.toContain(module);
    },
  );

  test(
    'A14: a console that stays away for longer than 20 s: degraded, and it gets both reports later, in order, once',
    { timeout: long },
    async () => {
      await using opened = await openRestartableDaemon();
      const { daemon } = opened;
      const first = daemon.link();
      const old = (await first.hello()).agent.pid;
      const operations = [{ module: 'agentrestart', parameters: { timeout: 10 } }];
      first.send({ type: 'action', ref: 'away', action: { name: 'n', target: 'local', operations } });
      await waitFor('the restart', () => readLog(daemon).some(({ message }) => message === 'restart: accepted'));
      first.process.kill('SIGKILL');
      await first.ended();
      const stateOf = async (): Promise<string | undefined> => {
        const [answer] = await daemon.call('{"type":"outcome","id":"away:0"}\n').catch(() => []);
        return answer?.type === 'outcome' ? answer.state : undefined;
      };
      await waitFor('the verdict', async () => (await stateOf()) === 'degraded', 90_000);
      const now = (await statusOf(daemon)).agent.pid;
      expect(agentsOf(daemon)).toEqual([now]);
      const second = daemon.link();
      await second.hello();
      second.send({ type: 'resume', ref: 'away', after: 0 });
      await second.says('the end', () => second.reports('away').some(({ kind }) => kind === 'done'));
      const frames = second.frames.filter((frame) => frame.type === 'report');
      const numbers = frames.map(({ n }) => n);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      const reports = second.reports('away').filter(({ kind }) => kind !== 'accepted');
      const kinds = reports.map(({ kind }) => kind);
      expect(kinds).toEqual(['inProgress', 'inProgress', 'result', 'done']);
      expect(reports.find((report) => report.kind === 'result')).toMatchObject({
        operation: 0,
        status: 'failed',
        result: {
          elements: { state: 'degraded', oldpid: old, newpid: now, reason: 'no console has come back' },
        },
      });
      expect(agentsOf(daemon)).toEqual([now]);
    },
  );
});
