import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NumberedReport } from '../../../src/agent/action-table.ts';
import { resumeReports } from '../../../src/agent/restart/resume-reports.ts';
import { checkAction } from '../../../src/protocol/action.ts';
import type { Report } from '../../../src/protocol/frame.ts';
import { createMemoryLink } from '../../../src/transport/memory/create-memory-link.ts';
import { createStdioLink } from '../../../src/transport/stdio/create-stdio-link.ts';
import { createRemoteLink } from '../../../src/transport/stdio/create-remote-link.ts';
import type { AgentLink, LinkState } from '../../../src/transport/link.ts';
import { startSshFleet, type SshFleet } from '../../helpers/ssh-fleet.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const helper = (name: string): string => join(import.meta.dirname, '../../helpers', name);
const { action } = checkAction({
  name: 'n',
  target: 'local',
  operations: [{ module: 'example', parameters: { gethostname: true } }],
});

const realLink = (): AgentLink =>
  createStdioLink({ name: 'local', argv: () => [process.execPath, helper('agent-main.ts'), '--stdio'] });

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

/** An agent in this process that does as the script says for each frame type. */
const memoryLink = (
  script: Readonly<Record<string, (answer: (text: string) => void, frame: { ref: string }) => void>>,
  options: { readonly maxBadLines?: number; readonly maxFrameBytes?: number } = {},
): AgentLink =>
  createMemoryLink({
    name: 'local',
    helloTimeoutMs: 200,
    ...options,
    serve: async (input, output) => {
      for await (const line of createInterface({ input })) {
        const frame = JSON.parse(line) as { readonly type: string; readonly ref: string };
        script[frame.type]?.((text) => output.write(text), frame);
      }
    },
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

let fleet: SshFleet;
beforeAll(async () => {
  const agent = `#!/bin/sh\nexec ${process.execPath} --disable-warning=ExperimentalWarning ${helper('agent-main.ts')} "$@"\n`;
  fleet = await startSshFleet(['web1'], { agent });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const sshLink = (): AgentLink =>
  createRemoteLink({
    name: 'web1',
    destination: { kind: 'ssh', host: 'web1' },
    agentPath: 'gumshoe-agent',
    env: { ...process.env, ...fleet.environment },
  });

describe.each([
  ['memory', answeringLink],
  ['a child process', realLink],
  ['ssh to a real sshd', sshLink],
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

  test('is closed as soon as it is told to close', async () => {
    const link = create();
    await link.open();
    const closing = link.close();
    expect(link.state()).toEqual({ kind: 'closed' });
    await closing;
  });

  test('refuses to send while it is closed', () => {
    const link = create();
    expect(() => link.dispatch('r1', action)).toThrow(expect.objectContaining({ code: 'LINK_CLOSED' }));
    expect(() => link.cancel('r1')).not.toThrow();
  });
});

describe('a link to a broken or hostile agent', () => {
  const closedReason = (link: AgentLink): string => {
    const state = link.state();
    return state.kind === 'closed' ? (state.reason?.message ?? '') : state.kind;
  };

  test('gives up when there is no hello', async () => {
    const link = memoryLink({});
    const message = 'expected agent local to answer, got no greeting within 0.2 s';
    await expect(link.open()).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE', message });
    expect(closedReason(link)).toBe(message);
  });

  test('passes over lines that are no frames, up to a limit', async () => {
    const link = memoryLink({ hello: (answer) => answer(`welcome to this host\n${hello}`) }, { maxBadLines: 1 });
    await link.open();
    await link.close();

    const flooded = memoryLink({ hello: (answer) => answer(`${hello}garbage\ngarbage\n`) }, { maxBadLines: 1 });
    await flooded.open();
    await waitFor('the link to close', () => flooded.state().kind === 'closed');
    expect(closedReason(flooded)).toBe(
      'expected agent local to answer, got 2 lines that are no frames, the last: expected a frame as one line of JSON, got "garbage"',
    );
  });

  test('is closed by a line without end', async () => {
    const link = memoryLink(
      { hello: (answer) => answer(hello), action: (answer) => answer('x'.repeat(5000)) },
      { maxFrameBytes: 4000 },
    );
    await link.open();
    link.dispatch('r1', action);
    await waitFor('the link to close', () => link.state().kind === 'closed');
    expect(closedReason(link)).toContain('expected a line of at most 4000 bytes, got more without a line end');
  });

  test('is closed by another version of the protocol', async () => {
    const link = memoryLink({ hello: (answer) => answer(hello.replace('"protocol":1', '"protocol":9')) });
    await expect(link.open()).rejects.toThrow(
      'expected agent local to answer, got link protocol 9 where 1 is spoken here',
    );
  });

  test('hears nothing about an action that it did not send, nor about operations that it does not have, nor out of all order', async () => {
    const heard: string[] = [];
    const last = Number.MAX_SAFE_INTEGER;
    const progress = (operation: number): object => ({ kind: 'progress', operation, examined: 0, found: 0 });
    const link = memoryLink({
      hello: (answer) => answer(hello),
      action: (answer, { ref }) =>
        answer(
          `${report('other', 1, progress(0))}${report(ref, 1, progress(7))}${report(ref, last, progress(0))}${report(ref, 2, progress(0))}`,
        ),
    });
    link.onReport((ref, n) => heard.push(`${ref} ${n}`));
    await link.open();
    link.dispatch('r1', action);
    await waitFor('a report', () => heard.length > 0);
    expect(heard).toEqual(['r1 2']);
    await link.close();
  });

  test('hears what an agent goes on with after it died in its restart, whose numbers are far ahead', async () => {
    const heard: string[] = [];
    const reports: NumberedReport[] = [
      { n: 1, report: { kind: 'accepted' } },
      { n: 2, report: { kind: 'inProgress', operation: 0, text: 'restart' } },
    ];
    const wire = (ref: string, after: number, known: readonly NumberedReport[]): string =>
      known.flatMap((one) => (one.n > after ? [report(ref, one.n, one.report)] : [])).join('');
    const resumed = resumeReports({ reports, leftMonoMs: undefined }, { ref: 'r1', operation: 0, operations: 1 });
    const link = memoryLink({
      hello: (answer) => answer(hello),
      action: (answer, { ref }) => answer(wire(ref, 0, reports)),
      resume: (answer, { ref }) => answer(wire(ref, 2, resumed)),
    });
    link.onReport((_, n, { kind }) => heard.push(`${n} ${kind}`));
    await link.open();
    link.dispatch('r1', action);
    await waitFor('the first reports', () => heard.length === 2);
    link.resume('r1', { after: 2, operations: 1 });
    await waitFor('the rest', () => heard.length === 3);
    expect(heard).toEqual(['1 accepted', '2 inProgress', '500003 inProgress']);
    await link.close();
  });

  test('is closed with the exit status and the last words of a program that ends', async () => {
    const args = ['-e', 'process.stderr.write("cannot read the configuration\\n"); process.exit(3)'];
    const link = createStdioLink({ name: 'local', argv: () => [process.execPath, ...args] });
    await expect(link.open()).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: 'expected agent local to answer, got exit status 3: cannot read the configuration',
    });
  });

  test('cannot be opened when the program is missing', async () => {
    const link = createStdioLink({ name: 'local', argv: () => ['/nonexistent/agent'] });
    await expect(link.open()).rejects.toThrow(/^expected agent local to answer, got .*ENOENT/);
  });

  test('kills a program that does not leave', async () => {
    const script = `process.on("SIGTERM", () => {}); process.stdout.write(${JSON.stringify(hello)}); setInterval(() => {}, 1000)`;
    const args = ['-e', script];
    const link = createStdioLink({
      name: 'local',
      argv: () => [process.execPath, ...args],
      endWaitMs: 50,
      termWaitMs: 50,
    });
    await link.open();
    await link.close();
    expect(link.state()).toEqual({ kind: 'closed' });
  });

  test('is told when the agent is killed', async () => {
    const link = realLink();
    const { pid } = await link.open();
    process.kill(pid, 'SIGKILL');
    await waitFor('the link to close', () => link.state().kind === 'closed');
    expect(closedReason(link)).toBe('expected agent local to answer, got end by SIGKILL');
  });
});
