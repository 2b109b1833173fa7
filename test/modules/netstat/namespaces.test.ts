import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Elements } from '../../../modules/netstat/elements.ts';
import { netstat } from '../../../modules/netstat/index.ts';
import { runModule } from '../../../src/module/run-module.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';
import { createNetworkNamespace, ip } from '../../helpers/ip-tool.ts';
import { createRunContext } from '../../helpers/run-context.ts';

const listener = `require('node:net').createServer().listen(0, '0.0.0.0', function () { console.log(this.address().port); });`;

test('a listener, an address and an IPv6 neighbour in another namespace are found there', async ({ skip }) => {
  using created = createNetworkNamespace();
  if (!created) return skip('network namespaces need root and the ip tool (iproute2)');
  const { name } = created;
  ip('-netns', name, 'link', 'set', 'lo', 'up');
  ip('-netns', name, 'link', 'add', 'gs0', 'type', 'veth', 'peer', 'name', 'gs1');
  ip('-netns', name, 'link', 'set', 'gs0', 'address', '02:fc:00:00:77:01', 'up');
  ip('-netns', name, 'address', 'add', '198.51.100.77/24', 'dev', 'gs0');
  const neighbour = ['2001:db8::77', 'lladdr', '02:fc:00:00:77:02', 'dev', 'gs0', 'nud', 'permanent'];
  const canAddNeighbour = ip('-netns', name, '-6', 'neighbour', 'add', ...neighbour);
  const child = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', listener], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const port = said.toString().trim();
    const { elements } = (await runModule(
      netstat,
      {
        listeningport: [port],
        localip: ['198.51.100.77'],
        localmac: ['^02:FC:00:00:77:01$'],
        neighborip: ['2001:db8::77'],
        namespaces: true,
        processes: true,
      },
      createRunContext(),
    )) as ModuleResult<Elements>;

    const namespace = readlinkSync(`/proc/${child.pid}/ns/net`);
    expect(namespace).not.toBe(readlinkSync('/proc/self/ns/net'));
    expect(elements?.listeningport?.[port]).toContainEqual(
      expect.objectContaining({ localaddr: '0.0.0.0', namespace, pid: child.pid, user: 'root' }),
    );
    expect(elements?.localip?.['198.51.100.77']).toEqual([{ localaddr: '198.51.100.77', interface: 'gs0', namespace }]);
    expect(elements?.localmac).toEqual({
      '^02:FC:00:00:77:01$': [{ localmacaddr: '02:fc:00:00:77:01', interface: 'gs0', namespace }],
    });
    if (canAddNeighbour) {
      expect(elements?.neighborip?.['2001:db8::77']).toEqual([
        {
          remoteaddr: '2001:db8::77',
          remotemacaddr: '02:fc:00:00:77:02',
          interface: 'gs0',
          state: 'permanent',
          namespace,
        },
      ]);
    }
  } finally {
    child.kill();
    await ended;
  }
});
