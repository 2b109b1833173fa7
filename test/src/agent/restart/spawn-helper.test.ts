import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { spawnHelper } from '../../../../src/agent/restart/spawn-helper.ts';
import { isAlive, readIdentity, type ProcessIdentity } from '../../../../src/linux/proc/process-identity.ts';
import { expectNoZombie, listProcesses } from '../../../helpers/open-restart-agent.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { createRecord } from './create-record.ts';

const isRoot = process.geteuid?.() === 0;
const main = resolve(import.meta.dirname, '../../../helpers/restart-agent.ts');
const node = [process.execPath, '--disable-warning=ExperimentalWarning', main];
const traced = (out: string): readonly string[] => [
  'strace',
  '-f',
  '-qq',
  '-o',
  out,
  '-e',
  'trace=kill,tkill,tgkill,pidfd_send_signal',
  '-e',
  'signal=none',
  ...node,
];
const program = (words: readonly string[]) => ({ command: words[0] ?? '', args: words.slice(1) });
const orderFor = (agent: ProcessIdentity, folder: string) => ({
  record: createRecord({ agent, state: 'method' }),
  recordsPath: join(folder, 'restarts.db'),
  logPath: join(folder, 'log'),
  modules: [],
});

/** A process whose id was another's a moment before: the kernel gives out the id behind this number next. */
async function reuse(pid: number): Promise<ChildProcess | undefined> {
  for (let attempt = 0; attempt < 200; attempt++) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    if (child.pid === pid) return child;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  return undefined;
}

test(
  'A9: the id of the agent was given to another: nobody gets a signal, and nothing is started',
  { timeout: 60_000 },
  async ({ skip }) => {
    if (!isRoot) skip('which process id comes next is for root to say (/proc/sys/kernel/ns_last_pid)');
    using folder = createTemporaryFolder();
    // It lives longer than the tick that times of starts are counted in.
    const agent = spawn('sleep', ['0.1'], { stdio: 'ignore' });
    const identity = readIdentity(agent.pid ?? 0) ?? { pid: 0, startTicks: 0 };
    await once(agent, 'exit');
    const stranger = await reuse(identity.pid);
    expect(stranger?.pid).toBe(identity.pid);
    const out = join(folder.path, 'trace');
    const words = traced(out);
    const called = await spawnHelper(program(words), orderFor(identity, folder.path), { ackLimitMs: 30_000 });
    expect(called).toMatch(/^the helper \(pid \d+\) ended with status 1$/);
    expect(readFileSync(out, 'utf8')).not.toMatch(/kill|pidfd_send_signal/);
    expect(readFileSync(join(folder.path, 'log'), 'utf8')).toContain(
      'does not find the agent that it was started for, and does nothing',
    );
    expect(stranger?.exitCode).toBeNull();
    expect(stranger?.signalCode).toBeNull();
    stranger?.kill('SIGKILL');
  },
);

test('A9: the agent died before the helper ran: nobody gets a signal, least of all process 1', () => {
  using folder = createTemporaryFolder();
  const out = join(folder.path, 'trace');
  const [command = '', ...args] = traced(out);
  const { status } = spawnSync(command, [...args, '--restart-helper'], { input: '', timeout: 30_000 });
  expect(status).toBe(1);
  expect(readFileSync(out, 'utf8')).not.toMatch(/kill|pidfd_send_signal/);
});

test('a helper that cannot be started, ends, or does not say in time that it is ready is a reason, and is gone', async () => {
  using folder = createTemporaryFolder();
  const order = orderFor(readIdentity(process.pid) ?? { pid: 0, startTicks: 0 }, folder.path);
  expect(await spawnHelper(program(['/nonexistent/node']), order)).toMatch(
    /^the helper could not be started: .*ENOENT/,
  );
  expect(await spawnHelper(program(['/bin/sh', '-c', 'exit 7']), order)).toMatch(
    /^the helper \(pid \d+\) ended with status 7$/,
  );
  const silent = await spawnHelper(
    program(['/bin/sh', '-c', `echo $$ > ${join(folder.path, 'pid')}; exec sleep 1000`]),
    order,
    { ackLimitMs: 300 },
  );
  expect(silent).toBe('the helper did not say within 0.3 s that it is ready');
  const left = readIdentity(Number(readFileSync(join(folder.path, 'pid'), 'utf8')));
  await expect.poll(() => left === undefined || !isAlive(left)).toBe(true);
});

test('a helper that is told so ends without having done anything', async () => {
  using folder = createTemporaryFolder();
  const agent = spawn('sleep', ['1000'], { stdio: 'ignore' });
  const helper = await spawnHelper(
    program(node),
    orderFor(readIdentity(agent.pid ?? 0) ?? { pid: 0, startTicks: 0 }, folder.path),
    { ackLimitMs: 30_000 },
  );
  if (typeof helper === 'string') throw new Error(helper);
  const ended = new Promise((done) => helper.onEnd(done));
  helper.cancel();
  expect(await ended).toBe(`the helper (pid ${helper.identity.pid}) ended with status 0`);
  expect([agent.exitCode, agent.signalCode]).toEqual([null, null]);
  agent.kill('SIGKILL');
});

test('A5: the agent that cannot be executed again: the helper ends with status 1, and leaves no process and no zombie', async () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'sleep');
  copyFileSync('/bin/sleep', path);
  chmodSync(path, 0o755);
  const agent = spawn(path, ['1000'], { stdio: 'ignore' });
  await once(agent, 'spawn');
  const helper = await spawnHelper(
    program(node),
    orderFor(readIdentity(agent.pid ?? 0) ?? { pid: 0, startTicks: 0 }, folder.path),
    { ackLimitMs: 30_000 },
  );
  if (typeof helper === 'string') throw new Error(helper);
  const ended = new Promise((done) => helper.onEnd(done));
  unlinkSync(path);
  helper.begin();
  expect(await ended).toBe(`the helper (pid ${helper.identity.pid}) ended with status 1`);
  expect(agent.signalCode).toBe('SIGTERM');
  expect(readFileSync(join(folder.path, 'log'), 'utf8')).toContain('the agent could not be started again');
  expect(listProcesses().filter(({ words }) => words[0] === path)).toEqual([]);
  await expectNoZombie([process.pid, helper.identity.pid, agent.pid]);
});
