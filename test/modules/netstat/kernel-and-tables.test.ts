/** The kernel's own answer and the tables of /proc tell the same, so that it does not matter which of them a host offers. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Elements, Item } from '../../../modules/netstat/elements.ts';
import { createSystemHost } from '../../../modules/netstat/host.ts';
import { runOn } from '../../../modules/netstat/run.ts';
import { createReadSocketLinks } from '../../../src/linux/proc/read-socket-links.ts';
import { hasIpv6 } from '../../helpers/has-ipv6.ts';
import { createRunContext } from '../../helpers/run-context.ts';

async function listen(host: string): Promise<Server> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

test.skipIf(!hasIpv6())(
  'connections, listeners and processes are the same both ways, over IPv4, IPv6 and mapped addresses',
  async () => {
    const system = createSystemHost();
    expect(system.openNetlink).toBeDefined();
    const portable = { ...system, openNetlink: undefined, readLinks: createReadSocketLinks(undefined) };

    const servers = [await listen('127.0.0.1'), await listen('::1'), await listen('::')];
    const open: Socket[] = [];
    for (const [at, host] of ['127.0.0.1', '::1', '127.0.0.1'].entries()) {
      const server = servers[at];
      if (!server) continue;
      const client = createConnection({ port: portOf(server), host });
      const [accepted] = (await once(server, 'connection')) as [Socket];
      open.push(client, accepted);
    }
    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const peer = createSocket('udp6');
    peer.connect(udp.address().port, '::1');
    await once(peer, 'connect');
    try {
      const ports = [...servers.map(portOf), udp.address().port].map(String);
      const params = { connectedip: ['127.0.0.0/8', '::1'], listeningport: ports, processes: true, namespaces: false };
      // Other tests of this host open and close sockets meanwhile: only those of this one are compared.
      const mine = (elements: Elements): readonly Item[] =>
        [...Object.values(elements.connectedip ?? {}), ...Object.values(elements.listeningport ?? {})]
          .flatMap((items) => items ?? [])
          .filter(({ pid }) => pid === process.pid)
          .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
      const fast = await runOn(system, params, createRunContext<Elements>());
      const slow = await runOn(portable, params, createRunContext<Elements>());
      expect({ fast: fast.errors, slow: slow.errors }).toEqual({ fast: [], slow: [] });
      expect(mine(fast.elements)).toEqual(mine(slow.elements));
      const told = mine(fast.elements).map(({ protocol, state }) => `${protocol} ${state ?? ''}`);
      expect(told.filter((one) => one === 'tcp ESTABLISHED')).toHaveLength(6);
      expect(told.filter((one) => one === 'tcp LISTEN')).toHaveLength(3);
      expect(told.filter((one) => one === 'udp ESTABLISHED')).toHaveLength(1);
      expect(told.filter((one) => one === 'udp ')).toHaveLength(1);
    } finally {
      for (const socket of open) socket.destroy();
      for (const server of servers) server.close();
      udp.close();
      peer.close();
    }
  },
);
