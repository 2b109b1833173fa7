import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../helpers/run-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'gumshoe-agent-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures/actions', name);
const runModule = async (name: string, input: string | Uint8Array, ...flags: readonly string[]) => {
  const { status, stdout } = await runProgram('gumshoe-agent', ['-m', name, ...flags], { input });
  return { status, lines: stdout.split('\n').filter((line) => line !== '') };
};
const parameters = (value: unknown): string => `${JSON.stringify({ class: 'parameters', parameters: value })}\n`;

describe('gumshoe-agent -m', () => {
  test('takes one line and gives one line, the envelope', async () => {
    expect(await runModule('example', '{"class":"parameters","parameters":{"gethostname":true}}\n')).toEqual({
      status: 0,
      lines: [
        `{"foundanything":true,"success":true,"elements":{"hostname":"${hostname()}"},"statistics":{"stufffound":1},"errors":null}`,
      ],
    });
  });

  test('prints lines for people with -p', async () => {
    expect(await runModule('example', parameters({ gethostname: true }), '-p')).toEqual({
      status: 0,
      lines: [`hostname is ${hostname()}`, 'stat: 1 stuff found'],
    });
  });

  test.each([
    ['an empty input', '', 'expected one line with a parameters message, got an empty input'],
    ['garbage', 'garbage\n', 'expected one line of JSON, got "garbage"'],
    ['another class', '{"class":"ping"}\n', 'expected a message of class parameters, got class ping'],
    ['binary', new Uint8Array([0, 255, 254, 10]), /^expected one line of JSON, got /],
    ['10 MB without a line end', 'x'.repeat(10_000_000), /^expected one line of JSON, got "x+"$/],
    [
      'a wrong parameter',
      parameters({ lookuphost: ['no host'] }),
      'lookuphost.0: expected a host name such as www.example.net, got "no host"',
    ],
  ])('answers %s with a failed envelope and status 0', async (_what, input, message) => {
    const { status, lines } = await runModule('example', input);
    expect(status).toBe(0);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        foundanything: false,
        success: false,
        elements: null,
        statistics: null,
        errors: [typeof message === 'string' ? message : expect.stringMatching(message)],
      },
    ]);
  });

  test('answers for a module it does not have with all five keys', async () => {
    const { status, lines } = await runModule('exampel', parameters({}));
    expect({ status, lines }).toEqual({
      status: 0,
      lines: [
        '{"foundanything":false,"success":false,"elements":null,"statistics":null,"errors":["module \'exampel\' is not available: did you mean example?"]}',
      ],
    });
  });

  test('finds a module whatever the case of its name', async () => {
    const { lines } = await runModule('EXAMPLE', parameters({ gethostname: true }));
    expect(lines[0]).toContain('"success":true');
  });
});

describe('gumshoe-agent -i', () => {
  const write = (name: string, action: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(action));
    return path;
  };

  test('runs the operations of a file and prints their results in order', async () => {
    const path = write('two.json', {
      name: 'n',
      target: 't',
      operations: [{ module: 'nope' }, { module: 'example', parameters: { gethostname: true } }],
    });
    const { status, stdout } = await runProgram('gumshoe-agent', ['-i', path]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ success: false, errors: ["module 'nope' is not available"] }),
      expect.objectContaining({ success: true, elements: { hostname: hostname() } }),
    ]);
  });

  test('announces what it rewrote', async () => {
    const path = write('old.json', {
      name: 'n',
      target: 't',
      operations: [{ module: 'connected', parameters: { a: ['192.0.2.1'] } }],
    });
    const { stdout, stderr } = await runProgram('gumshoe-agent', ['-i', path]);
    expect(stderr).toBe(
      `${path}: operation 1 (connected): the module connected is netstat's connectedip now; 1 addresses taken over\n`,
    );
    expect(JSON.parse(stdout)).toMatchObject([{ success: true, elements: { connectedip: { '192.0.2.1': null } } }]);
  });

  test.each([
    ['glibc_ubuntu_cve-2015-0235.json', ['file']],
    ['sshd_backdoor.json', ['file']],
    ['integration_tests.json', ['file', 'netstat', 'ping', 'timedrift']],
  ])('runs %s from the field', async (name, modules) => {
    const { status, stdout } = await runProgram('gumshoe-agent', ['-i', fixture(name)]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(modules.map(() => expect.objectContaining({ success: true })));
  });

  test('prints lines for people with -p', async () => {
    const path = write('one.json', {
      name: 'n',
      target: 't',
      operations: [{ module: 'example', parameters: { gethostname: true } }],
    });
    const { stdout } = await runProgram('gumshoe-agent', ['-p', '-i', path]);
    expect(stdout).toBe(`operation 1: example\nhostname is ${hostname()}\nstat: 1 stuff found\n`);
  });

  test('refuses a file without operations', async () => {
    const path = write('none.json', { name: 'n', target: 't', operations: [] });
    const { status, stderr } = await runProgram('gumshoe-agent', ['-i', path]);
    expect(status).toBe(2);
    expect(stderr).toContain('expected at least one operation, got none');
  });

  test('says which file it cannot read', async () => {
    const { status, stderr } = await runProgram('gumshoe-agent', ['-i', '/nonexistent.json']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^gumshoe-agent: \/nonexistent\.json: ENOENT.*\n {2}\S/);
  });
});

describe('gumshoe-agent', () => {
  test('tells its version and its help', async () => {
    expect(await runProgram('gumshoe-agent', ['-V'])).toEqual({
      status: 0,
      stdout: 'gumshoe-agent 0.1.0\n',
      stderr: '',
    });
    expect((await runProgram('gumshoe-agent', ['--help'])).stdout).toContain('gumshoe-agent -m NAME');
  });

  test('shows the limits in force', async () => {
    const { stdout } = await runProgram('gumshoe-agent', ['-S']);
    expect(JSON.parse(stdout)).toMatchObject({ version: '0.1.0', limits: { timeoutMs: 300_000 } });
  });

  test('called with a word it does not know says which one may have been meant', async () => {
    const { status, stderr } = await runProgram('gumshoe-agent', ['statsu']);
    expect(status).toBe(2);
    expect(stderr).toBe(
      'gumshoe-agent: "statsu" is no flag of gumshoe-agent\n  See "gumshoe-agent --help" for the calls.\n',
    );
  });
});
