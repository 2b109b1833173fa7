/** What routers say, in network namespaces with a router between them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Elements } from '../../../modules/ping/elements.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';
import { createNetworkNamespace, ip } from '../../helpers/ip-tool.ts';

const root = join(import.meta.dirname, '../../..');
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

const program = `
  const { runModule } = await import(${JSON.stringify(join(root, 'src/module/run-module.ts'))});
  const { ping } = await import(${JSON.stringify(join(root, 'modules/ping/index.ts'))});
  const { systemClock } = await import(${JSON.stringify(join(root, 'src/base/clock.ts'))});
  const context = { signal: new AbortController().signal, clock: systemClock, log: {}, progress: { examined() {}, hit() {} } };
  const parameters = JSON.parse(process.argv[1]);
  console.log(JSON.stringify(await Promise.all(parameters.map((one) => runModule(ping, one, context)))));
`;

/** The outcomes of pings from within a namespace. */
function pingFrom(namespace: string, parameters: readonly unknown[]): readonly string[] {
  const words = ['netns', 'exec', namespace, process.execPath, '--disable-warning=ExperimentalWarning'];
  const child = spawnSync('ip', [...words, '--input-type=module', '-e', program, JSON.stringify(parameters)], {
    env: environment,
    encoding: 'utf8',
  });
  expect(child.stderr).toBe('');
  return (JSON.parse(child.stdout) as ModuleResult<Elements>[]).map(({ elements }) =>
    (elements?.attempts ?? []).map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`.trim()).join(', '),
  );
}

test.for([
  { kind: 'raw', groups: '1 0', withTcp: true },
  { kind: 'datagram', groups: '0 0', withTcp: false },
])('unreachable networks are told apart from silence, with $kind sockets for icmp', ({ groups, withTcp }, { skip }) => {
  using client = createNetworkNamespace();
  using router = createNetworkNamespace();
  if (!client || !router) return skip('network namespaces need root and the ip tool (iproute2)');
  linkNamespaces(client.name, router.name);
  setKernel(router.name, 'ipv4/ip_forward', '1');
  setKernel(router.name, 'ipv6/conf/all/forwarding', '1');
  setKernel(router.name, 'ipv4/icmp_ratelimit', '0');
  setKernel(router.name, 'ipv6/icmp/ratelimit', '0');
  setKernel(client.name, 'ipv4/ping_group_range', groups);
  ip('-n', router.name, 'route', 'add', 'unreachable', '203.0.113.0/24');
  ip('-n', router.name, 'route', 'add', 'prohibit', '192.0.2.0/24');
  ip('-n', router.name, 'route', 'add', 'blackhole', '192.0.0.0/24');
  ip('-n', router.name, 'route', 'add', 'unreachable', '2001:db8:2::/64');

  const icmp = { protocol: 'icmp', count: 1, timeout: 0.3 };
  const udp = { ...icmp, protocol: 'udp' };
  const tcp = { ...icmp, protocol: 'tcp' };
  // What comes back while the call still connects is heard by tcp at its second try, a second later.
  const tcpPings = [
    { ...tcp, destination: '203.0.113.9', timeout: 3 },
    { ...tcp, destination: '192.0.0.9' },
    { ...tcp, destination: '2001:db8:2::1', timeout: 3 },
  ];
  expect(
    pingFrom(client.name, [
      { ...icmp, destination: '203.0.113.9' },
      { ...udp, destination: '203.0.113.9' },
      { ...icmp, destination: '192.0.2.9' },
      { ...icmp, destination: '192.0.0.9' },
      { ...icmp, destination: '2001:db8:2::1' },
      { ...udp, destination: '2001:db8:2::1' },
      { ...icmp, destination: '198.51.100.2' },
      { ...icmp, destination: '2001:db8:1::2' },
      ...(withTcp ? tcpPings : []),
    ]),
  ).toEqual([
    'unreachable host unreachable (from 198.51.100.2)',
    'unreachable host unreachable (from 198.51.100.2)',
    'unreachable communication prohibited (from 198.51.100.2)',
    'timeout',
    'unreachable no route to destination (from 2001:db8:1::2)',
    'unreachable no route to destination (from 2001:db8:1::2)',
    'reply',
    'reply',
    ...(withTcp ? ['unreachable no route to host', 'timeout', 'unreachable network is unreachable'] : []),
  ]);
});

/** 198.51.100.1 and 2001:db8:1::1 behind the router 198.51.100.2 and 2001:db8:1::2. */
function linkNamespaces(client: string, router: string): void {
  ip('-n', client, 'link', 'add', 'gp1', 'type', 'veth', 'peer', 'name', 'gp2', 'netns', router);
  for (const [name, end] of [
    [client, 1],
    [router, 2],
  ] as const) {
    ip('-n', name, 'link', 'set', 'lo', 'up');
    ip('-n', name, 'link', 'set', `gp${end}`, 'up');
    ip('-n', name, 'address', 'add', `198.51.100.${end}/24`, 'dev', `gp${end}`);
    ip('-n', name, 'address', 'add', `2001:db8:1::${end}/64`, 'dev', `gp${end}`, 'nodad');
  }
  ip('-n', client, 'route', 'add', 'default', 'via', '198.51.100.2');
  ip('-n', client, 'route', 'add', 'default', 'via', '2001:db8:1::2');
}

function setKernel(namespace: string, setting: string, value: string): void {
  const script = `echo ${value} > /proc/sys/net/${setting}`;
  spawnSync('ip', ['netns', 'exec', namespace, 'sh', '-c', script], { env: environment });
}
