/** Three hosts with addresses of their own, each behind its sshd in a network namespace. */
import { expect, test } from 'vitest';
import { startNamespacedHosts } from '../helpers/namespaced-hosts.ts';
import { startPlainConsole } from '../helpers/plain-console.ts';
import { waitFor } from '../helpers/wait-for.ts';

test('three hosts answer one action as they come; two that are cut off in the middle are final and say why, and the ledger adds up', async ({
  skip,
}) => {
  if (process.getuid?.() !== 0) return skip('network namespaces need root');
  await using fleet = await startNamespacedHosts(['web1', 'web2', 'db1']);
  await using console = startPlainConsole(fleet.environment);
  console.type(...fleet.hosts.map(({ name, address }) => `hosts add ${name} ${address} role=${name.slice(0, 2)}`));
  console.type(
    'create action',
    'name who',
    'target all',
    'add example -getaddresses',
    'launch',
    'y',
    'results',
    'ledger',
  );
  await console.waitFor('4 agents: 4 success');
  for (const { name, address } of fleet.hosts) expect(console.text()).toContain(`${name} address is ${address}`);

  console.type('create action', 'name long', 'target all', 'add example -gethostname');
  console.type('add ping -d 127.0.0.1 -c 10000 -i 1', 'launch nofollow', 'y');
  await console.waitFor(/action 2 'long' is launched on 4 agents/);
  const answered = `results 2 | count`;
  await waitFor('the first operation of all four', async () => {
    console.type(answered);
    return /^4$/m.test(console.text());
  });
  const [web1, web2] = fleet.hosts;
  // The connection of one is ended, of the other the cable is pulled: nothing says so.
  for (const pid of web1?.sshd.sessions() ?? []) process.kill(pid, 'SIGKILL');
  web2?.cut();
  await console.waitFor(/web1 did not succeed, status=failed: .*closed by remote host/);
  await console.waitFor(/web2 did not succeed, status=failed: .*not responding/);
  console.type('ledger 2', 'cancel 2', 'follow 2', 'ledger 2', 'hosts');
  await console.waitFor('4 agents: 2 running, 2 failed');
  await console.waitFor('4 agents: 2 failed, 2 cancelled');
  // What they had answered before is kept.
  console.type('results 2');
  await console.waitFor(/^web2 hostname is .*\n(.*\n)*4 agents, operations: 6 found/m);
  expect(await console.end()).toBe(0);
}, 60_000);
