import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../helpers/run-program.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';

/** The console with a script as its standard input and a case of its own. */
async function runScript(
  lines: readonly string[],
  options: {
    readonly home: string;
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  },
) {
  return runProgram('gumshoe', options.args ?? [], {
    input: lines.join('\n'),
    env: { GUMSHOE_HOME: options.home, ...options.env },
  });
}

const launchPasswd = [
  'create action',
  'name find passwd',
  'target local',
  'add file -path /etc -name ^passwd$',
  'launch',
  'y',
];

describe('the console with a pipe as standard input', () => {
  test('finds /etc/passwd on this host and shows it with its facts, prefixed by the agent', async () => {
    using folder = createTemporaryFolder();
    const { status, stdout, stderr } = await runScript([...launchPasswd, 'results', 'exit', ''], { home: folder.path });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^\S+ \/etc\/passwd \[lastmodified:\d{4}-\d\d-\d\d .* UTC, mode:-rw-r--r--, size:\d+\] in search 's1'$/m,
    );
  });

  test("takes the answers to a module's questions from the lines behind it", async () => {
    using folder = createTemporaryFolder();
    const { status, stdout, stderr } = await runScript(
      [
        'create action',
        'name q',
        'target local',
        'add file',
        's1',
        '/etc',
        'name (',
        'name ^passwd$',
        'done',
        'done',
        'add',
        'launch',
        'y',
        'results',
        'exit',
      ],
      { home: folder.path },
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/^line 7: expected a regular expression.*\n$/);
    expect(stdout).toMatch(/ \/etc\/passwd \[/);
  });

  test('tells errors on standard error with the number of the line, and goes on', async () => {
    using folder = createTemporaryFolder();
    const { status, stdout, stderr } = await runScript(
      ['foo', '# a comment', '', 'results 7', 'set format yaml', 'help'],
      {
        home: folder.path,
      },
    );
    expect(status).toBe(0);
    expect(stderr.split('\n').filter((line) => line.startsWith('line'))).toEqual([
      'line 1: "foo" is no command of mode base',
      'line 4: case default has no action 7',
      expect.stringMatching(/^line 5: expected a format /),
    ]);
    expect(stdout).toContain('commands of mode base');
  });

  test('stops at the first error with --fail-fast, exit status 2', async () => {
    using folder = createTemporaryFolder();
    const { status, stdout } = await runScript(['foo', 'help'], { home: folder.path, args: ['--fail-fast'] });
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });

  test('keeps the draft when the input ends in the middle of a question', async () => {
    using folder = createTemporaryFolder();
    const first = await runScript(launchPasswd.slice(0, -1), { home: folder.path });
    expect(first.status).toBe(0);
    expect(first.stderr).toContain('the question was left without an answer');
    const second = await runScript(['create action', 'show'], { home: folder.path });
    expect(second.stdout).toContain(
      'draft \'find passwd\' with 1 operation: "create action" resumes it, "drop" removes it',
    );
    expect(second.stdout).toContain('^passwd$');
  });

  test('survives binary input, a line of 10 MB and a last line without an end', async () => {
    using folder = createTemporaryFolder();
    const input = Buffer.concat([
      Buffer.from([0xff, 0x00, 0x1b, 10]),
      Buffer.alloc(10 * 1024 * 1024, 120),
      Buffer.from('\nhelp modules'),
    ]);
    const { status, stdout, stderr } = await runProgram('gumshoe', [], { input, env: { GUMSHOE_HOME: folder.path } });
    expect(status).toBe(0);
    expect(stdout).toContain('netstat');
    expect(stderr).toContain('line 1: expected a line of text in UTF-8, got other bytes');
    expect(stderr).toContain('line 2: expected a line of at most 1048576 bytes, got 10485760');
  });

  test('works in memory and says so where its case cannot be used', async () => {
    using folder = createTemporaryFolder();
    mkdirSync(`${folder.path}/cases`);
    writeFileSync(`${folder.path}/cases/default.db`, 'this is no database, though it is long enough'.repeat(50));
    const { status, stdout } = await runScript([...launchPasswd, 'results', 'exit'], { home: folder.path });
    expect(status).toBe(0);
    expect(stdout).toContain('to be the database of a case');
    expect(stdout).toContain('this console works in memory');
    expect(stdout).toMatch(/ \/etc\/passwd \[/);
  });

  test('says why an agent that does not start is missing, and keeps the draft', async () => {
    using folder = createTemporaryFolder();
    const agent = `${folder.path}/agent.mjs`;
    writeFileSync(agent, 'process.stderr.write("no such luck\\n"); process.exitCode = 3;');
    const { status, stdout, stderr } = await runScript([...launchPasswd, 'show', 'agents'], {
      home: folder.path,
      env: { GUMSHOE_AGENT: agent },
    });
    expect(status).toBe(0);
    expect(stderr).toContain('no such luck');
    expect(stdout).toMatch(/local {2}local {3}lost/);
    expect(stdout).toContain('operations   1');
  });

  test('is refused a case that could be a path', async () => {
    using folder = createTemporaryFolder();
    const { status, stderr } = await runScript([], { home: folder.path, args: ['--case', '../x'] });
    expect(status).toBe(2);
    expect(stderr).toContain('expected the name of a case, got "../x"');
  });

  test('ends quietly when the reader of its output has seen enough', async () => {
    using folder = createTemporaryFolder();
    const bin = resolve(import.meta.dirname, '../../bin/gumshoe');
    const script = [...Array.from({ length: 2000 }, () => 'help'), 'exit'].join('\\n');
    const child = spawn('sh', ['-c', `printf '${script}' | "$1" | head -n 1`, 'sh', bin], {
      env: { ...process.env, GUMSHOE_HOME: folder.path },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const status = await new Promise((settle) => child.on('close', settle));
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: 'commands of mode base; the beginning of a name is enough\n',
      stderr: '',
    });
  });

  test('shows hostile file names as escapes, whatever the format', async () => {
    using folder = createTemporaryFolder();
    const target = `${folder.path}/files`;
    mkdirSync(target);
    const hostile = 'x\x1b]52;c;eA==\x07\r\n\u009b2J\u202ey';
    writeFileSync(`${target}/${hostile}`, '');
    chmodSync(target, 0o755);
    const { stdout } = await runScript(
      [
        'create action',
        'name hostile',
        'target local',
        `add file -path ${target} -name ^x`,
        'launch',
        'y',
        'results',
        'results table',
        'results --format csv',
        'results --format jsonl',
        'results --format md',
        'json pack',
        'exit',
      ],
      { home: folder.path },
    );
    expect(stdout).toContain('/x\\x1b]52;c;eA==\\x07\\r\\n\\x9b2J\\u{202e}y [');
    expect(stdout).toContain('/x\\u001b]52;c;eA==\\u0007\\r\\n\\u009b2J\\u202ey"');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
