import { statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { queryServerLimits, type QueryServerLimits } from '../../../../src/agent/persistent/query-limits.ts';
import { openQueryServer, type QueryServer } from '../../../../src/agent/persistent/query-server.ts';
import { queryPersistent } from '../../../../src/module/query-persistent.ts';
import { parseResult, type ModuleResult } from '../../../../src/protocol/result.ts';
import { createRunContext } from '../../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

let folder: ReturnType<typeof createTemporaryFolder>;
let path: string;
let server: QueryServer | undefined;
let callers: Socket[];

beforeEach(() => {
  folder = createTemporaryFolder();
  path = join(folder.path, 'persist-m.sock');
  callers = [];
});
afterEach(async () => {
  callers.forEach((caller) => caller.destroy());
  await server?.close();
  server = undefined;
  folder[Symbol.dispose]();
});

const found = (elements: unknown): ModuleResult => ({
  foundanything: true,
  success: true,
  elements,
  statistics: null,
  errors: null,
});

type Answer = (parameters: unknown, signal: AbortSignal) => Promise<ModuleResult>;

async function listen(limits: Partial<QueryServerLimits> = {}, answer: Answer = async (given) => found(given)) {
  server = await openQueryServer({ path, answer, limits: { ...queryServerLimits, ...limits } });
  return server;
}

/** A caller by hand: what it got so far, and whether it is closed. */
function call() {
  const socket = connect({ path, allowHalfOpen: true });
  callers.push(socket);
  let text = '';
  let isClosed = false;
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  socket.on('end', () => (isClosed = true));
  socket.on('close', () => (isClosed = true));
  return {
    socket,
    got: async () => {
      await waitFor('the end of the connection', () => isClosed, 30_000);
      return text;
    },
  };
}

const query = (parameters: unknown): string => `${JSON.stringify({ class: 'parameters', parameters })}\n`;
const ask = (parameters: unknown) => queryPersistent('m')(parameters, createRunContext(undefined, `unix:${path}`));
/** Whatever else goes on, an honest caller is answered. */
const expectAnswered = async () =>
  expect(await ask({ still: 'there' })).toMatchObject({ elements: { still: 'there' } });

test('a line in, a line out, and the connection is closed', async () => {
  await listen();
  const caller = call();
  caller.socket.write(query({ a: 1 }));
  expect(await caller.got()).toBe(
    '{"foundanything":true,"success":true,"elements":{"a":1},"statistics":null,"errors":null}\n',
  );
});

test('the socket is for its owner alone, and a stale one is replaced', async () => {
  await listen();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  // As after kill -9: the file is there and nobody listens.
  await server?.close();
  const { spawnSync } = await import('node:child_process');
  const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 9))`;
  spawnSync(process.execPath, ['-e', code]);
  expect(statSync(path).isSocket()).toBe(true);
  await listen();
  await expectAnswered();
});

test.each([
  ['a file in its place', () => writeFileSync(path, 'x'), 'expected a socket or nothing at'],
  ['a path that is too long', () => (path = join(folder.path, 'x'.repeat(120))), 'expected a socket path of at most'],
  ['a folder that is not there', () => (path = join(folder.path, 'a/b.sock')), 'cannot listen on'],
])('%s is refused', async (_, prepare, message) => {
  prepare();
  await expect(listen()).rejects.toMatchObject({
    code: 'SOCKET_INVALID',
    message: expect.stringContaining(message),
  });
});

test('queries run side by side', async () => {
  const open = Promise.withResolvers<void>();
  let waiting = 0;
  await listen({}, async (given) => {
    if (++waiting === 3) open.resolve();
    await open.promise;
    return found(given);
  });
  const answers = await Promise.all([ask({ n: 1 }), ask({ n: 2 }), ask({ n: 3 })]);
  expect(answers.map(({ elements }) => elements)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('1,000 concurrent queries are answered, each with its own', async () => {
  await listen();
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, n) => ask({ n })));
  expect(answers.map(({ elements }) => (elements as { n: number }).n)).toEqual(
    Array.from({ length: 1000 }, (_, n) => n),
  );
  await waitFor('all to be closed', () => server?.connections() === 0);
}, 60_000);

test('an answer of many MB arrives whole', async () => {
  const text = 'x'.repeat(30_000_000);
  await listen({}, async () => found({ text }));
  expect((await ask({})).elements).toEqual({ text });
}, 60_000);

describe('a hostile caller gets a failed answer or none, and the others theirs', () => {
  const reasonOf = (text: string) => parseResult(text).errors?.[0];

  test.each([
    ['garbage', '\u0000\u001bgarbage\n', /expected one line of JSON/],
    ['JSON that is no message', '[1,2]\n', /expected a message with a class/],
    ['another class', '{"class":"ping"}\n', 'expected a message of class parameters, got class ping'],
    ['an empty line', '\n', /expected one line of JSON/],
  ])('%s', async (_, line, reason) => {
    await listen();
    const caller = call();
    caller.socket.write(line);
    expect(reasonOf(await caller.got())).toMatch(reason);
    await expectAnswered();
  });

  test('half a line, and the end of the input', async () => {
    await listen();
    const caller = call();
    caller.socket.end('{"class":"para');
    expect(reasonOf(await caller.got())).toMatch(/expected one line of JSON/);
    const silent = call();
    silent.socket.end();
    expect(reasonOf(await silent.got())).toContain('got the end of the input');
  });

  test('half a line, and then nothing', async () => {
    await listen({ lineMs: 50 });
    const caller = call();
    caller.socket.write('{"class":"para');
    expect(reasonOf(await caller.got())).toBe('expected one line with the parameters within 0.05 s, got none');
    await expectAnswered();
  });

  test('a byte now and then does not win more time', async () => {
    await listen({ lineMs: 100 });
    const caller = call();
    const drip = setInterval(() => void caller.socket.write('x'), 10);
    expect(reasonOf(await caller.got())).toContain('within 0.1 s');
    clearInterval(drip);
  });

  test('a line of 100 MB', async () => {
    await listen();
    const caller = call();
    const before = process.memoryUsage().rss;
    const piece = Buffer.alloc(1_000_000, 'x');
    let written = 0;
    const more = (): void => {
      if (caller.socket.destroyed || written >= 100) return;
      written++;
      caller.socket.write(piece, () => more());
    };
    more();
    await caller.got();
    expect(process.memoryUsage().rss - before).toBeLessThan(64_000_000);
    await expectAnswered();
    await waitFor('it to be closed', () => server?.connections() === 0);
  });

  test('unfinished lines that fill the memory together', async () => {
    await listen({ inputBytes: 1_000_000 });
    const many = Array.from({ length: 5 }, call);
    for (const { socket } of many) socket.write('x'.repeat(300_000));
    await waitFor('one to be refused', () => (server?.connections() ?? 9) < 5);
    await expectAnswered();
  });

  test('500 connections that say nothing', async () => {
    await listen();
    Array.from({ length: 500 }, call);
    await waitFor('all of them', () => server?.connections() === 500);
    await expectAnswered();
  });

  test('more connections than there may be: the one that waited longest is closed', async () => {
    await listen({ connections: 10 });
    const many = Array.from({ length: 10 }, call);
    await waitFor('all of them', () => server?.connections() === 10);
    await expectAnswered();
    expect(reasonOf((await many[0]?.got()) ?? '')).toContain('too many connections');
  });

  test('more queries than there may be: the new one is told so', async () => {
    const open = Promise.withResolvers<ModuleResult>();
    await listen({ connections: 3 }, () => open.promise);
    for (const { socket } of Array.from({ length: 3 }, call)) socket.write(query({}));
    await waitFor('all of them', () => server?.connections() === 3);
    await expect(ask({})).rejects.toThrow('the module has 3 connections already');
    open.resolve(found(null));
  });

  test('a reader that never reads', async () => {
    await listen({ readerMs: 100 }, async () => found({ text: 'x'.repeat(5_000_000) }));
    const caller = call();
    caller.socket.pause();
    caller.socket.write(query({}));
    await waitFor('it to be served', () => server?.connections() === 1);
    await waitFor('it to be closed', () => server?.connections() === 0);
  });

  test('readers that never read hold a bounded amount', async () => {
    await listen({ outputBytes: 8_000_000 }, async () => found({ text: 'x'.repeat(5_000_000) }));
    const idle = call();
    idle.socket.pause();
    idle.socket.write(query({}));
    await waitFor('the first', () => server?.connections() === 1);
    await expect(
      waitFor('a refusal', () =>
        ask({}).then(
          () => false,
          (error: unknown) => Promise.reject(error as Error),
        ),
      ),
    ).rejects.toThrow('wait for their readers already');
  });

  test('an answer that is larger than one may be', async () => {
    await listen({ answerBytes: 1000 }, async () => found({ text: 'x'.repeat(2000) }));
    await expect(ask({})).rejects.toThrow(/the answer has \d+ bytes, more than the 1000 that one may have/);
  });

  test('an answer that JSON cannot hold', async () => {
    await listen({}, async () => found({ n: 1n }));
    await expect(ask({})).rejects.toThrow('the answer cannot be written');
  });

  test('a caller that goes on writing behind its line', async () => {
    await listen();
    const caller = call();
    caller.socket.write(query({ a: 1 }) + 'x'.repeat(2_000_000));
    expect(await caller.got()).toContain('"a":1');
    await expectAnswered();
  });

  test('a caller that leaves: its query is told so', async () => {
    const left = Promise.withResolvers<void>();
    await listen({}, async (_, signal) => {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
      left.resolve();
      return found(null);
    });
    const caller = call();
    caller.socket.write(query({}));
    await waitFor('it to be served', () => server?.connections() === 1);
    caller.socket.write('{"class":"stop"}\n');
    await left.promise;
  });
});

test('a query is stopped at its limit, and answered even when it does not care', async () => {
  await listen({ queryMs: 30, abortMs: 30 }, () => new Promise(() => {}));
  await expect(ask({})).rejects.toThrow('the query was stopped at its limit of 0.03 s');
});
