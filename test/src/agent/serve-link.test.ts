import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { defaultLimits, type Limits } from '../../../src/agent/limits.ts';
import { createActionTable } from '../../../src/agent/create-action-table.ts';
import { createColdSupply } from '../../../src/agent/child-supply.ts';
import { createOperationQueue } from '../../../src/agent/operation-queue.ts';
import { readAgentInfo } from '../../../src/agent/read-agent-info.ts';
import { serveLink } from '../../../src/agent/serve-link.ts';
import { parseToConsoleFrame, type Report, type ToConsoleFrame } from '../../../src/protocol/frame.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const realAgent = [join(import.meta.dirname, '../../helpers/agent-main.ts')];

function serve(options: { readonly args?: readonly string[]; readonly limits?: Partial<Limits> } = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const frames: ToConsoleFrame[] = [];
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    frames.push(...lines.map(parseToConsoleFrame));
  });
  const limits = { ...defaultLimits, ...options.limits };
  const table = createActionTable({
    supply: createColdSupply({
      program: { command: process.execPath, args: options.args ?? realAgent },
      extraPrivacy: false,
    }),
    limits,
    queue: createOperationQueue(limits.parallelOperations),
    clock: systemClock,
  });
  const core = { info: () => readAgentInfo('stdio', 0), table };
  const served = serveLink({ input, output, core, onGone: table.stop });
  const reports = (ref: string): readonly Report[] =>
    frames.flatMap((frame) => (frame.type === 'report' && frame.ref === ref ? [frame.report] : []));
  const find = <Kind extends Report['kind']>(ref: string, kind: Kind) =>
    reports(ref).find((report): report is Extract<Report, { kind: Kind }> => report.kind === kind);
  return {
    frames,
    reports,
    find,
    served,
    output,
    send: (...values: readonly unknown[]) => values.forEach((value) => input.write(`${JSON.stringify(value)}\n`)),
    write: (raw: string) => input.write(raw),
    end: () => input.end(),
    isDone: (ref: string) => waitFor(`the end of ${ref}`, () => find(ref, 'done')),
  };
}

const action = (...operations: readonly unknown[]) => ({ name: 'n', target: 'local', operations });
const hostname = { module: 'example', parameters: { gethostname: true } };

describe('the agent end of a link', () => {
  test('says hello with what it is', async () => {
    const agent = serve();
    agent.send({ type: 'hello', protocol: 1, version: 'x' }, { type: 'bye' });
    await agent.served;
    expect(agent.frames).toEqual([
      { type: 'hello', protocol: 1, agent: expect.objectContaining({ mode: 'stdio', pid: process.pid }) },
    ]);
    expect(agent.frames[0]).toMatchObject({ agent: { environment: { os: process.platform } } });
  });

  test('runs an action and numbers its reports', async () => {
    const agent = serve();
    agent.send({ type: 'action', ref: 'r1', action: action(hostname) });
    await agent.isDone('r1');
    expect(agent.reports('r1').map(({ kind }) => kind)).toEqual(['accepted', 'result', 'done']);
    expect(agent.frames.map((frame) => (frame.type === 'report' ? frame.n : 0))).toEqual([1, 2, 3]);
    expect(agent.find('r1', 'done')?.status).toBe('success');
    agent.end();
    await agent.served;
  });

  test('fails the operation of an unknown module alone, and goes on', async () => {
    const agent = serve();
    agent.send({ type: 'action', ref: 'r1', action: action({ module: 'exampel' }, hostname) });
    await agent.isDone('r1');
    const results = agent.reports('r1').flatMap((report) => (report.kind === 'result' ? [report] : []));
    expect(
      results.map(({ operation, status }) => [operation, status]).toSorted(([a], [b]) => Number(a) - Number(b)),
    ).toEqual([
      [0, 'failed'],
      [1, 'success'],
    ]);
    expect(results[0]?.result.errors).toEqual(["module 'exampel' is not available: did you mean example?"]);

    agent.send({ type: 'action', ref: 'r2', action: action(hostname) });
    await agent.isDone('r2');
    expect(agent.find('r2', 'done')?.status).toBe('success');
    agent.end();
    await agent.served;
  });

  test('runs an action that is sent twice once, and reports it again', async () => {
    const agent = serve();
    const frame = { type: 'action', ref: 'r1', action: action(hostname) };
    agent.send(frame);
    await agent.isDone('r1');
    agent.send(frame);
    await waitFor('the repeated reports', () => agent.reports('r1').length === 6);
    expect(agent.reports('r1').slice(3)).toEqual(agent.reports('r1').slice(0, 3));
    agent.end();
    await agent.served;
  });

  test('does not run an action again when its large results were forgotten, and tells its end', async () => {
    const agent = serve({ args: [join(import.meta.dirname, '../../helpers/fake-example-run.mjs')] });
    const large = { type: 'action', ref: 'large', action: action({ module: 'example', parameters: { megabytes: 9 } }) };
    agent.send(large);
    await agent.isDone('large');
    const before = agent.reports('large').length;
    agent.send(large);
    await waitFor('an answer', () => agent.reports('large').length > before);
    expect(agent.reports('large').slice(before)).toEqual([{ kind: 'done', status: 'success' }]);
    agent.end();
    await agent.served;
  });

  test('refuses an action that is none with the reason', async () => {
    const agent = serve();
    agent.send({ type: 'action', ref: 'r1', action: action() });
    await waitFor('the refusal', () => agent.find('r1', 'refused'));
    expect(agent.find('r1', 'refused')?.error).toMatchObject({
      code: 'ACTION_INVALID',
      message: 'expected at least one operation, got none',
    });
    agent.end();
    await agent.served;
  });

  test('answers a line it cannot read with a problem and takes the next', async () => {
    const agent = serve();
    agent.write('garbage\n{"type":"nope"}\n\n');
    agent.send({ type: 'hello', protocol: 1, version: 'x' });
    await waitFor('hello', () => agent.frames.some(({ type }) => type === 'hello'));
    expect(agent.frames.map(({ type }) => type)).toEqual(['problem', 'problem', 'hello']);
    agent.end();
    await agent.served;
  });

  const fake = [join(import.meta.dirname, '../../helpers/fake-example-run.mjs')];

  test('cancels an action and reports what it had found as partial', async () => {
    const agent = serve({ args: fake });
    agent.send({ type: 'action', ref: 'r1', action: action({ module: 'example', parameters: { hang: true } }) });
    await waitFor('a hit', () => agent.find('r1', 'hits'));
    agent.send({ type: 'cancel', ref: 'r1' });
    await agent.isDone('r1');
    expect(agent.find('r1', 'result')).toMatchObject({ status: 'cancelled', partial: true });
    agent.end();
    await agent.served;
  });

  test('lets a quick action pass a slow one', async () => {
    const agent = serve({ args: fake, limits: { parallelOperations: 2 } });
    const slow = { module: 'example', parameters: { hang: true } };
    agent.send({ type: 'action', ref: 'slow', action: action(slow) });
    agent.send({ type: 'action', ref: 'quick', action: action({ module: 'example', parameters: {} }) });
    await agent.isDone('quick');
    expect(agent.find('slow', 'done')).toBeUndefined();
    agent.end();
    await agent.served;
    expect(agent.find('slow', 'result')?.status).toBe('cancelled');
  });

  test('ends, with its operations cancelled, when the console breaks the pipe', async () => {
    const agent = serve({ args: fake });
    agent.send({ type: 'action', ref: 'r1', action: action({ module: 'example', parameters: { hang: true } }) });
    await waitFor('a hit', () => agent.find('r1', 'hits'));
    agent.output.destroy(new Error('EPIPE'));
    await agent.served;
  });
});

describe('a link to a daemon', () => {
  /** A daemon's side without its processes: links come and go, the table stays. */
  function open() {
    const limits = defaultLimits;
    const table = createActionTable({
      supply: createColdSupply({
        program: { command: process.execPath, args: [join(import.meta.dirname, '../../helpers/fake-example-run.mjs')] },
        extraPrivacy: false,
      }),
      limits,
      queue: createOperationQueue(limits.parallelOperations),
      clock: systemClock,
    });
    const changed = new Set<() => void>();
    const row = { name: 'one' };
    const lines: string[] = [];
    const note = (message: string, values: unknown = {}): void =>
      void lines.push(`${message} ${JSON.stringify(values)}`);
    const core = {
      info: () => ({ ...readAgentInfo('daemon', 0), ...row }),
      onInfo: (listener: () => void) => {
        changed.add(listener);
        return () => void changed.delete(listener);
      },
      table,
      log: { info: note, warn: note, error: note },
    };
    const connect = (peer?: string) => {
      const [input, output] = [new PassThrough(), new PassThrough()];
      const frames: ToConsoleFrame[] = [];
      let rest = '';
      output.on('data', (chunk: Buffer) => {
        const all = (rest + chunk.toString()).split('\n');
        rest = all.pop() ?? '';
        frames.push(...all.map(parseToConsoleFrame));
      });
      const served = serveLink({ input, output, core, ...(peer === undefined ? {} : { peer }) });
      return {
        frames,
        served,
        input,
        send: (...values: readonly unknown[]) => values.forEach((value) => input.write(`${JSON.stringify(value)}\n`)),
        kinds: () => frames.flatMap((frame) => (frame.type === 'report' ? [frame.report.kind] : [])),
      };
    };
    return { connect, table, changed, lines, row };
  }
  const hanging = action({ module: 'example', parameters: { hang: true } });

  test('resumes what an earlier link began, behind the number that it has, and knows nothing of what never came', async () => {
    const { connect, table } = open();
    const first = connect();
    first.send({ type: 'action', ref: 'r', action: hanging });
    await waitFor('a hit', () => first.kinds().includes('hits'));
    first.input.end();
    await first.served;
    expect(table.running()).toBe(1);
    const next = connect();
    next.send({ type: 'resume', ref: 'r', after: 1 }, { type: 'resume', ref: 'never', after: 0 });
    await waitFor('unknown', () => next.frames.some((frame) => frame.type === 'unknown' && frame.ref === 'never'));
    expect(next.kinds()).toContain('hits');
    expect(next.kinds()).not.toContain('accepted');
    next.send({ type: 'cancel', ref: 'r' });
    await waitFor('the end', () => next.kinds().includes('done'));
    next.send({ type: 'bye' });
    await next.served;
  });

  test('knows its console as it calls itself, with what the system says of it', async () => {
    const { connect, lines } = open();
    const link = connect('uid 7');
    link.send({ type: 'hello', protocol: 1, version: 'x', investigator: 'alice' }, { type: 'bye' });
    await link.served;
    expect(lines).toEqual([
      'console connected {"investigator":"alice (uid 7)","version":"x"}',
      'console gone {"investigator":"alice (uid 7)"}',
    ]);
  });

  test('tells the row when it has changed, once for many changes, and not when it is the same', async () => {
    const { connect, changed, row } = open();
    const link = connect();
    link.send({ type: 'hello', protocol: 1, version: 'x' });
    await waitFor('the greeting', () => changed.size === 1);
    row.name = 'two';
    for (let time = 0; time < 100; time++) for (const tell of changed) tell();
    await waitFor('the row', () => link.frames.length === 2);
    for (const tell of changed) tell();
    row.name = 'two';
    link.send({ type: 'resume', ref: 'never', after: 0 });
    await waitFor('unknown', () => link.frames.at(-1)?.type === 'unknown');
    link.input.end();
    await link.served;
    expect(link.frames.map((frame) => (frame.type === 'agent' ? frame.agent.name : frame.type))).toEqual([
      'hello',
      'two',
      'unknown',
    ]);
    expect(changed.size).toBe(0);
  });

  test('ends with a line that is too long, and with it no action', async () => {
    const { connect, table } = open();
    const link = connect();
    link.send({ type: 'action', ref: 'r', action: hanging });
    await waitFor('the action', () => table.running() === 1);
    const [input, output] = [new PassThrough(), new PassThrough()];
    const ended = serveLink({
      input,
      output,
      core: { info: () => readAgentInfo('daemon', 0), table },
      maxFrameBytes: 1000,
    });
    input.write('x'.repeat(2000));
    await ended;
    expect(String(output.read())).toContain('LINE_TOO_LONG');
    expect(table.running()).toBe(1);
    await table.stop();
    link.input.end();
    await link.served;
  });

  test('does not read on from a console that asks and never reads the answers', async () => {
    const { table } = open();
    const input = new PassThrough();
    const output = new PassThrough({ highWaterMark: 1024 });
    const served = serveLink({ input, output, core: { info: () => readAgentInfo('daemon', 0), table } });
    for (let time = 0; time < 20_000; time++) input.write('garbage\n');
    await waitFor('the pause', () => input.isPaused());
    await new Promise((resolve) => setImmediate(resolve));
    expect(output.readableLength + output.writableLength).toBeLessThan(8 * 1024 * 1024);
    output.resume();
    input.end();
    await served;
  });
});
