/** Agents that run as daemons, reached over ssh: a link that breaks comes back by itself, and the commands with it. */
import { expect, test } from 'vitest';
import { startDaemon } from '../helpers/daemon.ts';
import { startPlainConsole } from '../helpers/plain-console.ts';
import { startSshFleet } from '../helpers/ssh-fleet.ts';
import { waitFor } from '../helpers/wait-for.ts';

const draft = (name: string, count: number): readonly string[] => [
  'create action',
  `name ${name}`,
  'target web1',
  `add ping -d 127.0.0.1 -c ${count} -i 0.1`,
  'launch nofollow',
  'y',
];

test('a command goes on while its link is broken, and is answered; of a daemon that was killed the next one knows nothing, which is said', async () => {
  await using daemon = await startDaemon();
  await using fleet = await startSshFleet(['web1'], {
    environment: Object.entries(daemon.env).map(([name, value]) => `${name}=${value}`),
  });
  await using console = startPlainConsole(fleet.environment);
  console.type('hosts add web1', ...draft('whole', 30));
  await console.waitFor("action 1 'whole' is launched on 1 agent");
  const sessions = await waitFor('the session', () => {
    const found = fleet.sshd.get('web1')?.sessions() ?? [];
    return found.length > 0 && found;
  });
  for (const pid of sessions) process.kill(pid, 'SIGKILL');
  await console.waitFor(/agent web1: its link broke: .*; it is opened again by itself/);
  await console.waitFor('agent web1 is back');
  console.type('follow 1', 'ledger 1', 'results 1');
  await console.waitFor('1 agent: 1 success');
  expect(await console.waitFor(/web1 ping #30 succeeded|web1 icmp ping .* succeeded/)).not.toContain('did not succeed');

  console.type(...draft('half', 1000));
  await console.waitFor("action 2 'half' is launched on 1 agent");
  console.type('ledger 2');
  await console.waitFor(/1 agent: 1 (sent|running)/);
  daemon.process.kill('SIGKILL');
  await daemon.ended();
  await daemon.start();
  await console.waitFor('web1 did not succeed, status=failed: the agent was restarted and knows nothing of it');
  console.type('ledger 2');
  await console.waitFor('1 agent: 1 failed');
}, 90_000);
