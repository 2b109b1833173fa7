/** Restarts of a small agent in real processes: what happens on the way, and what the next start makes of it. */
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { hostClock } from '../../../../src/base/host-clock.ts';
import { silentLog } from '../../../../src/base/log.ts';
import { openRestartRecords } from '../../../../src/agent/restart/restart-records.ts';
import { readBootId } from '../../../../src/linux/proc/process-identity.ts';
import { takeInstanceLock } from '../../../../src/agent/daemon/instance-lock.ts';
import {
  expectNoZombie,
  expectRest,
  listProcesses,
  openRestartAgent,
  type RestartAgent,
} from '../../../helpers/open-restart-agent.ts';
import type { Plan } from '../../../helpers/restart-agent.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { createRecord } from './create-record.ts';

const isRoot = process.geteuid?.() === 0;
const needsRoot = 'strace lets calls of a process that it has not started fail: only as root on every host';
const long = 60_000;
/** A module that takes its time to end. */
const slowModule = (seconds: number): string => `trap 'sleep ${seconds}; exit 0' TERM; while :; do sleep 0.05; done`;

const starts = (agent: RestartAgent): number => agent.logged().filter(({ message }) => message === 'started').length;
const stateOf = (agent: RestartAgent, id: string) => agent.records().find((record) => record.id === id)?.state;
const restartsOf = (agent: RestartAgent) => agent.records().filter(({ isRefused }) => !isRefused);

describe('a restart by a helper', () => {
  test('A8: systemctl is there and no systemd: by the helper, and well', async () => {
    await using agent = openRestartAgent();
    const first = await agent.start();
    const { state, outcome } = await agent.restart();
    expect({ state, outcome }).toMatchObject({
      state: 'success',
      outcome: { method: 'helper', forced: false, oldpid: first.pid, requester: 'alice (uid 0)', source: 'control' },
    });
    expect(outcome?.newpid).toBe((await agent.status()).agent.pid);
    await expectRest(agent);
  });

  test('starts the agent with the same words, environment, folder, mask and descriptors, in a session of its own', async () => {
    await using agent = openRestartAgent();
    const first = await agent.start({
      env: { GUMSHOE_TEST_WORD: 'same = same\n' },
      parent: ['/bin/sh', '-c', 'umask 027; exec "$@"', 'sh'],
    });
    const facts = (pid: number) => ({
      words: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
      environment: readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').toSorted(),
      folder: listProcesses().find((one) => one.pid === pid)?.cwd,
      mask: /^Umask:.*$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[0],
    });
    const before = facts(first.pid ?? 0);
    const { outcome } = await agent.restart();
    expect(facts(outcome?.newpid ?? 0)).toEqual(before);
    expect(before.mask).toBe('Umask:\t0027');
    expect(before.environment).toContain('GUMSHOE_TEST_WORD=same = same\n');
    await expectRest(agent);
  });

  test('A7: INVOCATION_ID inherited by a process that is not the main one of its service: by the helper', async () => {
    await using agent = openRestartAgent({ facts: { isMain: false } });
    await agent.start({ env: { INVOCATION_ID: '00112233445566778899aabbccddeeff' } });
    expect((await agent.restart()).outcome).toMatchObject({ state: 'success', method: 'helper' });
    await expectRest(agent);
  });

  test('A10: an agent that nobody waits for after its end is seen to have ended at once', async () => {
    await using agent = openRestartAgent();
    await agent.start({ parent: ['/bin/sh', '-c', '"$@" & exec sleep 1000', 'sh'] });
    const { state, outcome } = await agent.restart();
    const old = readFileSync(`/proc/${outcome?.oldpid}/stat`, 'utf8');
    expect(old).toMatch(/\) Z /);
    expect(state).toBe('success');
    expect(outcome?.forced).toBe(false);
    expect(outcome?.durationms).toBeLessThan(5000);
    await expectRest(agent);
  });

  test('A22: who, when, which id, from where, how, how long and whether forced stand in one row', async () => {
    await using agent = openRestartAgent();
    await agent.start();
    const before = Date.now();
    await agent.restart({ id: 'the-id' });
    const database = new DatabaseSync(join(agent.folder, 'restarts.db'), { readOnly: true });
    const rows = database
      .prepare(
        'SELECT id, requestedat, requester, source, module, method, state, durationms, forced, refused FROM restarts',
      )
      .all();
    database.close();
    expect(rows).toEqual([
      {
        id: 'the-id',
        requestedat: expect.any(Number),
        requester: 'alice (uid 0)',
        source: 'control',
        module: null,
        method: 'helper',
        state: 'success',
        durationms: expect.any(Number),
        forced: 0,
        refused: 0,
      },
    ]);
    expect(Math.abs(Number(rows[0]?.['requestedat']) - before)).toBeLessThan(5000);
    const told = agent.logged().filter(({ message }) => message === 'restart: accepted' || message === 'restart: done');
    expect(told).toMatchObject([
      { id: 'the-id', requester: 'alice (uid 0)', source: 'control', time: expect.any(String) },
      { id: 'the-id', requester: 'alice (uid 0)', method: 'helper', forced: false, time: expect.any(String) },
    ]);
  });

  test(
    'A2, A19: what ignores the stop is killed at the limit, once, with the children of its modules, and started again',
    { timeout: long },
    async () => {
      await using agent = openRestartAgent({
        command: `trap '' TERM; sh -c "trap '' TERM; sleep 888 & sleep 888" & wait; sleep 999`,
      });
      await agent.start();
      const family = (): readonly number[] =>
        listProcesses()
          .filter(({ cwd, words }) => cwd === agent.folder && /^(sleep|sh|\/bin\/sh)$/.test(words[0] ?? ''))
          .map(({ pid }) => pid);
      const old = family();
      expect(old.length).toBeGreaterThanOrEqual(4);
      agent.plan({});
      const { state, outcome } = await agent.restart({ id: 'a2', timeoutMs: 2000 });
      expect({ state, forced: outcome?.forced }).toEqual({ state: 'success', forced: true });
      expect(outcome?.durationms).toBeGreaterThanOrEqual(2000);
      const kills = agent
        .logged()
        .filter(({ message }) => message === 'restart: the agent did not end in time and was killed');
      expect(kills).toHaveLength(1);
      const accepted = agent.logged().find(({ message }) => message === 'restart: accepted');
      const killedAfter = Date.parse(String(kills[0]?.['time'])) - Date.parse(String(accepted?.['time']));
      expect(killedAfter).toBeGreaterThanOrEqual(2000);
      expect(family().filter((pid) => old.includes(pid))).toEqual([]);
      await expectRest(agent);
    },
  );

  test('an agent that ignores TERM itself is killed at the limit', { timeout: long }, async () => {
    await using agent = openRestartAgent({ ignoresTerm: true });
    await agent.start();
    agent.plan({});
    const { state, outcome } = await agent.restart({ timeoutMs: 1000 });
    expect({ state, forced: outcome?.forced }).toEqual({ state: 'success', forced: true });
    await expectRest(agent);
  });
});

describe('A3: kill -9 of the agent', () => {
  test('with no restart on its way: nothing to say at the next start', async () => {
    await using agent = openRestartAgent();
    (await agent.start()).kill('SIGKILL');
    await waitFor('its end', () => agent.agents().length === 0);
    await agent.start();
    expect(agent.records()).toEqual([]);
    await expectRest(agent);
  });

  test.each([
    ['accepted', 'failed', 'the agent ended in ACCEPTED, before it was to stop', 2],
    ['reported', 'failed', 'the agent ended in REPORTED, before it was to stop', 2],
    ['method', 'failed', 'the agent ended in METHOD, before it was to stop', 2],
    ['starting', 'failed', 'the agent could not be started again: it ended with SIGKILL right after its start', 2],
    ['confirming', 'failed', /^the agent that was started again \(pid \d+\) ended in CONFIRMING$/, 2],
    ['success', 'success', undefined, 3],
  ] as const)('in %s: %s', { timeout: long }, async (dieAt, state, reason, started) => {
    await using agent = openRestartAgent({ dieAt });
    await agent.start();
    agent.restart({ id: 'a3' }).catch(() => undefined);
    await waitFor(
      'its end, and that of its helper',
      () =>
        statSync(join(agent.folder, 'died'), { throwIfNoEntry: false }) &&
        agent.agents().length + agent.helpers().length === 0,
      20_000,
    );
    await agent.start();
    const verdict = await agent.outcome('a3');
    expect(verdict.state).toBe(state);
    if (reason !== undefined)
      expect(verdict.outcome?.reason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    expect(starts(agent)).toBe(started);
    expect(restartsOf(agent)).toHaveLength(1);
    await expectRest(agent);
  });

  test('in stopping: the helper has it in hand, and the agent is started once', { timeout: long }, async () => {
    await using agent = openRestartAgent({ dieAt: 'stopping' });
    await agent.start();
    const verdict = await agent.restart({ id: 'a3' });
    expect(verdict).toMatchObject({
      state: 'success',
      errors: ['agentrestart: the agent ended before it had stopped its modules'],
    });
    expect(starts(agent)).toBe(2);
    await expectRest(agent);
  });
});

describe('the end of the agent that an operator asks for while it restarts', () => {
  const bySignal = 'the agent got a signal to end before the restart had come to that';
  const inWords = 'the end of the agent was asked for by bob before the restart had ended it';

  test.each<[string, Plan, string]>([
    ['TERM in accepted', { termAt: 'accepted' }, bySignal],
    ['TERM in reported', { termAt: 'reported' }, bySignal],
    ['TERM in method', { termAt: 'method' }, bySignal],
    ['-q shutdown in accepted', { shutdownAt: 'accepted' }, inWords],
    ['-q shutdown in reported', { shutdownAt: 'reported' }, inWords],
    ['-q shutdown in method', { shutdownAt: 'method' }, inWords],
    ['-q shutdown in stopping', { shutdownAt: 'stopping', command: slowModule(1) }, inWords],
  ])('%s: it ends, nothing is started, and the restart is failed', { timeout: long }, async (_, plan, reason) => {
    await using agent = openRestartAgent(plan);
    await agent.start();
    agent.restart({ id: 'overtaken' }).catch(() => undefined);
    await waitFor('its end', () => agent.agents().length + agent.helpers().length === 0, 20_000);
    await expectRest(agent, 0);
    expect(agent.records()).toMatchObject([{ state: 'failed', reason }]);
    expect(starts(agent)).toBe(1);
    agent.plan({});
    await agent.start();
    expect((await agent.outcome('overtaken')).outcome).toMatchObject({ state: 'failed', reason });
    expect((await agent.restart()).state).toBe('success');
    await expectRest(agent);
  });

  test(
    'TERM in stopping: it cannot be told from the helper’s, and the restart goes on',
    { timeout: long },
    async () => {
      await using agent = openRestartAgent({ termAt: 'stopping' });
      await agent.start();
      expect(await agent.restart()).toMatchObject({ state: 'success', outcome: { forced: false } });
      expect(starts(agent)).toBe(2);
      await expectRest(agent);
    },
  );
});

describe('an agent that would not start again', () => {
  test('is not ended: the restart is refused with the reason, as often as it is asked for', async () => {
    await using agent = openRestartAgent({ obstacle: 'agent.yaml:2: unknown key', maxInWindow: 2 });
    const first = await agent.start();
    for (const id of ['one', 'two', 'three'])
      expect((await agent.restart({ id })).outcome).toMatchObject({
        state: 'failed',
        reason: 'the agent would not start again: agent.yaml:2: unknown key',
      });
    expect((await agent.status()).agent.pid).toBe(first.pid);
    expect((await agent.restart({ module: 'examplepersist' })).state).toBe('success');
    agent.plan({ maxInWindow: 2 });
    expect((await agent.restart()).state).toBe('success');
    await expectRest(agent);
  });

  test('asked with one id ten times at once: one look, one answer', async () => {
    await using agent = openRestartAgent({ obstacle: 'no' });
    await agent.start();
    const answers = await Promise.all(Array.from({ length: 10 }, () => agent.restart({ id: 'same' })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(agent.logged().filter(({ message }) => message === 'restart: accepted')).toHaveLength(1);
    await expectRest(agent);
  });
});

describe('A4: kill -9 of the helper', () => {
  test.each([
    ['after TERM', 'term', 'STOPPING'],
    ['before the start', 'gone', 'STARTING'],
  ] as const)(
    '%s: the agent ends, the lock is free, and the next start says what happened',
    { timeout: long },
    async (_, helperDiesAt, place) => {
      await using agent = openRestartAgent({ helperDiesAt });
      await agent.start();
      agent.restart({ id: 'a4' }).catch(() => undefined);
      await waitFor('the end of both', () => agent.agents().length + agent.helpers().length === 0, 20_000);
      expect(stateOf(agent, 'a4')).toBe(place.toLowerCase());
      // A process that ends loses its words before its descriptors: as long as a start may wait.
      const lock = await takeInstanceLock(join(agent.folder, 'agent.lock'), { clock: hostClock, waitMs: 5000 });
      lock.release();
      agent.plan({});
      await agent.start();
      const { state, outcome } = await agent.outcome('a4');
      const reason = `^the helper \\(pid \\d+\\) ended in ${place}, before it had started the agent again$`;
      expect({ state, reason: outcome?.reason }).toEqual({
        state: 'failed',
        reason: expect.stringMatching(new RegExp(reason)),
      });
      expect(starts(agent)).toBe(2);
      await expectRest(agent);
    },
  );

  test('before it began: the agent goes on and says so at once', { timeout: long }, async () => {
    await using agent = openRestartAgent({ ignoresTerm: true });
    const first = await agent.start();
    const asked = agent.restart({ id: 'a4', timeoutMs: 5000 });
    await waitFor('the stop', () => stateOf(agent, 'a4') === 'stopping');
    const helper = await waitFor('the helper', () => agent.helpers()[0]);
    process.kill(helper, 'SIGKILL');
    expect(await asked).toMatchObject({
      state: 'failed',
      outcome: { reason: `the helper (pid ${helper}) was ended by SIGKILL before it had ended the agent` },
    });
    expect((await agent.status()).agent.pid).toBe(first.pid);
    await expectRest(agent);
  });
});

describe('A5: the agent that cannot be executed again', () => {
  const openWithOwnNode = async (agent: RestartAgent): Promise<string> => {
    const path = join(agent.folder, 'node');
    copyFileSync(process.execPath, path);
    chmodSync(path, 0o755);
    await agent.start({ parent: ['/bin/sh', '-c', `shift; exec ${path} "$@"`, 'sh'] });
    return path;
  };

  test.each([
    ['was removed', (path: string) => unlinkSync(path), 'ENOENT'],
    ['may not be executed', (path: string) => chmodSync(path, 0o644), 'EACCES'],
  ])(
    'because it %s: failed, no agent, no zombie, and the next start says so',
    { timeout: long },
    async (_, spoil, code) => {
      await using agent = openRestartAgent({ command: slowModule(1) });
      const path = await openWithOwnNode(agent);
      agent.restart({ id: 'a5' }).catch(() => undefined);
      await waitFor('the stop', () => stateOf(agent, 'a5') === 'stopping');
      spoil(path);
      await waitFor('the verdict', () => stateOf(agent, 'a5') === 'failed', 20_000);
      await expectRest(agent, 0);
      const [record] = agent.records();
      const parents = [record?.agent.pid, record?.helper?.pid];
      await expectNoZombie(parents);
      await agent.start();
      expect((await agent.outcome('a5')).outcome?.reason).toContain(`the agent could not be started again: ${path}`);
      expect((await agent.outcome('a5')).outcome?.reason).toContain(code);
      await expectRest(agent);
    },
  );

  test('because there is no memory: the same', { timeout: long }, async ({ skip }) => {
    if (!isRoot) skip(needsRoot);
    await using agent = openRestartAgent({ command: slowModule(3) });
    await agent.start();
    agent.restart({ id: 'a5' }).catch(() => undefined);
    await waitFor('the stop', () => stateOf(agent, 'a5') === 'stopping');
    const helper = await waitFor('the helper', () => agent.helpers()[0]);
    await using tracer = await inject(helper, 'inject=execve:error=ENOMEM');
    expect(tracer.pid).toBeGreaterThan(1);
    await waitFor('the verdict', () => stateOf(agent, 'a5') === 'failed', 20_000);
    expect(agent.records()[0]?.reason).toContain('ENOMEM');
    await expectRest(agent, 0);
  });
});

/** Makes system calls of a running process fail, until disposed of. */
async function inject(pid: number, what: string): Promise<AsyncDisposable & { readonly pid: number | undefined }> {
  const tracer = spawn('strace', ['-f', '-qq', '-o', '/dev/null', '-e', what, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await waitFor('the tracer', () => /^TracerPid:\t[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
  return {
    pid: tracer.pid,
    [Symbol.asyncDispose]: async () => {
      // KILL: the traced process goes on untouched.
      tracer.kill('SIGKILL');
      await waitFor('the end of the tracer', () => tracer.exitCode !== null || tracer.signalCode !== null);
    },
  };
}

describe('a restart by systemd, which a script plays', () => {
  const openWithSystemctl = async (agent: RestartAgent, script: string) => {
    const bin = join(agent.folder, 'bin');
    mkdirSync(bin);
    const calls = join(agent.folder, 'calls');
    writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >> ${calls}\n${script}\n`, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env['PATH']}` };
    return { env, calls: () => readFileSync(calls, 'utf8') };
  };

  test(
    'A6: a job that is taken is waited for, and confirmed by the process that systemd starts',
    { timeout: long },
    async () => {
      await using agent = openRestartAgent({ facts: { isMain: true } });
      const { env, calls } = await openWithSystemctl(agent, 'exit 0');
      const first = await agent.start({ env });
      const asked = agent.restart({ id: 'a6' });
      await waitFor('the stop', () => stateOf(agent, 'a6') === 'stopping');
      first.kill('SIGTERM');
      await waitFor('the end of the agent', () => agent.agents().length === 0);
      await agent.start({ env });
      expect(await asked).toMatchObject({
        state: 'success',
        outcome: { method: 'systemd', unit: 'gumshoe-test.service', forced: false },
      });
      expect(calls()).toBe('--no-block restart gumshoe-test.service\n');
      await expectRest(agent);
    },
  );

  test(
    'A6: its TERM comes before systemctl has said that it took the job: the restart goes on',
    { timeout: long },
    async () => {
      await using agent = openRestartAgent({ facts: { isMain: true } });
      const { env } = await openWithSystemctl(agent, 'kill -TERM $PPID; sleep 0.2; exit 0');
      await agent.start({ env });
      const asked = agent.restart({ id: 'a6' });
      await waitFor('the end of the agent', () => agent.agents().length === 0, 20_000);
      expect(stateOf(agent, 'a6')).toBe('stopping');
      await agent.start({ env });
      expect(await asked).toMatchObject({ state: 'success', outcome: { method: 'systemd', forced: false } });
      await expectRest(agent);
    },
  );

  test.each([
    [
      'ends with 1',
      'echo "Failed to connect to bus: No such file" >&2; exit 1',
      'ended with status 1: Failed to connect to bus: No such file',
    ],
    ['ends with 4', 'echo "Access denied" >&2; exit 4', 'ended with status 4: Access denied'],
    [
      'ends with 5',
      'echo "Unit gumshoe-test.service not found." >&2; exit 5',
      'ended with status 5: Unit gumshoe-test.service not found.',
    ],
    ['hangs for 60 s', 'exec sleep 60', 'did not end within 5 s'],
    ['is ended by TERM', 'kill -TERM $$', 'was ended by SIGTERM'],
  ])(
    'A6: systemctl %s: failed with what it said, and the agent goes on',
    { timeout: long },
    async (_, script, reason) => {
      await using agent = openRestartAgent({ facts: { isMain: true } });
      const { env } = await openWithSystemctl(agent, script);
      const first = await agent.start({ env });
      const { state, outcome } = await agent.restart();
      expect({ state, reason: outcome?.reason }).toEqual({
        state: 'failed',
        reason: `systemctl --no-block restart gumshoe-test.service ${reason}`,
      });
      expect((await agent.status()).agent.pid).toBe(first.pid);
      await expectRest(agent);
    },
  );
});

describe('asked again', () => {
  test(
    'A12: the same id ten times at once and ten times later restarts once, with one answer',
    { timeout: long },
    async () => {
      await using agent = openRestartAgent();
      await agent.start();
      const ten = Array.from({ length: 10 });
      const answers = await Promise.all(ten.map(() => agent.restart({ id: 'a12' })));
      for (const _ of ten) answers.push(await agent.restart({ id: 'a12' }));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]?.state).toBe('success');
      expect(starts(agent)).toBe(2);
      await expectRest(agent);
    },
  );

  test('A13: of five restarts in ten minutes the last two are refused', { timeout: long }, async () => {
    await using agent = openRestartAgent({ maxInWindow: 3 });
    await agent.start();
    const states: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      const { state, outcome } = await agent.restart();
      states.push([state, outcome?.reason]);
    }
    const refused = ['failed', 'the agent was restarted 3 times in the last 10 minutes, 3 are allowed'];
    const done = ['success', undefined];
    expect(states).toEqual([done, done, done, refused, refused]);
    expect(starts(agent)).toBe(4);
    await expectRest(agent);
  });

  test('while another restart is under way: refused with its id', { timeout: long }, async () => {
    await using agent = openRestartAgent({ command: slowModule(1) });
    await agent.start();
    const first = agent.restart({ id: 'the-first' });
    await waitFor('the stop', () => stateOf(agent, 'the-first') === 'stopping');
    const second = await agent.restart({ id: 'the-second' });
    expect([second.state, second.outcome?.reason]).toEqual(['failed', 'restart already in progress (the-first)']);
    expect((await first).state).toBe('success');
    await expectRest(agent);
  });

  test.each([
    ['exampelpersist', 'module "exampelpersist" is not available: did you mean examplepersist?'],
    ['file', 'file is not a persistent module: nothing of it runs between queries'],
    ['audit', "audit is not enabled in the agent's configuration"],
  ])('for the module %s: refused', async (module, reason) => {
    await using agent = openRestartAgent();
    await agent.start();
    const { state, outcome } = await agent.restart({ module });
    expect({ state, reason: outcome?.reason }).toEqual({ state: 'failed', reason });
    await expectRest(agent);
  });
});

describe('A15: a record that cannot be stored stops nothing', () => {
  const expectRefused = async (agent: RestartAgent, reason: RegExp): Promise<void> => {
    const { pid } = (await agent.status()).agent;
    const { state, errors } = await agent.restart();
    expect(state).toBe('failed');
    expect(errors.join()).toMatch(reason);
    expect((await agent.status()).agent.pid).toBe(pid);
    expect(agent.helpers()).toEqual([]);
  };

  test('locked by another program', async () => {
    await using agent = openRestartAgent();
    await agent.start();
    const database = new DatabaseSync(join(agent.folder, 'restarts.db'));
    database.exec('BEGIN EXCLUSIVE');
    await expectRefused(agent, /the restart cannot be recorded: database is locked/);
    database.close();
    expect((await agent.restart()).state).toBe('success');
    await expectRest(agent);
  });

  test('damaged while the agent runs, and set aside by its next start', async () => {
    await using agent = openRestartAgent();
    const first = await agent.start();
    writeFileSync(join(agent.folder, 'restarts.db'), Buffer.alloc(16_384, 'not a database '));
    await expectRefused(agent, /the restart cannot be recorded: .*(not a database|malformed)/);
    first.kill('SIGKILL');
    await waitFor('its end', () => agent.agents().length === 0);
    await agent.start();
    expect((await agent.restart()).state).toBe('success');
    expect(agent.logged().map(({ message }) => message)).toContain(
      'restarts: the file of the records was damaged and is set aside',
    );
    await expectRest(agent);
  });

  test.for([
    ['a full disk', 'inject=pwrite64:error=ENOSPC', /the restart cannot be recorded: database or disk is full, in \//],
    ['a failed fsync', 'inject=fsync,fdatasync:error=EIO', /disk I\/O error/],
  ] as const)('%s', { timeout: long }, async ([, what, reason], { skip }) => {
    if (!isRoot) skip(needsRoot);
    await using agent = openRestartAgent();
    const first = await agent.start();
    {
      await using tracer = await inject(first.pid ?? 0, what);
      expect(tracer.pid).toBeGreaterThan(1);
      await expectRefused(agent, reason);
    }
    expect((await agent.restart()).state).toBe('success');
    await expectRest(agent);
  });
});

describe('A16: found by a start much later', () => {
  const leave = (agent: RestartAgent, more: Parameters<typeof createRecord>[0]): void => {
    const records = openRestartRecords({ path: join(agent.folder, 'restarts.db'), clock: hostClock, log: silentLog });
    records.add(createRecord({ id: 'a16', state: 'stopping', method: 'helper', bootId: readBootId(), ...more }));
    records.close();
  };

  test('after the host was booted again: by that, and no success', async () => {
    await using agent = openRestartAgent();
    leave(agent, { bootId: 'another' });
    await agent.start();
    expect((await agent.outcome('a16')).outcome).toMatchObject({
      state: 'degraded',
      reason: 'completed by host reboot',
    });
    await expectRest(agent);
  });

  test('three days later: late, and no success', async () => {
    await using agent = openRestartAgent();
    const threeDaysAgo = hostClock.monotonicMs() - 3 * 86_400_000;
    leave(agent, { requestedMonoMs: threeDaysAgo, deadlineMonoMs: threeDaysAgo + 90_000 });
    await agent.start();
    expect((await agent.outcome('a16')).outcome).toMatchObject({
      state: 'degraded',
      reason: expect.stringMatching(/^late, 25911\d s$/),
    });
    await expectRest(agent);
  });
});

describe('modules', () => {
  test('A20: one that does not come back is named, and the restart is degraded', { timeout: long }, async () => {
    await using agent = openRestartAgent();
    await agent.start();
    agent.plan({ unhealthy: 'it ended with status 1' });
    const { state, outcome } = await agent.restart();
    expect({ state, reason: outcome?.reason }).toEqual({
      state: 'degraded',
      reason: 'examplepersist is not healthy (waiting: it ended with status 1)',
    });
    await expectRest(agent);
  });

  test('A17: one alone: the agent stays, and the answer names both processes', async () => {
    await using agent = openRestartAgent();
    const first = await agent.start();
    const { state, outcome } = await agent.restart({ module: 'ExamplePersist' });
    expect(state).toBe('success');
    expect(outcome).toMatchObject({ module: 'examplepersist', method: 'module', forced: false });
    const { agent: info } = await agent.status();
    expect([info.pid, info.persistent?.[0]?.pid]).toEqual([first.pid, outcome?.newpid]);
    expect(outcome?.oldpid).not.toBe(outcome?.newpid);
    await expectRest(agent);
  });
});

describe('A21: while it restarts', () => {
  test(
    'a status asked for 1,000 times disturbs nothing: one lock file, never two agents',
    { timeout: long },
    async () => {
      await using agent = openRestartAgent();
      await agent.start();
      const lock = join(agent.folder, 'agent.lock');
      const { ino } = statSync(lock);
      const progress = { asked: 0, isOver: false };
      const restarts = (async () => {
        const states: string[] = [];
        do states.push((await agent.restart()).state);
        while (progress.asked < 1000);
        progress.isOver = true;
        return states;
      })();
      while (!progress.isOver) {
        await agent.status().catch(() => undefined);
        progress.asked++;
        expect(statSync(lock).ino).toBe(ino);
        if (progress.asked % 5 === 0) expect(agent.agents().length).toBeLessThanOrEqual(1);
      }
      const states = await restarts;
      expect(progress.asked).toBeGreaterThanOrEqual(1000);
      expect(new Set(states)).toEqual(new Set(['success']));
      expect(starts(agent)).toBe(states.length + 1);
      await expectRest(agent);
    },
  );
});
