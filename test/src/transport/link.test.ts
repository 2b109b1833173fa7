import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkAction } from '../../../src/protocol/action.ts';
import type { Report } from '../../../src/protocol/frame.ts';
import { createMemoryLink } from '../../../src/transport/memory/create-memory-link.ts';
import { createStdioLink } from '../../../src/transport/stdio/create-stdio-link.ts';
import type { AgentLink, LinkState } from '../../../src/transport/link.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const helper = (name: string): string => join(import.meta.dirname, '../../helpers', name);
const { action } = checkAction({
  name: 'n',
  target: 'local',
  operations: [{ module: 'example', parameters: { gethostname: true } }],
});

const realLink = (): AgentLink =>
  createStdioLink({ name: 'local', command: process.execPath, args: [helper('agent-main.ts'), '--stdio'] });

const info = {
  id: 'i',
  name: 'm',
  version: '0',
  pid: 1,
  mode: 'stdio',
  starttime: '',
  environment: {
    os: 'linux',
    arch: 'x64',
    ident: '',
    init: '',
    isproxied: false,
    addresses: [],
    modules: ['example'],
    user: '',
  },
  tags: {},
};
const hello = `${JSON.stringify({ type: 'hello', protocol: 1, agent: info })}\n`;
const report = (ref: string, n: number, what: object): string =>
  `${JSON.stringify({ type: 'report', ref, n, report: what })}\n`;

/** An agent in memory that does as the script says for each frame type. */
const memoryLink = (
  script: Readonly<Record<string, (answer: (text: string) => void, frame: { ref: string }) => void>>,
) =>
  createMemoryLink({
    name: 'local',
    helloTimeoutMs: 200,
    createAgent: () => ({
      leave: () => {},
      hear: (line, answer) => {
        const frame = JSON.parse(line) as { readonly type: string; readonly ref: string };
        script[frame.type]?.(answer, frame);
      },
    }),
  });

const answeringLink = (): AgentLink =>
  memoryLink({
    hello: (answer) => answer(hello),
    action: (answer, { ref }) => {
      const result = { foundanything: true, success: true, elements: {}, statistics: null, errors: null };
      answer(report(ref, 1, { kind: 'accepted' }));
      answer(
        report(ref, 2, { kind: 'result', operation: 0, status: 'success', partial: false, durationMs: 1, result }),
      );
      answer(report(ref, 3, { kind: 'done', status: 'success' }));
    },
  });

describe.each([
  ['memory', answeringLink],
  ['a child process', realLink],
])('a link over %s', (_transport, create) => {
  test('opens, tells its states, carries an action and its reports, and closes', async () => {
    const link = create();
    const states: LinkState['kind'][] = [];
    const reports: [number, Report['kind']][] = [];
    link.onState(({ kind }) => states.push(kind));
    link.onReport((ref, n, { kind }) => ref === 'r1' && reports.push([n, kind]));
    expect(link.state()).toEqual({ kind: 'closed' });

    const agent = await link.open();
    expect(agent.environment.modules).toContain('example');
    expect(link.state()).toMatchObject({ kind: 'open' });
    link.dispatch('r1', action);
    await waitFor('the last report', () => reports.at(-1)?.[1] === 'done');
    expect(reports).toEqual([
      [1, 'accepted'],
      [2, 'result'],
      [3, 'done'],
    ]);
    await link.close();
    expect(states).toEqual(['opening', 'open', 'closed']);
  });

  test('opens once for everyone who asks, and again after it was closed', async () => {
    const link = create();
    const [first, second] = await Promise.all([link.open(), link.open()]);
    expect(second).toBe(first);
    await link.close();
    await link.open();
    expect(link.state().kind).toBe('open');
    await link.close();
  });

  test('refuses to send while it is closed', () => {
    const link = create();
    expect(() => link.dispatch('r1', action)).toThrow(expect.objectContaining({ code: 'LINK_CLOSED' }));
    expect(() => link.cancel('r1')).toThrow(expect.objectContaining({ code: 'LINK_CLOSED' }));
  });
});

describe('a link to a broken or hostile agent', () => {
  const closedReason = (link: AgentLink): string => {
    const state = link.state();
    return state.kind === 'closed' ? (state.reason?.message ?? '') : state.kind;
  };

  test('gives up when there is no hello', async () => {
    const link = memoryLink({});
    await expect(link.open()).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: 'the agent local did not say hello within 0.2 s',
    });
    expect(closedReason(link)).toBe('the agent local did not say hello within 0.2 s');
  });

  test('is closed by garbage', async () => {
    const link = memoryLink({ hello: (answer) => answer(`${hello}garbage\n`) });
    await link.open();
    await waitFor('the link to close', () => link.state().kind === 'closed');
    expect(closedReason(link)).toBe('expected a frame as one line of JSON, got "garbage"');
  });

  test('is closed by another version of the protocol', async () => {
    const link = memoryLink({ hello: (answer) => answer(hello.replace('"protocol":1', '"protocol":9')) });
    await expect(link.open()).rejects.toThrow('expected link protocol 1, got 9 from the agent local (0)');
    const state = link.state();
    expect(state.kind === 'closed' && state.reason?.code).toBe('PROTOCOL_VERSION');
  });

  test('is closed with the exit status and the last words of a program that ends', async () => {
    const args = ['-e', 'process.stderr.write("cannot read the configuration\\n"); process.exit(3)'];
    const link = createStdioLink({ name: 'local', command: process.execPath, args });
    await expect(link.open()).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: 'the agent local is gone: it ended with status 3: cannot read the configuration',
    });
  });

  test('cannot be opened when the program is missing', async () => {
    const link = createStdioLink({ name: 'local', command: '/nonexistent/agent', args: [] });
    await expect(link.open()).rejects.toThrow(
      /^the agent local is gone: \/nonexistent\/agent could not be started: .*ENOENT/,
    );
  });

  test('kills a program that does not leave', async () => {
    const args = [
      '-e',
      `process.on("SIGTERM", () => {}); process.stdout.write(${JSON.stringify(hello)}); setInterval(() => {}, 1000)`,
    ];
    const link = createStdioLink({ name: 'local', command: process.execPath, args, leaveTimeoutMs: 50 });
    await link.open();
    await link.close();
    expect(link.state()).toEqual({ kind: 'closed' });
  });

  test('is told when the agent is killed', async () => {
    const link = realLink();
    const { pid } = await link.open();
    process.kill(pid, 'SIGKILL');
    await waitFor('the link to close', () => link.state().kind === 'closed');
    expect(closedReason(link)).toBe('the agent local is gone: it was ended by SIGKILL');
  });
});
