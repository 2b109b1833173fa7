import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findMarked, formatMark } from '../../../../src/agent/persistent/sweep.ts';
import type { SupervisionTimes } from '../../../../src/agent/persistent/supervision.ts';
import { readAlertMessage } from '../../../../src/protocol/alert.ts';
import {
  createFakeAgent,
  type FakeAgent,
  type FakeModule,
  sayRegistered,
  writeFakeModule,
} from '../../../helpers/fake-persistent.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const name = 'examplepersist';
let folder: ReturnType<typeof createTemporaryFolder>;
let agents: FakeAgent[];

beforeEach(() => {
  folder = createTemporaryFolder();
  agents = [];
});
afterEach(async () => {
  for (const { modules, alerts } of agents) {
    await modules.stop({ prepareMs: 100, stopMs: 100 });
    alerts.close();
  }
  expect(await survivors()).toEqual([]);
  folder[Symbol.dispose]();
});

const survivors = () => findMarked(formatMark(folder.path, ''));
const state = ({ modules }: FakeAgent) => modules.states().find((one) => one.name === name);
const isHealthy = (agent: FakeAgent) => waitFor('health', () => state(agent)?.phase === 'healthy', 30_000);
const alertsOf = ({ alerts }: FakeAgent) => alerts.read(0, 100).map(({ message }) => readAlertMessage(message).text);
const pidOf = (agent: FakeAgent) => waitFor('a process', () => state(agent)?.pid, 30_000);

async function start(fake: FakeModule = {}, times: Partial<SupervisionTimes> = {}): Promise<FakeAgent> {
  const agent = createFakeAgent({ folder: folder.path, program: writeFakeModule(folder.path, fake), times });
  agents.push(agent);
  await agent.modules.start();
  return agent;
}

test('an enabled module is started, registers, and can be asked; the others are disabled', async () => {
  const agent = await start();
  await isHealthy(agent);
  expect(state(agent)).toEqual({
    name,
    phase: 'healthy',
    pid: expect.any(Number),
    starttime: expect.stringMatching(/^\d{4}-.+Z$/),
    restarts: 0,
  });
  expect(agent.modules.socketOf(name)).toBe('unix:/run/fake.sock');
  expect(agent.modules.socketOf('file')).toBeUndefined();
  const others = agent.modules.states().filter((one) => one.name !== name);
  expect(others.every(({ phase }) => phase === 'disabled')).toBe(true);
});

test('one that is killed is back within 2 seconds, counted, with an alert', async () => {
  const agent = await start();
  await isHealthy(agent);
  const pid = await pidOf(agent);
  const killedMs = performance.now();
  process.kill(pid, 'SIGKILL');
  await waitFor('the next one', () => state(agent)?.phase === 'healthy' && state(agent)?.pid !== pid, 30_000);
  expect(performance.now() - killedMs).toBeLessThan(2000);
  expect(state(agent)).toMatchObject({ restarts: 1, lastFailure: { reason: 'it was ended by SIGKILL' } });
  expect(alertsOf(agent)).toEqual([`module ${name}: it was ended by SIGKILL`]);
  expect(agent.events.map(({ kind, text }) => (kind === 'state' ? text : kind))).toEqual([
    'starting',
    'healthy',
    'log',
    'alert',
    'waiting',
    'starting',
    'healthy',
  ]);
});

test('with extra privacy a module is told to mask, and lines of its log stay on the host', async () => {
  const seen = join(folder.path, 'config');
  const first = `echo "$config" > ${seen}; echo '{"class":"log","parameters":{"message":"saw /home/ann"}}'`;
  const agent = createFakeAgent({
    folder: folder.path,
    program: writeFakeModule(folder.path, { first }),
    extraPrivacy: true,
  });
  agents.push(agent);
  await agent.modules.start();
  await isHealthy(agent);
  expect(JSON.parse(readFileSync(seen, 'utf8'))).toMatchObject({ class: 'config', parameters: { extraprivacy: true } });
  expect(agent.logged.join()).toContain('/home/ann');
  expect(agent.events.filter(({ kind }) => kind === 'log').map(({ text }) => text)).toContain('masked');
  expect(JSON.stringify(agent.events)).not.toContain('ann');
});

test('a stop leaves nothing', async () => {
  const agent = await start();
  await isHealthy(agent);
  const pid = await pidOf(agent);
  expect(await agent.modules.stop({ prepareMs: 5000, stopMs: 5000 })).toEqual([
    { module: name, forced: false, unprepared: false },
  ]);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(state(agent)).toEqual({ name, phase: 'stopped', restarts: 0 });
  expect(agent.modules.socketOf(name)).toBeUndefined();
  expect(await agent.modules.restart(name, { timeoutMs: 100 })).toMatchObject({
    success: false,
    reason: 'the agent is stopping',
  });
});

describe('a restart', () => {
  test('waits for the end of the old process and for the health of the new one', async () => {
    const agent = await start();
    await isHealthy(agent);
    const oldPid = await pidOf(agent);
    const done = await agent.modules.restart(name, { timeoutMs: 5000 });
    expect(done).toEqual({
      success: true,
      oldPid,
      newPid: state(agent)?.pid,
      durationMs: expect.any(Number),
      forced: false,
      reason: undefined,
    });
    expect(done.newPid).not.toBe(oldPid);
    expect(state(agent)).toMatchObject({ phase: 'healthy', restarts: 1 });
    expect(alertsOf(agent)).toEqual([]);
  });

  test('of one that ignores everything is forced, and still healthy after it', async () => {
    const agent = await start({ first: "trap '' TERM", prepare: ':', stop: ':' });
    await isHealthy(agent);
    const done = await agent.modules.restart(name, { timeoutMs: 200 });
    expect(done).toMatchObject({ success: true, forced: true });
    expect(agent.logged.filter((line) => line.includes('and is killed'))).toHaveLength(1);
  });

  test('of one that does not come up again says why', async () => {
    const agent = await start({ first: `[ -e ${folder.path}/no ] && { echo "no room" >&2; exit 3; }` });
    await isHealthy(agent);
    writeFileSync(join(folder.path, 'no'), '');
    const done = await agent.modules.restart(name, { timeoutMs: 5000 });
    expect(done).toMatchObject({ success: false, reason: 'it ended with status 3: no room', newPid: undefined });
  });

  test.each([
    ['file', 'module file is not persistent here'],
    ['nothing', 'module nothing is not persistent here'],
  ])('of %s is refused', async (wrong, reason) => {
    const agent = await start();
    expect(await agent.modules.restart(wrong, { timeoutMs: 100 })).toMatchObject({ success: false, reason });
  });
});

describe('what a module leaves behind', () => {
  // One in its group, one in a session of its own, and a grandchild of that.
  const family = 'sleep 1000 & setsid sh -c "sleep 1000 & sleep 1000" >/dev/null 2>&1 </dev/null &';

  test.each([
    ['ends with a stop', (agent: FakeAgent) => agent.modules.stop({ prepareMs: 1000, stopMs: 5000 })],
    ['ends with a restart', (agent: FakeAgent) => agent.modules.restart(name, { timeoutMs: 5000 })],
    [
      'ends with a kill -9',
      async (agent: FakeAgent) => {
        process.kill(await pidOf(agent), 'SIGKILL');
        await waitFor('a restart', () => state(agent)?.restarts === 1, 30_000);
      },
    ],
  ])('%s', async (_, end) => {
    const agent = await start({ first: family });
    await isHealthy(agent);
    const before = await waitFor('the family', async () => {
      const found = await survivors();
      return found.length >= 5 && found;
    });
    await end(agent);
    const after = await survivors();
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  });

  test('is ended by the next life of the agent, and nobody else', async () => {
    const agent = await start({ first: family });
    await isHealthy(agent);
    const old = await survivors();
    const stranger = spawn('sleep', ['1000'], {
      env: { ...process.env, GUMSHOE_MODULE: `${folder.path}-other:${name}` },
    });
    // What a stale record may say: the id of somebody else.
    const record = join(folder.path, 'state', 'modules.json');
    const written = JSON.parse(readFileSync(record, 'utf8')) as { children: Record<string, unknown> };
    written.children['gone'] = { pid: stranger.pid, startTicks: 1 };
    writeFileSync(record, JSON.stringify(written));
    const next = createFakeAgent({ folder: folder.path, program: writeFakeModule(folder.path) });
    agents.push(next);
    await next.modules.start();
    expect((await survivors()).filter((pid) => old.includes(pid))).toEqual([]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
    await isHealthy(next);
  });
});

describe('a module that breaks the rules is killed, with the reason', () => {
  test.each([
    ['a flood of lines', { loop: `yes '{"class":"ping"}'` }, /floods/],
    ['an endless line', { loop: 'cat /dev/zero | tr "\\0" x' }, /expected a line of at most 1048576 bytes/],
    ['no messages', { loop: 'yes garbage' }, /no messages|floods/],
    ['a class that is not for it to send', { loop: `echo '{"class":"config"}'; sleep 1000` }, /class config/],
    ['a socket that is none', { register: sayRegistered.replace('unix:', 'ftp:') }, /registered expected a socket/],
  ] as const)('%s', async (_, fake, reason) => {
    const agent = await start(fake);
    await waitFor('a failure', () => state(agent)?.lastFailure !== undefined, 30_000);
    expect(state(agent)?.lastFailure?.reason).toMatch(reason);
    expect(alertsOf(agent)[0]).toMatch(reason);
  });

  test('a silence', async () => {
    const agent = await start({}, { pingMs: 50, silenceMs: 500, firstPauseMs: 10 });
    await isHealthy(agent);
    const pid = await pidOf(agent);
    process.kill(pid, 'SIGSTOP');
    await waitFor('silence', () => state(agent)?.phase === 'silent');
    await waitFor('the next one', () => state(agent)?.phase === 'healthy' && state(agent)?.pid !== pid, 30_000);
    expect(state(agent)?.lastFailure?.reason).toBe('it was killed: it did not echo pings for 0.5 s');
  });

  test('no registration', async () => {
    const agent = await start({ register: '' }, { registerMs: 200 });
    await waitFor('a failure', () => state(agent)?.lastFailure !== undefined, 30_000);
    expect(state(agent)?.lastFailure?.reason).toContain('did not register within 0.2 s');
  });

  test('a closed input', async () => {
    const agent = await start({ loop: 'exec 0</dev/null; sleep 1000' }, { pingMs: 20, silenceMs: 20_000 });
    await waitFor('a failure', () => state(agent)?.lastFailure !== undefined, 30_000);
    expect(state(agent)?.lastFailure?.reason).toMatch(/cannot be written to|did not echo/);
  });
});

test('lines that are no messages are logged while they are few', async () => {
  const agent = await start({ first: 'echo hello; echo words >&2' });
  await isHealthy(agent);
  await waitFor('both lines', () => {
    const text = agent.logged.join('');
    return text.includes('it wrote a line that is no message') && text.includes('"message":"words"');
  });
  expect(state(agent)?.phase).toBe('healthy');
});

test('a program that is not there is a failure like others', async () => {
  const agent = createFakeAgent({ folder: folder.path, program: join(folder.path, 'none') });
  agents.push(agent);
  await agent.modules.start();
  await waitFor('a failure', () => state(agent)?.phase === 'waiting');
  expect(state(agent)?.lastFailure?.reason).toMatch(/it could not be started: .*ENOENT/);
});

test('logs, alerts and events of a module are handed on', async () => {
  const message = (parameters: unknown, kind: string) =>
    `echo '${JSON.stringify({ class: kind, parameters }).replaceAll("'", "'\\''")}'`;
  const agent = await start({
    first: [
      message({ message: 'a line' }, 'log'),
      message({ message: '{"severity":"low","alert":"100% of %s"}' }, 'alert'),
      message({ text: '{"x":1}' }, 'event'),
    ].join('\n'),
  });
  await isHealthy(agent);
  expect(alertsOf(agent)).toEqual(['100% of %s']);
  expect(agent.events.filter(({ kind }) => kind !== 'state').map(({ kind, text }) => [kind, text])).toEqual([
    ['log', 'a line'],
    ['alert', '{"severity":"low","alert":"100% of %s"}'],
    ['data', '{"x":1}'],
  ]);
});
