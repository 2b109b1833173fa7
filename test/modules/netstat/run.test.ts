import { chmodSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { netstat } from '../../../modules/netstat/index.ts';
import type { Elements } from '../../../modules/netstat/elements.ts';
import type { Params } from '../../../modules/netstat/params.ts';
import { runOn } from '../../../modules/netstat/run.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { withoutRoot } from '../../helpers/without-root.ts';
import { arpTable, createFakeHost, socketTable, type FakeHost } from './fake-host.ts';

const search = (host: FakeHost, parameters: unknown, context = createRunContext<Elements>()) =>
  runOn(host, validateParameters(netstat.params, parameters) as Params, context);

const any4 = '00000000:0000';
const any6 = '00000000000000000000000000000000:0000';
const sshd = `00000000:0016 ${any4} 0A 0 500`;
const client = '0100007F:0016 0202000A:C350 01 0 501';

describe.skipIf(endianness() !== 'LE')('on a tree of files', () => {
  test('listening means listening: neither connections nor their remains count', async () => {
    using host = createFakeHost();
    host.write('net/tcp', socketTable('tcp', [sshd, client, '0100007F:0016 0202000A:C351 06 0 0']));
    host.write(
      'net/udp',
      socketTable('udp', [`0100007F:0016 ${any4} 07 1000 502`, '0100007F:0016 0202000A:0035 01 0 503']),
    );
    expect(await search(host, { listeningport: ['22'] })).toEqual({
      foundAnything: true,
      elements: {
        listeningport: {
          '22': [
            { localaddr: '0.0.0.0', localport: 22, namespace: 'default', protocol: 'tcp', state: 'LISTEN' },
            { localaddr: '127.0.0.1', localport: 22, namespace: 'default', protocol: 'udp' },
          ],
        },
      },
      statistics: {
        examined: 5,
        exectime: expect.stringMatching(/^[\d.]+(µs|ms|s)$/),
        totalhits: 2,
        finishedat: expect.any(String),
      },
      errors: [],
    });
  });

  test('connected means having a peer, in any state, over IPv4, IPv6 and mapped addresses', async () => {
    using host = createFakeHost();
    host.write('net/tcp', socketTable('tcp', [sshd, client, '0100007F:0016 0202000A:C351 06 0 0']));
    host.write(
      'net/tcp6',
      socketTable('tcp', [
        `00000000000000000000000000000000:0050 ${any6} 0A 0 600`,
        '0000000000000000FFFF00000100007F:0050 0000000000000000FFFF00000302000A:C352 01 0 601',
        'B80D0120000000000000000001000000:01BB B80D0120000000000000000002000000:C353 01 0 602',
      ]),
    );
    const { elements, errors } = await search(host, {
      connectedip: ['10.0.0.0/8', '::/0', '0.0.0.0/0', '10.0.2.2', '10.9.9.9'],
    });
    const peers = Object.fromEntries(
      Object.entries(elements.connectedip ?? {}).map(([query, items]) => [
        query,
        items?.map((item) => `${item.remoteaddr} ${item.remoteport} ${item.state}`) ?? null,
      ]),
    );
    const ipv4 = ['10.0.2.2 50000 ESTABLISHED', '10.0.2.2 50001 TIME_WAIT', '10.0.2.3 50002 ESTABLISHED'];
    expect(peers).toEqual({
      '10.0.0.0/8': ipv4,
      '::/0': ['2001:db8::2 50003 ESTABLISHED'],
      '0.0.0.0/0': ipv4,
      '10.0.2.2': ipv4.slice(0, 2),
      '10.9.9.9': null,
    });
    expect(errors).toEqual([]);
  });

  test('lines that are not understood are counted and cost nothing else', async () => {
    using host = createFakeHost();
    host.write('net/tcp', `${socketTable('tcp', [sshd])}garbage\n   9: 0016\n`);
    host.write('net/udp', `${socketTable('udp', [])}\u00ff\u0000\u001b]0;x\u0007\n`);
    const { elements, errors } = await search(host, { listeningport: ['22'] });
    expect(elements.listeningport?.['22']).toHaveLength(1);
    expect(errors).toEqual([
      'net/tcp: 2 lines were not understood and left out',
      'net/udp: 1 line was not understood and left out',
    ]);
  });

  test('a host without IPv6 is no error, one without any sockets to read is', async () => {
    using host = createFakeHost();
    const { foundAnything, elements, errors } = await search(host, { listeningport: ['22'] });
    expect({ foundAnything, elements }).toEqual({ foundAnything: false, elements: { listeningport: { '22': null } } });
    expect(errors).toEqual([`${join(host.procFolder, 'net')}/tcp could not be read: there is no such file`]);
  });

  test('a query that is given twice, or in two writings, is answered once for each writing', async () => {
    using host = createFakeHost();
    host.write('net/tcp', socketTable('tcp', [sshd]));
    const { elements, statistics } = await search(host, { listeningport: ['22', '22', '0022'] });
    expect(Object.entries(elements.listeningport ?? {}).map(([query, items]) => [query, items?.length])).toEqual([
      ['22', 1],
      ['0022', 1],
    ]);
    expect(statistics.totalhits).toBe(2);
  });

  test('a large table is read whole, and progress is told on the way', async () => {
    using host = createFakeHost();
    const rows = Array.from(
      { length: 20_000 },
      (_, at) => `0100007F:0050 0100007F:${(at % 60_000).toString(16).padStart(4, '0').toUpperCase()} 01 0 ${at + 1}`,
    );
    host.write('net/tcp', socketTable('tcp', rows));
    const context = createRunContext<Elements>();
    const { statistics } = await search(host, { connectedip: ['127.0.0.0/8'] }, context);
    expect(statistics).toMatchObject({ examined: 20_000, totalhits: 20_000 });
    expect(context.examined.slice(0, 2)).toEqual([1000, 2000]);
    expect(context.examined.at(-1)).toBe(20_000);
    expect(context.hits).toHaveLength(20_000);
    expect(context.hits[0]).toEqual({ connectedip: { '127.0.0.0/8': [expect.objectContaining({ localport: 80 })] } });
  });
});

describe.skipIf(endianness() !== 'LE')('processes', () => {
  test('the process behind a socket is named with its user, and all that share it', async () => {
    using host = createFakeHost();
    host.write('net/tcp', socketTable('tcp', [sshd]));
    host.addProcess(812, { namespace: 'net:[1]', name: 'sshd', uid: 0, links: ['socket:[500]'] });
    host.addProcess(900, { namespace: 'net:[1]', name: 'helper', uid: 1000, links: ['socket:[500]'] });
    host.addProcess(901, { namespace: 'net:[1]', name: 'helper', uid: 4242, links: ['socket:[500]', 'socket:[9]'] });
    const { elements, errors } = await search(host, { listeningport: ['22'], processes: true });
    expect(elements.listeningport?.['22']).toEqual([
      expect.objectContaining({
        pid: 812,
        process: 'sshd',
        user: 'root',
        sharedwith: [
          { pid: 900, process: 'helper', user: 'alice' },
          { pid: 901, process: 'helper', user: '4242' },
        ],
      }),
    ]);
    expect(errors).toEqual([]);
  });

  test('a socket that nobody holds any more has no user', async () => {
    using host = createFakeHost();
    host.write('net/tcp', socketTable('tcp', ['0100007F:0016 0202000A:C351 06 0 0']));
    const { elements } = await search(host, { connectedip: ['10.0.2.2'], processes: true });
    expect(Object.keys(elements.connectedip?.['10.0.2.2']?.[0] ?? {})).not.toContain('user');
  });

  test('without rights the user of a socket is still known, and what is missing is said once', async () => {
    using host = createFakeHost();
    host.write('net/tcp', socketTable('tcp', [sshd, `00000000:0017 ${any4} 0A 1000 510`]));
    host.addProcess(812, { namespace: 'net:[1]', name: 'sshd', links: ['socket:[500]', 'socket:[510]'] });
    chmodSync(join(host.procFolder, '812/fd'), 0o000);
    const { elements, errors } = await withoutRoot(() =>
      search(host, { listeningport: ['22', '23'], processes: true }),
    );
    chmodSync(join(host.procFolder, '812/fd'), 0o755);
    expect(elements.listeningport?.['22']?.[0]).toMatchObject({ user: 'root' });
    expect(elements.listeningport?.['23']?.[0]).toMatchObject({ user: 'alice' });
    expect(elements.listeningport?.['22']?.[0]).not.toHaveProperty('pid');
    expect(errors).toEqual(['the processes behind 2 sockets could not be seen, which needs root with CAP_SYS_PTRACE']);
  });
});

describe.skipIf(endianness() !== 'LE')('namespaces', () => {
  const addNamespaces = (host: FakeHost): void => {
    host.addProcess(5, { namespace: 'net:[1]' });
    host.addProcess(6, { namespace: 'net:[2]' });
    host.addProcess(7, { namespace: 'net:[2]' });
    for (const folder of ['net', '5/net', '7/net']) host.write(`${folder}/tcp`, socketTable('tcp', [sshd]));
  };

  test('each namespace is searched once, through whichever of its processes is still there', async () => {
    using host = createFakeHost();
    addNamespaces(host);
    const { elements, errors } = await search(host, { listeningport: ['22'], namespaces: true });
    expect(elements.listeningport?.['22']?.map(({ namespace }) => namespace).toSorted()).toEqual([
      'default',
      'net:[1]',
      'net:[2]',
    ]);
    expect(errors).toEqual([]);
  });

  test('only the own namespace is searched unless all are asked for', async () => {
    using host = createFakeHost();
    addNamespaces(host);
    const { elements } = await search(host, { listeningport: ['22'] });
    expect(elements.listeningport?.['22']?.map(({ namespace }) => namespace)).toEqual(['default']);
  });

  test('namespaces that are not told are counted in one sentence', async () => {
    using host = createFakeHost();
    addNamespaces(host);
    for (const pid of [6, 7]) chmodSync(join(host.procFolder, `${pid}/ns`), 0o000);
    const { errors } = await withoutRoot(() => search(host, { listeningport: ['22'], namespaces: true }));
    for (const pid of [6, 7]) chmodSync(join(host.procFolder, `${pid}/ns`), 0o755);
    expect(errors).toEqual([
      'the network namespaces of 2 processes could not be read, which needs root with CAP_SYS_PTRACE',
    ]);
  });
});

describe('neighbours and own addresses', () => {
  const macs = arpTable(['192.0.2.1 0x2 02:fc:00:00:00:05 eth0', '192.0.2.9 0x0 00:00:00:00:00:00 eth0']);
  const neighbours = JSON.stringify([{ dst: 'fe80::1', dev: 'eth0', lladdr: '02:fc:00:00:00:05', state: ['STALE'] }]);

  test('IPv4 and IPv6 neighbours are found by MAC in any case, and by address', async () => {
    using host = createFakeHost();
    host.write('net/arp', macs);
    host.write('net/if_inet6', 'fe80 2 40 20 80 eth0\n');
    host.setIpTool(`echo '${neighbours}'`);
    const { elements, errors } = await search(host, {
      neighbormac: ['^02:FC:'],
      neighborip: ['192.0.2.0/24', 'fe80::/10'],
    });
    const router = { remotemacaddr: '02:fc:00:00:00:05', namespace: 'default', interface: 'eth0' };
    expect(elements).toEqual({
      neighbormac: {
        '^02:FC:': [
          { remoteaddr: '192.0.2.1', ...router },
          { remoteaddr: 'fe80::1', ...router, state: 'stale' },
        ],
      },
      neighborip: {
        '192.0.2.0/24': [
          { remoteaddr: '192.0.2.1', ...router },
          {
            remoteaddr: '192.0.2.9',
            namespace: 'default',
            interface: 'eth0',
            state: 'incomplete',
          },
        ],
        'fe80::/10': [{ remoteaddr: 'fe80::1', ...router, state: 'stale' }],
      },
    });
    expect(errors).toEqual([]);
  });

  test('one that never answered has no MAC to be found by, of both families, and is found by address', async () => {
    using host = createFakeHost();
    host.write('net/arp', arpTable(['192.0.2.77 0x0 00:00:00:00:00:00 eth0']));
    host.write('net/if_inet6', 'fe80 2 40 20 80 eth0\n');
    host.setIpTool(`echo '[{"dst":"fd00::1","dev":"eth0","state":["FAILED"]}]'`);
    const { elements, statistics } = await search(host, {
      neighbormac: ['.', '^00'],
      neighborip: ['192.0.2.77', 'fd00::/8'],
    });
    const place = { namespace: 'default', interface: 'eth0' };
    expect(elements).toEqual({
      neighbormac: { '.': null, '^00': null },
      neighborip: {
        '192.0.2.77': [{ remoteaddr: '192.0.2.77', ...place, state: 'incomplete' }],
        'fd00::/8': [{ remoteaddr: 'fd00::1', ...place, state: 'failed' }],
      },
    });
    expect(statistics.totalhits).toBe(2);
  });

  test('without the ip tool IPv4 neighbours are found, and what is missing is said', async () => {
    using host = createFakeHost();
    host.write('net/arp', macs);
    host.write('net/if_inet6', 'fe80 2 40 20 80 eth0\n');
    const { elements, errors } = await search(host, { neighbormac: ['^02'] });
    expect(elements.neighbormac?.['^02']).toHaveLength(1);
    expect(errors).toEqual([
      `IPv6 neighbours could not be read, which needs the ip tool: the ${host.ipTool.ip} tool is not installed`,
    ]);
  });

  test('the ip tool is not missed where it is not needed', async () => {
    using host = createFakeHost();
    host.write('net/arp', macs);
    expect((await search(host, { neighbormac: ['^02'] })).errors).toEqual([]);
    host.write('net/if_inet6', 'fe80 2 40 20 80 eth0\n');
    expect((await search(host, { neighborip: ['192.0.2.1'] })).errors).toEqual([]);
  });

  test('own MACs and addresses are found on interfaces that are down too', async () => {
    using host = createFakeHost();
    host.setIpTool(
      `echo '[{"ifname":"lo","address":"00:00:00:00:00:00","addr_info":[{"local":"127.0.0.1"}]},{"ifname":"eth7","address":"02:fc:00:00:00:07","addr_info":[{"local":"198.51.100.7"},{"local":"2001:db8::7"}]}]'`,
    );
    const { elements } = await search(host, {
      localmac: ['^02:FC', '', 'none'],
      localip: ['198.51.100.0/24', '2001:db8:0::7', '10.0.0.0/8'],
    });
    const eth7 = { localmacaddr: '02:fc:00:00:00:07', interface: 'eth7' };
    expect(elements).toEqual({
      localmac: { '^02:FC': [eth7], '': [eth7], none: null },
      localip: {
        '198.51.100.0/24': [{ localaddr: '198.51.100.7', interface: 'eth7' }],
        '2001:db8:0::7': [{ localaddr: '2001:db8::7', interface: 'eth7' }],
        '10.0.0.0/8': null,
      },
    });
  });

  test('without the ip tool addresses of interfaces that are up are found', async () => {
    using host = createFakeHost();
    const { elements, errors } = await search(host, { localip: ['127.0.0.1'], localmac: ['none'] });
    expect(elements.localip?.['127.0.0.1']).toEqual([{ localaddr: '127.0.0.1', interface: 'lo' }]);
    expect(errors).toEqual([
      `addresses of interfaces that are down could not be read: the ${host.ipTool.ip} tool is not installed`,
    ]);
    expect((await search(host, { localmac: ['none'] })).errors).toEqual([]);
  });
});

test('no question has no answer, and that is said', async () => {
  using host = createFakeHost();
  expect(await search(host, { namespaces: true, processes: true })).toMatchObject({
    foundAnything: false,
    elements: {},
    errors: [expect.stringMatching(/^nothing was asked for: give at least one /)],
  });
});

test('after a stop what was found is returned and the stop is said', async () => {
  using host = createFakeHost();
  host.write('net/tcp', socketTable('tcp', [sshd]));
  const stop = new AbortController();
  stop.abort();
  expect(await search(host, { listeningport: ['22'] }, createRunContext<Elements>(stop.signal))).toMatchObject({
    foundAnything: false,
    elements: { listeningport: { '22': null } },
    errors: ['stopped before everything was looked at'],
  });
});
