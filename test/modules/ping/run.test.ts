import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Elements } from '../../../modules/ping/elements.ts';
import { ping } from '../../../modules/ping/index.ts';
import type { Params } from '../../../modules/ping/params.ts';
import { printResults } from '../../../modules/ping/print-results.ts';
import { run, runWith } from '../../../modules/ping/run.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { loadDatagramSockets } from '../../../src/native/datagram-socket.ts';
import { createSystemError } from '../../../src/native/system-error.ts';
import { hasIpv6, loopbacks } from '../../helpers/has-ipv6.ts';
import { createRunContext } from '../../helpers/run-context.ts';

const EACCES = 13;
const EPERM = 1;

const pingFor = (parameters: unknown, context = createRunContext<Elements>()) =>
  run(validateParameters(ping.params, parameters) as Params, context);

async function listenTcp(host: string): Promise<AsyncDisposable & { readonly port: number }> {
  const server: Server = createServer((socket) => socket.on('error', () => undefined)).listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())),
  };
}

async function listenUdp(
  host: string,
  onMessage: (socket: Socket, port: number, address: string) => void,
): Promise<AsyncDisposable & { readonly port: number; readonly sizes: readonly number[] }> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const sizes: number[] = [];
  socket.on('message', (message, { port, address }) => {
    sizes.push(message.length);
    onMessage(socket, port, address);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    sizes,
    [Symbol.asyncDispose]: () => new Promise((done) => void socket.close(() => done())),
  };
}

/** A port of loopback that nobody listens on: it was free a moment ago. */
async function closedPort(): Promise<number> {
  await using server = await listenTcp('127.0.0.1');
  return server.port;
}

const refused = { outcome: 'refused', reason: 'connection refused' };

describe('tcp', () => {
  test.each(hasIpv6() ? ['127.0.0.1', '::1', '[::1]'] : ['127.0.0.1'])(
    'an open port of %s answers',
    async (destination) => {
      await using server = await listenTcp(destination.replaceAll(/[[\]]/g, ''));
      const context = createRunContext<Elements>();
      const { foundAnything, elements, statistics, errors } = await pingFor(
        { destination, protocol: 'tcp', destinationport: server.port, count: 2, interval: 0.01 },
        context,
      );
      const address = destination.replaceAll(/[[\]]/g, '');
      const shown = address.includes(':') ? `[${address}]` : address;
      expect({ foundAnything, errors, failures: elements.failures }).toEqual({
        foundAnything: true,
        errors: [],
        failures: null,
      });
      expect(elements).toMatchObject({
        protocol: 'tcp',
        resolvedhost: `${shown}:${server.port} (${address})`,
        attempts: [{ outcome: 'reply' }, { outcome: 'reply' }],
      });
      expect(elements.latencies?.every((ms) => ms > 0 && ms < 1000)).toBe(true);
      expect(statistics).toMatchObject({ sent: 2, received: 2, loss: 0 });
      expect(statistics.median).toBe((Number(elements.latencies?.[0]) + Number(elements.latencies?.[1])) / 2);
      expect(context.hits.flatMap(({ latencies }) => latencies)).toEqual(elements.latencies);
    },
  );

  test('a closed port refuses: -1, and the run goes on to its end', async () => {
    const destinationport = await closedPort();
    expect(
      await pingFor({ destination: '127.0.0.1', protocol: 'tcp', destinationport, count: 2, interval: 0.01 }),
    ).toMatchObject({
      foundAnything: false,
      elements: {
        latencies: [-1, -1],
        failures: null,
        attempts: [refused, refused],
      },
      statistics: { sent: 2, received: 0, loss: 100 },
      errors: [],
    });
  });

  test('names are resolved on the endpoint, and one that does not resolve is said', async () => {
    await using server = await listenTcp('127.0.0.1');
    const { elements } = await pingFor({
      destination: 'localhost',
      protocol: 'tcp',
      destinationport: server.port,
      count: 1,
    });
    expect(elements.resolvedhost).toMatch(/^localhost:\d+ \((127\.0\.0\.1|::1)\)$/);

    const missing = await pingFor({ destination: 'no-such-host.invalid', protocol: 'tcp', timeout: 0.5 });
    expect(missing).toMatchObject({
      foundAnything: false,
      elements: { latencies: null, resolvedhost: 'no-such-host.invalid:80' },
      errors: [
        expect.stringMatching(
          /^no-such-host\.invalid could not be resolved on the endpoint: (the resolver knows no address of that name|no name server answered|no answer within)/,
        ),
      ],
    });
  });
});

describe.each([
  ['with native sockets', loadDatagramSockets()],
  ['with the sockets of Node', undefined],
])('udp %s', (_, openSocket) => {
  const pingUdp = (parameters: unknown) =>
    runWith(openSocket, validateParameters(ping.params, parameters) as Params, createRunContext<Elements>());

  test.each(loopbacks)('an answer of %s is a reply', async (destination) => {
    await using server = await listenUdp(destination, (socket, port, address) => socket.send('hello', port, address));
    const { elements } = await pingUdp({ destination, protocol: 'udp', destinationport: server.port, count: 1 });
    expect(elements.attempts).toEqual([{ outcome: 'reply', ms: expect.any(Number) }]);
    expect(elements.latencies?.[0]).toBeGreaterThan(0);
    expect(server.sizes).toEqual([15]);
  });

  test.each(loopbacks)('a closed port of %s refuses', async (destination) => {
    const destinationport = await closedPort();
    const { foundAnything, elements } = await pingUdp({ destination, protocol: 'udp', destinationport, count: 1 });
    expect(foundAnything).toBe(false);
    expect(elements.attempts).toMatchObject([{ outcome: 'refused' }]);
    expect(elements.latencies).toEqual([-1]);
  });

  test('silence counts as found, and the time of less than a second is kept', async () => {
    await using server = await listenUdp('127.0.0.1', () => undefined);
    const startedMs = performance.now();
    const { foundAnything, elements } = await pingUdp({
      destination: '127.0.0.1',
      protocol: 'udp',
      destinationport: server.port,
      count: 2,
      timeout: 0.1,
      interval: 0.01,
    });
    expect(performance.now() - startedMs).toBeGreaterThan(190);
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect({ foundAnything, latencies: elements.latencies }).toEqual({
      foundAnything: true,
      latencies: [9_999_999, 9_999_999],
    });
  });
});

describe.skipIf(process.platform !== 'linux' || process.geteuid?.() !== 0)('icmp', () => {
  test.each(loopbacks)('%s answers', async (destination) => {
    const { foundAnything, elements, statistics, errors } = await pingFor({ destination, count: 3, interval: 0.01 });
    expect({ foundAnything, errors }).toEqual({ foundAnything: true, errors: [] });
    expect(elements).toMatchObject({ protocol: 'icmp', resolvedhost: `${destination} (${destination})` });
    expect(elements.latencies?.every((ms) => ms > 0 && ms < 1000)).toBe(true);
    expect(statistics).toMatchObject({ sent: 3, received: 3, loss: 0 });
  });

  test('a port is said to be ignored; the one that MIG sends is not spoken of', async () => {
    const ping443 = await pingFor({
      destination: '127.0.0.1',
      protocol: 'icmp',
      destinationport: 443,
      count: 1,
    });
    expect(ping443.errors).toEqual(['icmp has no ports: 443 is ignored']);
    expect(ping443.elements.resolvedhost).toBe('127.0.0.1 (127.0.0.1)');
    expect((await pingFor({ destination: '127.0.0.1', destinationport: -1, count: 1 })).errors).toEqual([]);
  });
});

describe('icmp without a socket', () => {
  const params = { destination: '127.0.0.1', protocol: 'icmp', count: 2, interval: 0.01 };

  test('that the kernel refuses both kinds is said with the way out', async () => {
    const { foundAnything, elements, statistics, errors } = await runWith(
      ({ type }) => {
        throw createSystemError('socket', type === 'raw' ? EPERM : EACCES);
      },
      params,
      createRunContext<Elements>(),
    );
    expect({ foundAnything, latencies: elements.latencies }).toEqual({ foundAnything: false, latencies: [0, 0] });
    const reason =
      'the kernel refuses this agent a socket for icmp (datagram EACCES, raw EPERM): put its group into the sysctl net.ipv4.ping_group_range, give it CAP_NET_RAW, or use tcp';
    expect(errors).toEqual([reason]);
    expect(statistics).toEqual({ sent: 0, received: 0, exectime: expect.any(String) });
    expect(elements.failures).toEqual([reason]);
  });

  test('a datagram socket is enough', async () => {
    const asked: string[] = [];
    const silent = { send: () => 0n, receive: () => undefined, receiveError: () => undefined };
    const { elements } = await runWith(
      ({ type }) => {
        asked.push(type);
        return { ...silent, [Symbol.dispose]: () => undefined };
      },
      { ...params, timeout: 0.02 },
      createRunContext<Elements>(),
    );
    expect(asked).toEqual(['datagram', 'datagram']);
    expect(elements.latencies).toEqual([9_999_999, 9_999_999]);
  });

  test('a host without native sockets says what works there', async () => {
    const { errors } = await runWith(undefined, params, createRunContext<Elements>());
    expect(errors).toEqual([expect.stringContaining('use tcp or udp')]);
  });
});

test.each([
  ['udp', 0],
  ['udp', 60],
])('a stop of %s ends the run within 100 ms, with what was measured', async (protocol, afterMs) => {
  await using server = await listenUdp('127.0.0.1', (socket, port, address) => socket.send('x', port, address));
  const stop = new AbortController();
  setTimeout(() => stop.abort(), afterMs);
  const running = pingFor(
    { destination: '127.0.0.1', protocol, destinationport: server.port, count: 1000, interval: 10 },
    createRunContext<Elements>(stop.signal),
  );
  await once(stop.signal, 'abort');
  const abortedMs = performance.now();
  const { elements, errors } = await running;
  expect(performance.now() - abortedMs).toBeLessThan(100);
  const sent = elements.latencies?.length ?? 0;
  expect(sent).toBeLessThan(2);
  expect(errors).toEqual([
    elements.stoppedat === undefined
      ? `stopped after ${sent} of 1000 attempts`
      : `stopped while waiting for #${elements.stoppedat} of 1000 attempts`,
  ]);
});

test.each([
  ['with native sockets', loadDatagramSockets()],
  ['with the sockets of Node', undefined],
])('an attempt that a stop ends %s was sent, and is neither lost nor untried', async (_, openSocket) => {
  const stop = new AbortController();
  await using server = await listenUdp('127.0.0.1', () => stop.abort());
  const params = { destination: '127.0.0.1', protocol: 'udp', destinationport: server.port, count: 100 };
  const { foundAnything, elements, statistics, errors } = await runWith(
    openSocket,
    params,
    createRunContext<Elements>(stop.signal),
  );
  expect({ foundAnything, errors }).toEqual({
    foundAnything: false,
    errors: ['stopped while waiting for #1 of 100 attempts'],
  });
  expect(elements).toMatchObject({ latencies: null, attempts: [], stoppedat: 1 });
  expect(statistics).toEqual({ sent: 1, received: 0, exectime: expect.any(String) });
  const result = { foundanything: false, success: true, elements, statistics, errors };
  expect(printResults(result, { matchOnly: false }).map(({ text }) => text)).toEqual([
    `udp ping of 127.0.0.1:${server.port} (127.0.0.1) was stopped while waiting for #1.`,
    'ping #1 was stopped while it waited for its answer',
    'error: stopped while waiting for #1 of 100 attempts',
    `stat: 1 sent, 0 received, execution time was ${statistics.exectime}`,
  ]);
});

test('a stop before the first attempt is said as such', async () => {
  const { elements, statistics, errors } = await pingFor(
    { destination: '127.0.0.1', protocol: 'tcp' },
    createRunContext<Elements>(AbortSignal.abort()),
  );
  expect({ stoppedat: elements.stoppedat, sent: statistics.sent, errors }).toEqual({
    stoppedat: 0,
    sent: 0,
    errors: ['stopped before the first of 3 attempts'],
  });
  const result = { foundanything: false, success: true, elements, statistics, errors };
  expect(printResults(result, { matchOnly: true }).map(({ text }) => text)).toEqual([
    'tcp ping of 127.0.0.1:80 (127.0.0.1) was stopped before it was tried.',
  ]);
});

test('a port without a protocol means tcp', async () => {
  const destinationport = await closedPort();
  const { foundAnything, elements } = await pingFor({ destination: '127.0.0.1', destinationport, count: 1 });
  expect({ foundAnything, protocol: elements.protocol }).toEqual({ foundAnything: false, protocol: 'tcp' });
  expect(elements.attempts).toEqual([refused]);
});
