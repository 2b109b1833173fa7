import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../helpers/run-program.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

const passwd = /^\S+ \/etc\/passwd \[lastmodified:[^\]]*, mode:-rw-r--r--, size:\d+\] in search 's1'$/m;

describe('a one-shot command', () => {
  test('prints what was found on standard output and nothing else there, exit status 0', async () => {
    using folder = createTemporaryFolder();
    const env = { GUMSHOE_HOME: folder.path };
    const { status, stdout } = await runProgram(
      'gumshoe',
      ['file', '-t', 'local', '-path', '/etc', '-name', '^passwd$'],
      { env },
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(passwd);
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/ in search 's1'$/);
  });

  test('that finds nothing prints nothing, exit status 1', async () => {
    using folder = createTemporaryFolder();
    const env = { GUMSHOE_HOME: folder.path };
    const { status, stdout } = await runProgram('gumshoe', ['file', '-path', '/etc', '-name', '^no-such-name$'], {
      env,
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  test.each([
    [['file', '-path', '/etc', '-name', '('], /^gumshoe: -name: expected a regular expression.*\n$/],
    [['flie', '-path', '/etc'], /^gumshoe: "flie" is no module and no command: did you mean file\?.*\n$/],
    [['create', 'action'], /^gumshoe: "create" is a command of the console, not of the shell.*\n$/],
    [['file', '-pth', '/etc'], /^gumshoe: -pth is not a flag of this module: did you mean -path\?.*\n$/],
    [['file', '-path', '/etc', '-name'], /^gumshoe: -name: expected a value, got the end of the line.*\n$/],
    [['file', '-t', "os='linux'", '-path', '/etc', '-name', 'x'], /^gumshoe: target, at character 1, near "os": .*\n$/],
    [
      ['file', '-t', "environment->>'os'='plan9'", '-path', '/etc', '-name', 'x'],
      /^gumshoe: 0 agents match the target .* and are online.*\n$/,
    ],
    [['file', '-show', 'some', '-path', '/etc'], /^gumshoe: -show: expected found, notfound or all, got "some".*\n$/],
    [['-i', '/nowhere.json'], /^gumshoe: expected an action file, got \/nowhere\.json: ENOENT.*\n$/],
    [['results', '7'], /^gumshoe: case default has no action 7.*\n$/],
  ])('that is wrong says so in one line on standard error, exit status 2: %j', async (args, message) => {
    using folder = createTemporaryFolder();
    const { status, stdout, stderr } = await runProgram('gumshoe', args, { env: { GUMSHOE_HOME: folder.path } });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('that an agent does not answer ends with 3 and the reason', async () => {
    using folder = createTemporaryFolder();
    const agent = `${folder.path}/agent.mjs`;
    writeFileSync(agent, 'process.stderr.write("broken\\n"); process.exitCode = 1;');
    const env = { GUMSHOE_HOME: folder.path, GUMSHOE_AGENT: agent };
    const { status, stdout, stderr } = await runProgram('gumshoe', ['file', '-path', '/etc', '-name', 'x'], { env });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain('broken');
  });

  test('gives formats for other programs, and earlier results again', async () => {
    using folder = createTemporaryFolder();
    const env = { GUMSHOE_HOME: folder.path };
    const first = await runProgram('gumshoe', ['file', '-path=/etc', '-name=^passwd$', '--format', 'jsonl'], { env });
    const files = first.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { file: string }).file);
    expect(files).toContain('/etc/passwd');
    const again = await runProgram('gumshoe', ['results', '1', '--format', 'jsonl'], { env });
    expect(again).toMatchObject({ status: 0, stdout: first.stdout });
    const counted = await runProgram('gumshoe', ['results', '1', '|', 'grep', '/etc/passwd', '|', 'count'], { env });
    expect(counted.stdout).toBe('1\n');
    const actions = await runProgram('gumshoe', ['actions'], { env });
    expect(actions).toMatchObject({ status: 0, stdout: expect.stringMatching(/^1 {3}file -path=\/etc/m) as string });
    const csv = `${folder.path}/out.csv`;
    expect((await runProgram('gumshoe', ['export', '1', 'csv', csv], { env })).status).toBe(0);
    expect(readFileSync(csv, 'utf8')).toContain('/etc/passwd');
    expect((await runProgram('gumshoe', ['export', '1', 'csv', csv], { env })).status).toBe(2);
    expect((await runProgram('gumshoe', ['agents'], { env })).stdout).toMatch(/ {2}local {3}online/);
  });

  test('prints its action, and runs it from the file', async () => {
    using folder = createTemporaryFolder();
    const env = { GUMSHOE_HOME: folder.path };
    const printed = await runProgram('gumshoe', ['file', '-p', '-n', 'mine', '-path', '/etc', '-name', '^passwd$'], {
      env,
    });
    expect(printed.status).toBe(0);
    expect(JSON.parse(printed.stdout)).toMatchObject({ name: 'mine', target: 'local', syntaxversion: 2 });
    const path = `${folder.path}/action.json`;
    writeFileSync(path, printed.stdout.replace('"local"', '"queueloc LIKE \'linux.%\'"'));
    const run = await runProgram('gumshoe', ['-i', path], { env });
    expect(run.stdout).toMatch(passwd);
    expect(run.status).toBe(0);
  });

  test('shows everything when it is asked to, errors of the module too', async () => {
    using folder = createTemporaryFolder();
    const env = { GUMSHOE_HOME: folder.path };
    const args = ['file', '-path', '/no/such/folder', '-name', 'x', '-show', 'all'];
    const { status, stdout } = await runProgram('gumshoe', args, { env });
    expect([1, 3]).toContain(status);
    expect(stdout).toContain('/no/such/folder');
  });

  test.each([
    [['-V'], /^gumshoe \d+\.\d+\.\d+\n$/],
    [['--help'], /exit status: 0 something found/],
    [['help'], /exit status: 0 something found/],
    [['help', 'file'], /^file: /],
    [['file', 'help'], /^file: /],
    [['file', '-h'], /^file: /],
    [['help', 'results'], /^results: .*\nusage: gumshoe results /],
    [['help', 'pivot'], /^pivot: .*\nusage: pivot .*\n {2}pivot .*a command of the console: start "gumshoe"/s],
  ])('%j explains itself', async (args, expected) => {
    const { status, stdout } = await runProgram('gumshoe', args);
    expect(status).toBe(0);
    expect(stdout).toMatch(expected);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'that is stopped by %s prints what had arrived, exit status 130',
    async (signal) => {
      using folder = createTemporaryFolder();
      const bin = resolve(import.meta.dirname, '../../bin/gumshoe');
      const child = spawn(
        bin,
        [
          'file',
          '-path',
          '/etc',
          '-path',
          '/usr',
          '-path',
          '/proc',
          '-content',
          'no such text anywhere',
          '-content',
          '!x',
          '-matchany',
          '-v',
        ],
        {
          env: { ...process.env, GUMSHOE_HOME: folder.path },
        },
      );
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.stdout.resume();
      await waitFor('the launch', () => stderr.includes('event reported'));
      const closed = new Promise((settle) => child.once('close', settle));
      child.kill(signal);
      expect(await closed).toBe(130);
      expect(stderr).toMatch(/^1 agent, operations: /m);
    },
  );

  test('that finds nothing because it could not look says that there were errors', async () => {
    using folder = createTemporaryFolder();
    const env = { GUMSHOE_HOME: folder.path };
    const { status, stdout, stderr } = await runProgram('gumshoe', ['file', '-path', '/nonexistent', '-name', 'x'], {
      env,
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('1 nothing, 1 error told: "gumshoe results 1 all" shows why');
    expect(stderr).toContain(' ERROR: open /nonexistent: no such file or directory');
  });

  test('whose output cannot be written says so, exit status 3', async () => {
    using folder = createTemporaryFolder();
    const bin = resolve(import.meta.dirname, '../../bin/gumshoe');
    const full = openSync('/dev/full', 'w');
    const child = spawn(bin, ['file', '-path', '/etc', '-name', '^passwd$'], {
      stdio: ['ignore', full, 'pipe'],
      env: { ...process.env, GUMSHOE_HOME: folder.path },
    });
    closeSync(full);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const status = await new Promise((settle) => child.once('close', settle));
    expect(status).toBe(3);
    expect(stderr).toContain('gumshoe: standard output cannot be written: ENOSPC');
  });
});
