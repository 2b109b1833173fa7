import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Elements, Item } from '../../../modules/netstat/elements.ts';
import { netstat } from '../../../modules/netstat/index.ts';
import { runModule } from '../../../src/module/run-module.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';
import { createRunContext } from '../../helpers/run-context.ts';

const server = createServer();
const datagrams = createSocket('udp4');
let port = 0;
let clientPort = 0;
let close: () => void = () => {};

beforeAll(async () => {
  // One port for both protocols, with a client connected: what MIG answered with three items.
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  datagrams.bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
  const client = createConnection({ port, host: '127.0.0.1' });
  const [accepted] = (await once(server, 'connection')) as [{ destroy: () => void }];
  clientPort = (client.address() as AddressInfo).port;
  close = () => {
    client.destroy();
    accepted.destroy();
  };
});

afterAll(() => {
  close();
  server.close();
  datagrams.close();
});

const search = async (parameters: unknown): Promise<ModuleResult<Elements>> =>
  (await runModule(netstat, parameters, createRunContext())) as ModuleResult<Elements>;

test('a port that is listened on gives one TCP item and one UDP item', async () => {
  const result = await search({ listeningport: [String(port)] });
  expect(result).toMatchObject({
    foundanything: true,
    success: true,
    elements: {
      listeningport: {
        [port]: [
          { localaddr: '127.0.0.1', localport: port, namespace: 'default', protocol: 'tcp', state: 'LISTEN' },
          { localaddr: '127.0.0.1', localport: port, namespace: 'default', protocol: 'udp' },
        ],
      },
    },
    statistics: { totalhits: 2 },
  });
  expect(result.elements?.listeningport?.[port]).toHaveLength(2);
});

test('a connection is found from both of its ends', async () => {
  const { elements } = await search({ connectedip: ['127.0.0.1'] });
  const ends = (elements?.connectedip?.['127.0.0.1'] ?? []).filter(
    (item) => item.localport === port || item.remoteport === port,
  );
  const tuple = ({ localaddr, localport, remoteaddr, remoteport, state }: Item) =>
    `${localaddr}:${localport} ${remoteaddr}:${remoteport} ${state}`;
  expect(ends.map(tuple).toSorted()).toEqual(
    [
      `127.0.0.1:${port} 127.0.0.1:${clientPort} ESTABLISHED`,
      `127.0.0.1:${clientPort} 127.0.0.1:${port} ESTABLISHED`,
    ].toSorted(),
  );
});

test('the process behind both is this one', async () => {
  const { elements, errors } = await search({ listeningport: [String(port)], processes: true });
  expect(elements?.listeningport?.[port]?.map(({ pid, user }) => ({ pid, user }))).toEqual([
    { pid: process.pid, user: userInfo().username },
    { pid: process.pid, user: userInfo().username },
  ]);
  expect(errors).toBeNull();
});

test('with namespaces the own one is named by its link', async () => {
  const { elements } = await search({ listeningport: [String(port)], namespaces: true });
  const own = readlinkSync('/proc/self/ns/net');
  expect(elements?.listeningport?.[port]?.filter(({ namespace }) => namespace === own)).toHaveLength(2);
});

test('an IPv6 listener that takes IPv4 as well is one item, its IPv4 peers are IPv4', async ({ skip }) => {
  const both = createServer();
  both.listen(0, '::');
  const failed = await Promise.race([once(both, 'listening').then(() => false), once(both, 'error').then(() => true)]);
  if (failed) skip('this host has no IPv6');
  const bothPort = (both.address() as AddressInfo).port;
  const client = createConnection({ port: bothPort, host: '127.0.0.1' });
  const [accepted] = (await once(both, 'connection')) as [{ destroy: () => void }];
  const { elements } = await search({ listeningport: [String(bothPort)], connectedip: ['127.0.0.1/32'] });
  client.destroy();
  accepted.destroy();
  both.close();
  expect(elements?.listeningport?.[bothPort]).toEqual([expect.objectContaining({ localaddr: '::', state: 'LISTEN' })]);
  expect(
    elements?.connectedip?.['127.0.0.1/32']
      ?.filter((item) => item.localport === bothPort)
      .map(({ localaddr, remoteaddr }) => `${localaddr} ${remoteaddr}`),
  ).toEqual(['127.0.0.1 127.0.0.1']);
});

test('an error of the parameters is a failed envelope', async () => {
  expect(await search({ listeningport: ['0'] })).toEqual({
    foundanything: false,
    success: false,
    elements: null,
    statistics: null,
    errors: ['listeningport.0: expected a port from 1 to 65535, got "0"'],
  });
});
