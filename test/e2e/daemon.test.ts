import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDaemon, openTestLink } from '../helpers/daemon.ts';
import { runProgram } from '../helpers/run-program.ts';
import { openTerminal } from '../helpers/terminal.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

const asRoot = process.getuid?.() === 0;
const hostname = { module: 'example', parameters: { gethostname: true } };
const action = (...operations: readonly unknown[]) => ({ name: 'n', target: 'local', operations });
const status = '{"type":"status"}\n';

/** Somebody who never answers: an operation that asks him lasts as long as it may. */
let silent: DatagramSocket;
const waiting = () => ({
  module: 'ping',
  parameters: {
    destination: '127.0.0.1',
    destinationport: silent.address().port,
    protocol: 'udp',
    count: 1,
    timeout: 60,
  },
});
beforeAll(async () => {
  silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(() => silent.close());

const timeout = 120_000;
const agentOf = async (daemon: Awaited<ReturnType<typeof startDaemon>>) => {
  const [answer] = await daemon.call(status);
  if (answer?.type !== 'status') throw new Error(`no status: ${JSON.stringify(answer)}`);
  return answer;
};

describe.runIf(process.platform === 'linux')('gumshoe-agent as a daemon', () => {
  test('runs once in a run folder, says so, and ends when it is asked to', { timeout }, async () => {
    await using daemon = await startDaemon();
    const { pid } = daemon.process;
    expect(statSync(daemon.socketPath).mode & 0o777).toBe(0o600);
    expect(statSync(daemon.env['GUMSHOE_RUN'] ?? '').mode & 0o777).toBe(0o700);
    const second = await runProgram('gumshoe-agent', [], { env: daemon.env });
    expect(second.status).toBe(2);
    expect(second.stderr).toContain(`the agent with pid ${pid} runs here already, since 20`);
    const elsewhere = { ...daemon.env, GUMSHOE_RUN: join(daemon.folder, 'other') };
    const third = await runProgram('gumshoe-agent', [], { env: elsewhere });
    expect(third.status).toBe(2);
    expect(third.stderr).toContain(`it holds ${join(daemon.env['GUMSHOE_STATE'] ?? '', 'state.lock')}`);
    const asked = await daemon.ask('status');
    expect(asked.status).toBe(0);
    expect(asked.stdout).toMatch(new RegExp(`^pid +${pid}$`, 'm'));
    const json = await daemon.ask('status', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ type: 'status', agent: { mode: 'daemon', pid }, links: 0 });
    expect(await daemon.ask('shutdown')).toEqual({
      status: 0,
      stdout: `the agent with pid ${pid} has ended\n`,
      stderr: '',
    });
    expect(await daemon.ended()).toBe(0);
    expect(readdirSync(daemon.env['GUMSHOE_RUN'] ?? '')).toEqual(['agent.lock']);
    const none = await daemon.ask('status');
    expect(none.status).toBe(3);
    expect(none.stderr).toContain(`no agent runs in ${daemon.env['GUMSHOE_RUN']}`);
  });

  test('answers a thousand questions and two hundred links without keeping anything of them', { timeout }, async () => {
    await using daemon = await startDaemon();
    const { pid } = daemon.process;
    const descriptors = (): number => readdirSync(`/proc/${pid}/fd`).length;
    const residentMiB = (): number =>
      Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
    await agentOf(daemon);
    const before = descriptors();
    const idle = residentMiB();
    for (let time = 0; time < 1000; time++) expect((await agentOf(daemon)).agent.pid).toBe(pid);
    for (let time = 0; time < 200; time++) {
      const socket = connect(daemon.socketPath);
      socket.write('{"type":"hello","protocol":1,"version":"test"}\n');
      await once(socket, 'data');
      socket.destroy();
      await once(socket, 'close');
    }
    await waitFor('all links to be over', async () => (await agentOf(daemon)).links === 0);
    // What a link needed ready may still be there.
    await waitFor('the descriptors to be closed', () => descriptors() <= before + 8, 60_000);
    process.stdout.write(
      `the daemon idle: ${idle} MiB, after a thousand questions and 200 links: ${residentMiB()} MiB\n`,
    );
    expect(residentMiB()).toBeLessThan(idle + 60);
  });

  test('ends in order on TERM: the action is cancelled, and its console told', { timeout }, async () => {
    await using daemon = await startDaemon();
    const link = daemon.link();
    await link.hello();
    link.send({ type: 'action', ref: 'r', action: action(waiting()) });
    await link.says('the action to run', () => link.reports('r').length > 0);
    daemon.process.kill('SIGTERM');
    expect(await daemon.ended()).toBe(0);
    expect(await link.ended()).toBe(1);
    expect(link.words()).toContain('the daemon ended the link');
    expect(link.reports('r').at(-1)).toEqual({ kind: 'done', status: 'cancelled' });
    expect(JSON.stringify(link.reports('r'))).toContain('cancelled: the agent is stopping');
    expect(existsSync(daemon.socketPath)).toBe(false);
    expect(daemon.logged()).toContain('agent stopped');
  });

  test(
    'starts again after it was killed, where its socket still lies, with the same identity',
    { timeout },
    async () => {
      await using daemon = await startDaemon();
      const { id } = (await agentOf(daemon)).agent;
      daemon.process.kill('SIGKILL');
      await daemon.ended();
      expect(existsSync(daemon.socketPath)).toBe(true);
      expect((await daemon.ask('status')).status).toBe(3);
      await daemon.start();
      const { agent } = await agentOf(daemon);
      expect([agent.id, agent.pid]).toEqual([id, daemon.process.pid]);
    },
  );

  test('opens its log again on HUP, where somebody moved it away', { timeout }, async () => {
    using folder = createTemporaryFolder();
    const [config, log] = [join(folder.path, 'agent.yaml'), join(folder.path, 'agent.log')];
    writeFileSync(config, `log: { file: ${log} }\n`);
    await using daemon = await startDaemon({ config, log });
    renameSync(log, `${log}.1`);
    daemon.process.kill('SIGHUP');
    await waitFor(
      'the new log',
      () => existsSync(log) && readFileSync(log, 'utf8').includes('log opened again'),
      60_000,
    );
    expect(readFileSync(`${log}.1`, 'utf8')).not.toContain('log opened again');
    expect((await agentOf(daemon)).log).toBe(log);
  });

  test('is reached where its configuration was broken since it started', { timeout }, async () => {
    using folder = createTemporaryFolder();
    const config = join(folder.path, 'agent.yaml');
    const run = join(folder.path, 'run');
    writeFileSync(config, `run: ${run}\n`);
    await using daemon = await startDaemon({ config });
    writeFileSync(config, `run: ${run}\nnamee: a\n`);
    const asked = await daemon.ask('status');
    expect(asked.status).toBe(0);
    expect(asked.stderr).toContain(`the configuration is broken: ${config}:2: namee: `);
    expect(asked.stderr).toContain(`the agent is looked for in ${run}`);
    expect(await daemon.ask('shutdown')).toMatchObject({
      status: 0,
      stdout: `the agent with pid ${daemon.process.pid} has ended\n`,
    });
  });

  test('logs for people on a terminal', { timeout }, async () => {
    using folder = createTemporaryFolder();
    const [run, state] = [join(folder.path, 'run'), join(folder.path, 'state')];
    const env = { GUMSHOE_RUN: run, GUMSHOE_STATE: state, GUMSHOE_AGENT_CONFIG: 'none' };
    const command = resolve(import.meta.dirname, '../../bin/gumshoe-agent');
    const terminal = openTerminal({ command, env, columns: 300 });
    try {
      await terminal.waitFor(/Z info +agent ready socket=/, 60_000);
      terminal.kill('SIGTERM');
      expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    } finally {
      await terminal.close();
    }
  });

  test('refuses to run in a folder that others may write to', { timeout }, async () => {
    using folder = createTemporaryFolder();
    const run = join(folder.path, 'run');
    mkdirSync(run);
    chmodSync(run, 0o777);
    const env = { GUMSHOE_RUN: run, GUMSHOE_STATE: join(folder.path, 'state'), GUMSHOE_AGENT_CONFIG: 'none' };
    const { status: code, stderr } = await runProgram('gumshoe-agent', [], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('expected a folder that nobody else may write to, got mode 777');
  });
});

describe.runIf(process.platform === 'linux')('--stdio beside a daemon', () => {
  test('serves two consoles, each with what is its own', { timeout }, async () => {
    await using daemon = await startDaemon();
    const links = [daemon.link(), daemon.link()] as const;
    for (const [at, link] of links.entries()) {
      const { agent } = await link.hello();
      expect(agent).toMatchObject({ mode: 'daemon', pid: daemon.process.pid });
      link.send({ type: 'action', ref: `r${at}`, action: action(hostname) });
    }
    for (const [at, link] of links.entries()) {
      await link.says('the end', () => link.reports(`r${at}`).some(({ kind }) => kind === 'done'));
      const refs = link.frames.flatMap((frame) => (frame.type === 'report' ? [frame.ref] : []));
      expect(new Set(refs)).toEqual(new Set([`r${at}`]));
    }
    expect((await agentOf(daemon)).links).toBe(2);
    links[0].send({ type: 'bye' });
    links[1].process.stdin?.end();
    expect(await Promise.all(links.map((link) => link.ended()))).toEqual([1, 0]);
    await waitFor('both to be gone', async () => (await agentOf(daemon)).links === 0);
    expect(daemon.logged()).toContain(`"investigator":"alice (uid ${process.getuid?.()})"`);
  });

  test('an action outlives the link that brought it, and is resumed over the next', { timeout }, async () => {
    await using daemon = await startDaemon();
    const first = daemon.link();
    await first.hello();
    first.send({ type: 'action', ref: 'r', action: action(hostname, waiting()) });
    await first.says('the first result', () => first.reports('r').some(({ kind }) => kind === 'result'));
    first.process.kill('SIGKILL');
    await waitFor('the link to be over', async () => (await agentOf(daemon)).links === 0);
    expect((await agentOf(daemon)).running).toBe(1);
    const next = daemon.link('--daemon');
    await next.hello();
    next.send({ type: 'resume', ref: 'r', after: 1 });
    next.send({ type: 'resume', ref: 'never', after: 0 });
    await next.says('unknown', () => next.frames.some((frame) => frame.type === 'unknown' && frame.ref === 'never'));
    next.send({ type: 'cancel', ref: 'r' });
    await next.says('the end', () => next.reports('r').some(({ kind }) => kind === 'done'));
    expect(next.reports('r').map((report) => (report.kind === 'result' ? report.status : report.kind))).toEqual([
      'success',
      'cancelled',
      'done',
    ]);
  });

  test(
    'carries large results to a console that pauses, and the daemon does not grow meanwhile',
    { timeout },
    async () => {
      await using daemon = await startDaemon();
      using folder = createTemporaryFolder();
      const line = `${'findme '.repeat(20)}\n`;
      for (let file = 0; file < 20; file++) writeFileSync(join(folder.path, `f${file}`), line.repeat(20_000));
      const search = {
        paths: [folder.path],
        contents: ['findme'],
        options: { matchall: true, matchlimit: 100_000, maxdepth: 1, returnsha256: true },
      };
      const link = daemon.link();
      await link.hello();
      link.process.stdout?.pause();
      const operations = Array.from({ length: 12 }, () => ({
        module: 'file',
        parameters: { searches: { s1: search } },
      }));
      link.send({ type: 'action', ref: 'r', action: action(...operations) });
      await waitFor('the action to run', async () => (await agentOf(daemon)).running === 1);
      link.process.stdout?.resume();
      await link.says('the end', () => link.reports('r').some(({ kind }) => kind === 'done'));
      expect(link.reports('r').filter(({ kind }) => kind === 'result')).toHaveLength(12);
    },
  );

  test(
    'serves by itself where no daemon is, where one is asked not to be used, and where one does not answer',
    { timeout },
    async () => {
      await using daemon = await startDaemon();
      const own = daemon.link('--own');
      expect((await own.hello()).agent.mode).toBe('stdio');
      daemon.process.kill('SIGSTOP');
      const beside = daemon.link();
      expect((await beside.hello()).agent.mode).toBe('stdio');
      const operations = ['examplepersist', 'agentrestart'].map((module) => ({ module, parameters: {} }));
      beside.send({ type: 'action', ref: 'r', action: action(...operations) });
      await beside.says('the end', () => beside.reports('r').some(({ kind }) => kind === 'done'));
      const said = JSON.stringify(beside.reports('r'));
      const why = `an agent holds ${daemon.env['GUMSHOE_RUN']} (pid ${daemon.process.pid}) and does not answer; `;
      expect(said).toContain(`examplepersist: ${why}so this console has an agent of its own`);
      expect(said).toContain(`agentrestart: the daemon cannot be reached: ${why}`);
      daemon.process.kill('SIGCONT');
      daemon.process.kill('SIGTERM');
      await daemon.ended();
      const alone = daemon.link();
      expect((await alone.hello()).agent.mode).toBe('stdio');
      alone.send({ type: 'action', ref: 'r', action: action(hostname) });
      await alone.says('the end', () => alone.reports('r').some(({ kind }) => kind === 'done'));
    },
  );

  test('insists on a daemon for ten seconds, and then says which one it missed', { timeout }, async () => {
    using folder = createTemporaryFolder();
    const env = { GUMSHOE_RUN: join(folder.path, 'run'), GUMSHOE_STATE: folder.path, GUMSHOE_AGENT_CONFIG: 'none' };
    const link = openTestLink(['--stdio', '--daemon'], env);
    expect(await link.ended()).toBe(2);
    expect(link.words()).toContain(`expected an agent within 10 s, got none: ${env.GUMSHOE_RUN}/agent.sock: ENOENT`);
  });
});

describe.runIf(process.platform === 'linux' && asRoot)('callers of a daemon', () => {
  /** As nobody: what the agent is asked, by a program that this account may run. */
  const askAsNobody = (socketPath: string, text: string) =>
    spawnSync(
      'setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        '-e',
        `const s = require('net').connect(process.argv[1]); s.write(process.argv[2]); s.pipe(process.stdout); s.on('error', (e) => console.log(e.code));`,
        socketPath,
        text,
      ],
      { encoding: 'utf8', cwd: '/', timeout: 60_000 },
    ).stdout;

  test('of another account do not get in', { timeout }, async () => {
    await using daemon = await startDaemon();
    chmodSync(daemon.folder, 0o755);
    expect(askAsNobody(daemon.socketPath, status).trim()).toBe('EACCES');
  });

  test(
    'are refused by name where others are allowed, and let in when they are allowed themselves',
    { timeout },
    async () => {
      using folder = createTemporaryFolder();
      const config = (allow: string): string => {
        const path = join(folder.path, `${allow}.yaml`);
        writeFileSync(path, `allow: [${allow}]\n`);
        return path;
      };
      {
        await using daemon = await startDaemon({ config: config('1') });
        chmodSync(daemon.folder, 0o755);
        expect(statSync(daemon.socketPath).mode & 0o777).toBe(0o666);
        const said = askAsNobody(daemon.socketPath, status);
        expect(JSON.parse(said)).toMatchObject({
          type: 'problem',
          error: { code: 'CALLER_REFUSED', message: 'uid 65534 may not talk to this agent, which runs as uid 0' },
        });
        expect((await agentOf(daemon)).agent.pid).toBe(daemon.process.pid);
      }
      await using daemon = await startDaemon({ config: config('65534') });
      chmodSync(daemon.folder, 0o755);
      expect(JSON.parse(askAsNobody(daemon.socketPath, status))).toMatchObject({ type: 'status' });
    },
  );
});
