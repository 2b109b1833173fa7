/** Against processes that the test starts itself: nothing else is named. */
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Elements } from '../../../modules/agentdestroy/elements.ts';
import { systemHost } from '../../../modules/agentdestroy/host.ts';
import { agentdestroy } from '../../../modules/agentdestroy/index.ts';
import type { Params } from '../../../modules/agentdestroy/params.ts';
import { readAncestry } from '../../../modules/agentdestroy/read-process.ts';
import { run, runOn } from '../../../modules/agentdestroy/run.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { installGumshoe, installMig, startGumshoe, startProgram, type FakeAgent } from './fake-agents.ts';

const destroy = (parameters: { readonly pid: number; readonly version: string; readonly check?: boolean }) =>
  run(validateParameters(agentdestroy.params, parameters) as Params, createRunContext<Elements>());

const migVersion = '20180807-0.c4d6a41.prod';
const migTexts = ['github.com/mozilla/mig/mig-agent', migVersion];

async function expectAlive({ pid, executable }: FakeAgent): Promise<void> {
  expect(process.kill(pid, 0)).toBe(true);
  expect(existsSync(executable)).toBe(true);
}

describe('an agent of gumshoe', () => {
  test('is killed and its launcher removed; Node and the rest of its installation stay', async () => {
    using folder = createTemporaryFolder();
    await using agent = await startGumshoe(installGumshoe(folder.path, '0.0.7'));
    expect(await destroy({ pid: agent.pid, version: '0.0.7' })).toEqual({
      foundAnything: true,
      elements: `PID ${agent.pid} from agent 0.0.7 has been killed and its executable removed from ${agent.executable}`,
      statistics: null,
      errors: [],
    });
    expect(await agent.end).toBe('SIGKILL');
    expect(
      ['bin/gumshoe-agent', 'package.json', 'dist/agent/main.mjs'].map((name) => existsSync(join(folder.path, name))),
    ).toEqual([false, true, true]);
    expect(existsSync(process.execPath)).toBe(true);
  });

  test('is only looked at with check', async () => {
    using folder = createTemporaryFolder();
    await using agent = await startGumshoe(installGumshoe(folder.path, '0.0.7'));
    const { elements } = await destroy({ pid: agent.pid, version: '0.0.7', check: true });
    expect(elements).toBe(
      `PID ${agent.pid} from agent 0.0.7 would be killed and its executable removed from ${agent.executable}`,
    );
    await expectAlive(agent);
  });

  test('is found through a link to its launcher, which stays', async () => {
    using folder = createTemporaryFolder();
    const launcher = installGumshoe(join(folder.path, 'lib'), '0.0.7');
    const link = join(folder.path, 'agent');
    symlinkSync(launcher, link);
    await using agent = await startGumshoe(link);
    const { elements } = await destroy({ pid: agent.pid, version: '0.0.7' });
    expect(elements).toContain(`removed from ${launcher}`);
    expect(existsSync(launcher)).toBe(false);
  });

  test.each([
    ['of another version', '0.0.8', ['--stdio'], 'expected agent 0.0.8, process PID is agent 0.0.7'],
    ['that runs one module', '0.0.7', ['-m', 'file'], 'process PID is no agent that serves: it was started with -m'],
  ])('%s is left alone', async (_, version, words, reason) => {
    using folder = createTemporaryFolder();
    await using agent = await startGumshoe(installGumshoe(folder.path, '0.0.7'), words);
    await expect(destroy({ pid: agent.pid, version })).rejects.toMatchObject({
      code: 'DESTROY_REFUSED',
      message: expect.stringContaining(reason.replace('PID', String(agent.pid))),
    });
    await expectAlive(agent);
  });

  test('whose files changed since it started is left alone: it may be another version', async () => {
    using folder = createTemporaryFolder();
    const launcher = installGumshoe(folder.path, '0.0.7');
    await using agent = await startGumshoe(launcher);
    // As if the host, and so the process, had started an hour before: the files are younger then.
    const procFolder = join(folder.path, 'proc');
    mkdirSync(procFolder);
    for (const name of ['sys', 'self', String(agent.pid), String(process.pid)])
      symlinkSync(`/proc/${name}`, join(procFolder, name));
    const bootSeconds = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]);
    writeFileSync(join(procFolder, 'stat'), `btime ${bootSeconds - 3600}\n`);
    await expect(
      runOn({ ...systemHost, procFolder }, { pid: agent.pid, version: '0.0.7' }, createRunContext()),
    ).rejects.toThrow(`${launcher} changed after the process started`);
    await expectAlive(agent);
  });

  test('that is no gumshoe, or runs another script, is left alone', async () => {
    using folder = createTemporaryFolder();
    const launcher = installGumshoe(folder.path, '0.0.7');
    writeFileSync(join(folder.path, 'package.json'), '{"name":"other","version":"0.0.7"}');
    await using other = await startGumshoe(launcher);
    await expect(destroy({ pid: other.pid, version: '0.0.7' })).rejects.toThrow('is not that of gumshoe');
    renameSync(launcher, join(folder.path, 'bin/server'));
    await using server = await startGumshoe(join(folder.path, 'bin/server'));
    await expect(destroy({ pid: server.pid, version: '0.0.7' })).rejects.toThrow('but not the launcher gumshoe-agent');
    expect([other, server].map(({ pid }) => process.kill(pid, 0))).toEqual([true, true]);
  });
});

describe('an agent of MIG', () => {
  test('is told by texts of its binary, killed, and the binary removed', async () => {
    using folder = createTemporaryFolder();
    await using agent = await startProgram(installMig(folder.path, migTexts));
    expect((await destroy({ pid: agent.pid, version: migVersion })).elements).toBe(
      `PID ${agent.pid} from agent ${migVersion} has been killed and its executable removed from ${agent.executable}`,
    );
    expect(await agent.end).toBe('SIGKILL');
    expect(existsSync(agent.executable)).toBe(false);
  });

  test('is never executed: a binary that would tell lies about itself is only read', async () => {
    using folder = createTemporaryFolder();
    await using agent = await startProgram(
      installMig(folder.path, ['github.com/mozilla/mig', '20990101-0.0000000.prod']),
    );
    await expect(destroy({ pid: agent.pid, version: migVersion })).rejects.toThrow(
      `is no agent of MIG with version ${migVersion}`,
    );
    await expectAlive(agent);
  });

  test.each([
    ['a longer version', ['mozilla/mig', `${migVersion}.2`], migVersion],
    ['no package of MIG', [migVersion], migVersion],
    ['a version too short to prove anything', ['mozilla/mig', '1.0'], '1.0'],
  ])('with %s is left alone', async (_, texts, version) => {
    using folder = createTemporaryFolder();
    await using agent = await startProgram(installMig(folder.path, texts));
    await expect(destroy({ pid: agent.pid, version })).rejects.toMatchObject({ code: 'DESTROY_REFUSED' });
    await expectAlive(agent);
  });

  test('whose binary was replaced meanwhile is killed, and what lies in its place stays', async () => {
    using folder = createTemporaryFolder();
    await using agent = await startProgram(installMig(folder.path, migTexts));
    const replacement = join(folder.path, 'new');
    writeFileSync(replacement, 'the next version');
    renameSync(replacement, agent.executable);
    const { elements, errors } = await destroy({ pid: agent.pid, version: migVersion });
    expect(elements).toBe(`PID ${agent.pid} from agent ${migVersion} has been killed`);
    expect(errors).toEqual(['Executable not removed because it was removed or replaced before']);
    expect(existsSync(agent.executable)).toBe(true);
  });
});

describe('what is never touched', () => {
  test('this run, its parent and everybody above', async () => {
    const above = readAncestry(systemHost).filter((pid) => pid > 1);
    expect(above.slice(0, 2)).toEqual([process.pid, process.ppid]);
    for (const pid of above)
      await expect(destroy({ pid, version: migVersion, check: true })).rejects.toThrow(
        /is (this run itself|the agent that runs this module|a process that this agent was started by)$/,
      );
  });

  test('a process that is no agent', async () => {
    await using sleeper = await startProgram('/bin/sleep');
    await expect(destroy({ pid: sleeper.pid, version: migVersion })).rejects.toThrow(
      'which is no agent of gumshoe or MIG',
    );
    await expectAlive(sleeper);
  });

  test('a process that has ended, or never was', async () => {
    const sleeper = await startProgram('/bin/sleep');
    await sleeper[Symbol.asyncDispose]();
    await expect(destroy({ pid: sleeper.pid, version: migVersion })).rejects.toThrow(
      `there is no process ${sleeper.pid}`,
    );
    await expect(destroy({ pid: 4_194_304, version: migVersion })).rejects.toThrow(
      'nothing was done: there is no process 4194304: this host gives out process ids up to ',
    );
  });

  test('anything after a stop', async () => {
    const context = createRunContext<Elements>(AbortSignal.abort());
    await expect(run({ pid: 4242, version: migVersion }, context)).rejects.toThrow('stopped before');
  });
});
