import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parsePersistSocket } from '../../../src/module/persist-socket.ts';
import { queryLimits, queryPersistent } from '../../../src/module/query-persistent.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

type Behaviour = (line: string, socket: Socket) => void;

let folder: ReturnType<typeof createTemporaryFolder>;
let closings: (() => void)[];

beforeEach(() => {
  folder = createTemporaryFolder();
  closings = [];
});
afterEach(() => {
  closings.forEach((close) => close());
  folder[Symbol.dispose]();
});

/** Something that listens; `behave` gets every chunk as a line. */
async function listen(behave: Behaviour): Promise<string> {
  const path = join(folder.path, 'persist-echo.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => behave(chunk.toString(), socket));
  });
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  closings.push(() => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });
  return `unix:${path}`;
}

const envelope = { foundanything: true, success: true, elements: { string: 'S' }, statistics: null, errors: null };
const ask = (socket: string | undefined, signal?: AbortSignal, limits = queryLimits) =>
  queryPersistent('echo', limits)({ string: 'S' }, createRunContext(signal, socket));

test('one line of parameters goes out, and what is in the envelope comes back', async () => {
  const lines: string[] = [];
  const socket = await listen((line, peer) => {
    lines.push(line);
    peer.end(`${JSON.stringify({ ...envelope, errors: ['soft'] })}\n`);
  });
  expect(await ask(socket)).toEqual({
    foundAnything: true,
    elements: { string: 'S' },
    statistics: null,
    errors: ['soft'],
  });
  expect(lines).toEqual(['{"class":"parameters","parameters":{"string":"S"}}\n']);
});

test('an answer in pieces, without its line end, is an answer', async () => {
  const text = JSON.stringify(envelope);
  const socket = await listen((_, peer) => {
    peer.write(text.slice(0, 10));
    setImmediate(() => peer.end(text.slice(10)));
  });
  expect(await ask(socket)).toMatchObject({ elements: { string: 'S' } });
});

test('a failed envelope of the module is the failure of the run, with its reasons', async () => {
  const socket = await listen((_, peer) => peer.end('{"success":false,"errors":["one","two"]}\n'));
  await expect(ask(socket)).rejects.toThrow('one; two');
});

test.each([
  [
    undefined,
    'MODULE_NOT_RUNNING',
    /^module echo is not running here: no agent that keeps persistent modules has started/,
  ],
  [
    'unix:/nonexistent/x.sock',
    'MODULE_NOT_RUNNING',
    /^module echo cannot be asked at unix:\/nonexistent\/x.sock: .*ENOENT/,
  ],
  ['tcp:127.0.0.1:1', 'MODULE_NOT_RUNNING', /cannot be asked at tcp:127.0.0.1:1: .*ECONNREFUSED/],
  ['http:x', 'SOCKET_INVALID', 'expected a socket as unix:PATH or tcp:HOST:PORT, got "http:x"'],
  ['unix:', 'SOCKET_INVALID', 'expected a path behind unix:, got "unix:"'],
  ['tcp:localhost', 'SOCKET_INVALID', 'expected tcp:HOST:PORT, got "tcp:localhost"'],
  ['tcp:localhost:0', 'SOCKET_INVALID', 'expected tcp:HOST:PORT, got "tcp:localhost:0"'],
  [`unix:/${'x'.repeat(107)}`, 'SOCKET_INVALID', /^expected a socket path of at most 107 bytes, got 108/],
])('the socket %j fails the run: %s', async (socket, code, message) => {
  const failure = await ask(socket).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
});

test.each([
  ['unix:/run/a b.sock', { path: '/run/a b.sock' }],
  ['tcp:localhost:80', { host: 'localhost', port: 80 }],
  ['tcp:[::1]:80', { host: '::1', port: 80 }],
])('%j is the address %j', (spec, address) => {
  expect(parsePersistSocket(spec)).toEqual(address);
});

test.each([
  ['something else', 'no json\n', /expected a result as one line of JSON/],
  ['a value that is no envelope', '{"success":"perhaps"}\n', /wrong success/],
  ['nothing', '', /closed the connection without an answer/],
])('%s in place of an answer fails the run', async (_, text, message) => {
  const socket = await listen((_line, peer) => peer.end(text));
  await expect(ask(socket)).rejects.toThrow(message);
});

test('an answer without end is cut off at the limit', async () => {
  const socket = await listen((_, peer) => {
    const more = (): void => void (peer.writable && peer.write('x'.repeat(65_536), more));
    more();
  });
  await expect(ask(socket, undefined, { ...queryLimits, answerBytes: 1_000_000 })).rejects.toThrow(
    'expected a line of at most 1000000 bytes',
  );
});

test('a stop is sent on, and what the module then answers is the result', async () => {
  const stop = new AbortController();
  const socket = await listen((line, peer) => {
    if (line.includes('"stop"')) peer.end(`${JSON.stringify({ ...envelope, errors: ['stopped'] })}\n`);
    else stop.abort();
  });
  expect(await ask(socket, stop.signal)).toMatchObject({ elements: { string: 'S' }, errors: ['stopped'] });
});

test('after a stop a silent module is waited for shortly', async () => {
  const stop = new AbortController();
  const socket = await listen(() => stop.abort());
  await expect(ask(socket, stop.signal, { ...queryLimits, stopWaitMs: 20 })).rejects.toThrow(
    'stopped before module echo answered',
  );
});

test('a run that is stopped already does not connect', async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(ask('unix:/nonexistent/x.sock', stop.signal)).rejects.toThrow('stopped before module echo was asked');
});
