/** Fleets of agents of which some lie, flood, fall silent, break or come back: each harms only its own column. */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { readCommands } from '../../../src/store/commands.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { createMemoryLink } from '../../../src/transport/memory/create-memory-link.ts';
import { createStdioLink } from '../../../src/transport/stdio/create-stdio-link.ts';
import type { AgentLink } from '../../../src/transport/link.ts';
import { agentInfo, createFakeLink, hostnameResult, type FakeLink } from '../../helpers/fake-link.ts';
import { createTestConsole, type TestConsole } from '../../helpers/test-console.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const draft = ['create action', 'name who', 'target all', 'add example -gethostname'];

const answer = (link: FakeLink): void => {
  link.report({ kind: 'accepted' });
  link.report(hostnameResult(link.name));
  link.report({ kind: 'done', status: 'success' });
};
const honest = (name: string): FakeLink =>
  createFakeLink(name, { agent: agentInfo(`host-${name}`), onDispatch: answer });

type Send = (frame: object) => void;
type Frame = { readonly type: string; readonly ref: string };

/** An agent behind a real link that does as it likes. */
const hostile = (name: string, onAction: (send: Send, frame: Frame, raw: (text: string) => void) => void): AgentLink =>
  createMemoryLink({
    name,
    helloTimeoutMs: 300,
    serve: async (input, output) => {
      const raw = (text: string): void => void output.write(text);
      const send: Send = (frame) => raw(`${JSON.stringify(frame)}\n`);
      for await (const line of createInterface({ input })) {
        const frame = JSON.parse(line) as Frame;
        if (frame.type === 'hello') send({ type: 'hello', protocol: 1, agent: agentInfo(name) });
        if (frame.type === 'action') onAction(send, frame, raw);
      }
    },
  });

const report = (ref: string, n: number, what: object): object => ({ type: 'report', ref, n, report: what });

/** Where every command of the action stands. */
const ledger = ({ store }: TestConsole, action = 1): Readonly<Record<string, string>> =>
  Object.fromEntries([...readCommands(store, { action })].map(({ agent, status }) => [agent.name, status]));

describe('beside an honest agent', () => {
  test.each<[string, Parameters<typeof hostile>[1], string, RegExp]>([
    ['garbage', (_send, _frame, raw) => raw('garbage\n'.repeat(200)), 'failed', /101 lines that are no frames/],
    [
      'reports for an action of another',
      (send, { ref }) => {
        for (let n = 1; n < 50; n++) send(report(`not ${ref}`, n, { kind: 'done', status: 'success' }));
        send(report(ref, 1, { kind: 'done', status: 'failed' }));
      },
      'failed',
      /^$/,
    ],
    [
      'a flood of progress, results and ends',
      (send, { ref }) => {
        for (let n = 1; n <= 2000; n++) send(report(ref, n, { kind: 'progress', operation: 0, examined: n, found: n }));
        for (let n = 2001; n <= 2100; n++) send(report(ref, n, { ...hostnameResult('x'), durationMs: n }));
        for (let n = 2101; n <= 2200; n++) send(report(ref, n, { kind: 'done', status: n % 2 ? 'success' : 'failed' }));
      },
      'success',
      /^$/,
    ],
    [
      'a flood of new identities and alerts',
      (send, { ref }) => {
        for (let n = 1; n <= 500; n++) {
          send({ type: 'agent', agent: { ...agentInfo('liar'), id: `id-${n % 2 ? 'host-good' : n}` } });
          send({ type: 'alert', alert: { n, module: 'x', at: '2026-11-21T07:00:00Z', message: 'x' } });
        }
        send(report(ref, 1, { kind: 'done', status: 'success' }));
      },
      'success',
      /^$/,
    ],
  ])('one that sends %s harms itself alone', async (_what, behave, status, reason) => {
    const console = createTestConsole({ links: [honest('good'), hostile('bad', behave)], answers: [true] });
    await waitFor('both links', () => console.program.state().agents.every(({ phase }) => phase === 'online'));
    await console.type(...draft, 'launch');
    expect(ledger(console)).toEqual({ good: 'success', bad: status });
    const [, bad] = [...readCommands(console.store, { action: 1 })];
    expect(bad?.error ?? '').toMatch(reason);
    expect((await console.type('results'))[0]).toBe('good hostname is good');
    expect(console.printed.filter((text) => text.includes('another one now')).length).toBeLessThanOrEqual(1);
    await console.program.close();
  });

  test('one that floods without end leaves the others their turn', async () => {
    const flood = `
      const send = (frame) => process.stdout.write(JSON.stringify(frame) + '\\n');
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { type, ref } = JSON.parse(line);
        if (type === 'hello') send({ type: 'hello', protocol: 1, agent: ${JSON.stringify(agentInfo('bad'))} });
        if (type === 'bye') process.exit();
        let n = 0;
        const more = () => {
          const hit = { kind: n % 2 ? 'hits' : 'inProgress', operation: 0, text: 'x', elements: { hostname: 'x' } };
          while (send({ type: 'report', ref, n: ++n, report: hit }));
          process.stdout.once('drain', more);
        };
        if (type === 'action') more();
      });`;
    const bad = createStdioLink({ name: 'bad', argv: () => [process.execPath, '-e', flood], endWaitMs: 100 });
    const good = createFakeLink('good', {
      agent: agentInfo('good'),
      onDispatch: (link) => void setTimeout(() => answer(link), 200),
    });
    const console = createTestConsole({ links: [bad, good], answers: [true] });
    await waitFor('both links', () => console.program.state().agents.every(({ phase }) => phase === 'online'));
    await console.type(...draft, 'launch nofollow');
    await waitFor('the honest answer', () => ledger(console)['good'] === 'success');
    expect(ledger(console)).toEqual({ bad: 'sent', good: 'success' });
    expect(console.printed.filter((text) => text === 'bad: x ...').length).toBeLessThanOrEqual(20);
    await console.program.close();
  });

  test('one that says nothing at all is silent when the action has expired', async () => {
    let nowMs = Date.parse('2026-11-21T08:00:00Z');
    const mute = createFakeLink('mute', { agent: agentInfo('mute') });
    const console = createTestConsole({ links: [honest('good'), mute], answers: [true], nowMs: () => nowMs });
    await console.type(...draft, 'launch nofollow');
    expect((await console.type('ledger')).at(-1)).toBe('2 agents: 1 sent, 1 success');
    nowMs += 400_000;
    await waitFor('the end', () => console.program.state().running.size === 0);
    expect((await console.type('ledger')).at(-1)).toBe('2 agents: 1 success, 1 silent');
    // A late answer is stored, told of and counted.
    mute.report(hostnameResult('late'));
    mute.report({ kind: 'done', status: 'success' });
    await turn();
    expect(console.printed.at(-1)).toMatch(/^late answer of mute for action 1/);
    expect((await console.type('ledger')).at(-1)).toBe('2 agents: 2 success; 1 answered late');
    await console.program.close();
  });

  test('one that cannot be reached has a command of its own, which says why; the others run', async () => {
    const gone = createFakeLink('gone', { unreachable: 'no route to host' });
    const refusing = createFakeLink('strict', {
      agent: agentInfo('strict'),
      onDispatch: (link) =>
        link.report({ kind: 'refused', error: { code: 'X', message: 'not for me', hint: 'Ask another.' } }),
    });
    const console = createTestConsole({ links: [gone, honest('good'), refusing], answers: [true] });
    await console.type(...draft, 'launch');
    expect(ledger(console)).toEqual({ gone: 'failed', good: 'success', strict: 'failed' });
    const [, first, , third, foot] = await console.type('ledger');
    expect(first).toMatch(/^1\.1 +gone +failed .*no route to host/);
    expect(third).toMatch(/^1\.3 +strict +refused .*not for me/);
    expect(foot).toBe('3 agents: 1 success, 1 failed, 1 refused');
    // It is no agent that anybody ever saw.
    expect((await console.type('agents')).filter((text) => text.startsWith('gone'))).toHaveLength(1);
    await console.program.close();
  });

  test('one that takes long to be reached is sent its command when it is there, or loses it to Ctrl-C and cancel', async () => {
    const slow = createSlowLink('slow');
    const console = createTestConsole({ links: [slow.link, honest('good')], answers: [true, true] });
    await console.type(...draft, 'launch nofollow');
    expect(ledger(console)).toEqual({ slow: 'sent', good: 'success' });
    slow.arrive();
    await waitFor('the end', () => console.program.state().running.size === 0);
    expect(ledger(console)).toEqual({ slow: 'success', good: 'success' });

    slow.link.lose('gone');
    await console.type(...draft, 'launch nofollow', 'cancel 2');
    expect(ledger(console, 2)).toEqual({ slow: 'cancelled', good: 'success' });
    slow.arrive();
    await turn();
    expect(slow.link.dispatched).toHaveLength(1);
    await console.program.close();
  });

  test('a launch that waits for its only agent is left by Ctrl-C, and the draft stays', async () => {
    const slow = createSlowLink('slow');
    const console = createTestConsole({ links: [slow.link], answers: [true] });
    await console.type(...draft);
    const launched = console.program.line('launch');
    await waitFor('the launch to wait', () => console.asked.length > 0);
    await turn();
    console.program.interrupt();
    await launched;
    expect(console.errors[0]).toBe('no agent of the target was reached yet, and none is waited for any longer');
    expect(console.program.snapshot().prompt).toBe('launcher>');
    await console.program.close();
  });

  test('one that is never reached has a reason that does not name it again', async () => {
    const silent = createMemoryLink({ name: 'silent', helloTimeoutMs: 300, serve: () => new Promise(() => undefined) });
    const console = createTestConsole({ links: [honest('good'), silent], answers: [true] });
    await console.type(...draft, 'launch');
    expect([...readCommands(console.store, { action: 1 })].map(({ error }) => error)).toEqual([
      undefined,
      'no greeting within 0.3 s',
    ]);
    await console.program.close();
  });

  test('two names for one host are told of, and each has its own answer', async () => {
    const twin = (name: string): FakeLink => createFakeLink(name, { agent: agentInfo('web-01'), onDispatch: answer });
    const console = createTestConsole({ links: [twin('a'), twin('b'), twin('c')], answers: [true] });
    await console.type(...draft, 'launch');
    expect(console.printed).toContain(
      'agents b and a have the same id (id-web-01): two names for one host, or two hosts of one name; each answers for itself',
    );
    expect(console.printed).toContain('agent c: the same id as a and 1 more');
    expect(await console.type('results')).toEqual([
      'a hostname is a',
      'b hostname is b',
      'c hostname is c',
      '3 agents, operations: 3 found',
    ]);
    await console.program.close();
  });
});

/** A link whose opening ends when the test says so. */
function createSlowLink(name: string): { readonly link: FakeLink; readonly arrive: () => void } {
  const base = createFakeLink(name, { agent: agentInfo(name), onDispatch: answer });
  let waiting: (() => void)[] = [];
  const open: FakeLink['open'] = async () => {
    if (base.state().kind !== 'open') await new Promise<void>((resolve) => waiting.push(resolve));
    return base.open();
  };
  const link = { ...base, open };
  return {
    link,
    arrive: () => {
      const ready = waiting;
      waiting = [];
      for (const resolve of ready) resolve();
    },
  };
}

describe('a daemon', () => {
  const daemon = { ...agentInfo('d1'), mode: 'daemon' } as const;

  test('that is lost and comes back gives the rest of its answer', async () => {
    const link = createFakeLink('d1', { agent: daemon });
    const console = createTestConsole({ links: [link, honest('good')], answers: [true] });
    await console.type(...draft, 'launch nofollow');
    link.report({ kind: 'accepted' });
    link.report({ kind: 'inProgress', operation: 0, text: 'restart in progress' });
    expect((await console.type('ledger'))[1]).toMatch(/^1\.1 +d1 +running .*restart in progress$/);
    expect(console.printed).toContain('d1: restart in progress ...');
    link.lose('end by SIGKILL');
    expect(ledger(console)).toEqual({ d1: 'sent', good: 'success' });
    expect(console.printed.at(-1)).toBe('agent d1: its link broke: end by SIGKILL; it is opened again by itself');
    await waitFor('the return', () => console.printed.includes('agent d1 is back'));
    expect(link.resumed).toEqual([{ ref: link.dispatched[0]?.ref, after: 2, operations: 1 }]);
    link.report(hostnameResult('again'));
    link.report({ kind: 'done', status: 'success' });
    await turn();
    expect(ledger(console)).toEqual({ d1: 'success', good: 'success' });
    await console.program.close();
  });

  test('that went on while the console was closed tells the next console how its command ended, once', async () => {
    using temporary = createTemporaryFolder();
    const path = join(temporary.path, 'case.db');
    const first = createFakeLink('d1', { agent: daemon });
    const closed = createTestConsole({ links: [first], store: openStore(path), answers: [true] });
    await closed.type(...draft, 'launch nofollow');
    const ref = first.dispatched[0]?.ref ?? '';
    first.report({ kind: 'inProgress', operation: 0, text: 'restart in progress' });
    await turn();
    await closed.program.close();

    const link = createFakeLink('d1', { agent: daemon });
    const console = createTestConsole({ links: [link], store: openStore(path) });
    await console.program.ready;
    expect(link.resumed).toEqual([{ ref, after: 1, operations: 1 }]);
    expect(ledger(console)).toEqual({ d1: 'failed' });
    link.report({ kind: 'inProgress', operation: 0, text: 'restart in progress' }, { ref, n: 1 });
    link.report(hostnameResult('again'), { ref, n: 2 });
    for (const n of [3, 3]) link.report({ kind: 'done', status: 'success' }, { ref, n });
    await turn();
    expect(ledger(console)).toEqual({ d1: 'success' });
    expect(console.printed.filter((text) => text.startsWith('late answer of d1 for action 1'))).toHaveLength(1);
    await console.program.close();

    const third = createFakeLink('d1', { agent: daemon });
    const later = createTestConsole({ links: [third], store: openStore(path) });
    await later.program.ready;
    expect(third.resumed).toEqual([]);
    await later.program.close();
  });

  test('that knows nothing of its command any more has failed it', async () => {
    const link = createFakeLink('d1', { agent: daemon });
    const console = createTestConsole({ links: [link], answers: [true] });
    await console.type(...draft, 'launch nofollow');
    link.lose('end by SIGKILL');
    await waitFor('the return', () => link.resumed.length === 1);
    // The same process: what it does not know never came, and is sent again, once.
    link.forget();
    expect(link.dispatched).toHaveLength(2);
    expect(link.dispatched[1]).toEqual(link.dispatched[0]);
    link.forget();
    await turn();
    expect(link.dispatched).toHaveLength(2);
    expect(console.printed).toContain(
      'd1 did not succeed, status=failed: the agent was restarted and knows nothing of it; what it had sent before is kept',
    );
    expect(ledger(console)).toEqual({ d1: 'failed' });
    await console.program.close();
  });

  test('that does not come back is given up, and the state of its commands is final', async () => {
    let unreachable: string | undefined;
    const link = createFakeLink('d1', { agent: daemon, unreachable: () => unreachable });
    let monotonicMs = 0;
    const console = createTestConsole({
      links: [link, honest('good')],
      answers: [true],
      // Every look at the clock is much later.
      monotonicMs: () => (monotonicMs += 20_000),
    });
    await console.type(...draft, 'launch nofollow');
    unreachable = 'no agent listens';
    link.lose('end by SIGKILL');
    await waitFor('the end', () => console.program.state().running.size === 0, 20_000);
    const [command] = [...readCommands(console.store, { action: 1 })];
    expect(command).toMatchObject({
      status: 'failed',
      error: 'its agent, a daemon, did not come back: no agent listens',
    });
    expect((await console.type('ledger')).at(-1)).toBe('2 agents: 1 success, 1 failed');
    await console.program.close();
  });
});
