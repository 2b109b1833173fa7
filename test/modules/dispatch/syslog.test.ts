import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { expect, test } from 'vitest';
import { sendUnixDatagram } from '../../../src/native/unix-datagram.ts';
import { openLibrary } from '../../../src/native/open-library.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { startDispatch } from './start-dispatch.ts';

const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** The numbers of the alerts in a stream of messages that count octets; throws where the counting is wrong. */
function readFramed(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, blank));
    if (!Number.isInteger(length) || blank < 0) throw new Error(`no length at ${at}`);
    const message = bytes.toString('utf8', blank + 1, blank + 1 + length);
    if (blank + 1 + length > bytes.length) break;
    found.push(Number(/^<29>1 \S+ here gumshoe-agent \d+ fswatch \[gumshoe@32473 id="here-(\d+)"/.exec(message)?.[1]));
    at = blank + 1 + length;
  }
  return found;
}

interface Listener extends AsyncDisposable {
  readonly port: number;
  readonly read: () => readonly number[];
  readonly sockets: Socket[];
}

async function listen(server: Server, port = 0): Promise<Listener> {
  const streams: Buffer[][] = [];
  const sockets: Socket[] = [];
  server.on('tlsClientError', () => undefined);
  const take = (socket: Socket): void => {
    const chunks: Buffer[] = [];
    streams.push(chunks);
    sockets.push(socket);
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
    socket.on('error', () => undefined);
  };
  server.on('setSecureContext' in server ? 'secureConnection' : 'connection', take);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    read: () => streams.flatMap((chunks) => readFramed(Buffer.concat(chunks))),
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('tcp: messages count their octets, in order, over one connection', async () => {
  using folder = createTemporaryFolder();
  await using receiver = await listen(createServer());
  await using dispatch = await startDispatch(folder.path, { syslog: `tcp://127.0.0.1:${receiver.port}` });
  for (let n = 1; n <= 30; n++) await dispatch.give(n, '{"severity":"low","alert":"ä\\n100%"}');
  await waitFor('all messages', () => receiver.read().length === 30);
  expect(receiver.read()).toEqual(numbers(1, 30));
  expect(receiver.sockets).toHaveLength(1);
});

test('tcp: a receiver that is down holds the queue, one that closes is connected to again', async () => {
  using folder = createTemporaryFolder();
  const first = await listen(createServer());
  await first[Symbol.asyncDispose]();
  await using dispatch = await startDispatch(folder.path, {
    syslog: `tcp://127.0.0.1:${first.port}`,
    retrymax: '100ms',
  });
  for (let n = 1; n <= 10; n++) await dispatch.give(n, '{"severity":"low"}');
  await waitFor('a failure', async () => (await dispatch.elements()).sinks[0]?.lastError);
  expect((await dispatch.elements()).sinks[0]?.lastError?.text).toContain('ECONNREFUSED');
  await using second = await listen(createServer(), first.port);
  await waitFor('all messages', () => second.read().length === 10);
  const [socket] = second.sockets;
  socket?.end();
  await waitFor('the end', () => socket?.destroyed);
  await dispatch.give(11, '{"severity":"low"}');
  await waitFor('the next', () => second.read().length === 11);
  expect(second.read()).toEqual(numbers(1, 11));
});

test('tcp: a receiver that never reads is given up after the time limit', async () => {
  using folder = createTemporaryFolder();
  const server = createServer({ pauseOnConnect: true });
  await using receiver = await listen(server);
  await using dispatch = await startDispatch(folder.path, {
    syslog: `tcp://127.0.0.1:${receiver.port}`,
    timeout: '300ms',
    retrymax: '100ms',
  });
  server.on('connection', (socket: Socket) => void socket.pause());
  for (let n = 1; n <= 400; n++) await dispatch.give(n, 'x'.repeat(60_000));
  await waitFor('a failure', async () => (await dispatch.elements()).sinks[0]?.lastError, 20_000);
  expect((await dispatch.elements()).sinks[0]?.lastError?.text).toBe('not taken within 0.3 s');
}, 60_000);

test('tls: the receiver is checked by the certificates of a file, and refused without them', async () => {
  using folder = createTemporaryFolder();
  const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  await using receiver = await listen(createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }));
  const syslog = `tls://127.0.0.1:${receiver.port}`;
  await using dispatch = await startDispatch(folder.path, { syslog, cafile: cert });
  await dispatch.give(1, '{"severity":"low"}');
  await waitFor('the message', () => receiver.read().length === 1);
  using other = createTemporaryFolder();
  await using strict = await startDispatch(other.path, { syslog, retrymax: '100ms' });
  await strict.give(1, '{"severity":"low"}');
  await waitFor('a failure', async () => (await strict.elements()).sinks[0]?.lastError);
  expect((await strict.elements()).sinks[0]?.lastError?.text).toMatch(/self-signed certificate/);
  expect(receiver.read()).toEqual([1]);
});

test('udp: one datagram a message; that nobody listens is told by the kernel', async () => {
  using folder = createTemporaryFolder();
  const socket = createSocket('udp4');
  const received: string[] = [];
  socket.on('message', (bytes) => void received.push(bytes.toString('utf8')));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await using dispatch = await startDispatch(folder.path, { syslog: `udp://127.0.0.1:${port}`, retrymax: '100ms' });
  for (let n = 1; n <= 5; n++) await dispatch.give(n);
  await waitFor('all messages', () => received.length === 5);
  expect(received[4]).toMatch(/^<29>1 .* fswatch \[.*id="here-5".*\] \ufeff\{"severity":"low","alert":"alert 5"\}$/);
  await new Promise<void>((resolve) => socket.close(resolve));
  for (let n = 6; n <= 30; n++) await dispatch.give(n);
  await waitFor('a failure', async () => (await dispatch.elements()).sinks[0]?.lastError);
  expect((await dispatch.elements()).sinks[0]?.lastError?.text).toContain('ECONNREFUSED');
});

/** A receiver as /dev/log: node:dgram has no unix sockets. */
function bindUnix(path: string): Disposable & { readonly receive: () => string | undefined } {
  const library = openLibrary({
    socket: { return: 'i32', arguments: ['i32', 'i32', 'i32'] },
    bind: { return: 'i32', arguments: ['i32', 'buffer', 'u32'] },
    recv: { return: 'i64', arguments: ['i32', 'buffer', 'u64', 'i32'] },
    close: { return: 'i32', arguments: ['i32'] },
  } as const);
  if (!library) throw new Error('no C library to call');
  const { call } = library;
  const file = call.socket(1, 2, 0);
  const address = Buffer.alloc(110);
  address.writeUInt16LE(1, 0);
  const length = address.write(path, 2);
  if (call.bind(file, address, length + 3) < 0) throw new Error(`cannot bind ${path}`);
  const buffer = Buffer.alloc(70_000);
  return {
    receive: () => {
      const size = Number(call.recv(file, buffer, BigInt(buffer.length), 0x40));
      return size < 0 ? undefined : buffer.toString('utf8', 0, size);
    },
    [Symbol.dispose]: () => void call.close(file),
  };
}

test('unix: a datagram to the local socket; without one the queue waits', async () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'log');
  await using dispatch = await startDispatch(folder.path, {
    syslog: `unix:${path}`,
    syslogfacility: 'local0',
    retrymax: '100ms',
  });
  await dispatch.give(1);
  await waitFor('a failure', async () => (await dispatch.elements()).sinks[0]?.lastError);
  expect((await dispatch.elements()).sinks[0]?.lastError?.text).toBe(`${path}: ENOENT, no such file or directory`);
  using receiver = bindUnix(path);
  expect(await waitFor('the message', () => receiver.receive())).toMatch(/^<133>1 .*id="here-1"/);
  await dispatch.give(2, 'x'.repeat(60_000));
  const long = await waitFor('the next', () => receiver.receive());
  expect([Buffer.byteLength(long), long.endsWith('...')]).toEqual([8192, true]);
});

test('a socket that is gone is told by its path', () => {
  expect(() => sendUnixDatagram('/nonexistent/log', Buffer.from('x'))).toThrow(
    expect.objectContaining({ code: 'ENOENT', message: '/nonexistent/log: ENOENT, no such file or directory' }),
  );
});

test('two sinks are served side by side: one that is down holds up nobody', async () => {
  using folder = createTemporaryFolder();
  await using receiver = await listen(createServer());
  await using dispatch = await startDispatch(folder.path, {
    syslog: `tcp://127.0.0.1:${receiver.port}`,
    httpurl: 'http://127.0.0.1:1/',
    retrymax: '100ms',
  });
  for (let n = 1; n <= 5; n++) await dispatch.give(n, '{"severity":"low"}');
  await waitFor('all messages', () => receiver.read().length === 5);
  await waitFor('the notes', async () => (await dispatch.elements()).sinks[1]?.sent === 5);
  expect(await dispatch.elements()).toMatchObject({
    queued: 5,
    sinks: [
      { name: 'http', sent: 0 },
      { name: 'syslog', queued: 0 },
    ],
  });
});
