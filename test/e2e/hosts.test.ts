/** The shipped console and agents behind a real sshd on the loopback, behind docker and behind kubectl (both played by a program that runs the agent). */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { startPlainConsole } from '../helpers/plain-console.ts';
import { runProgram } from '../helpers/run-program.ts';
import { startSshFleet } from '../helpers/ssh-fleet.ts';
import { writeExecutable } from '../helpers/sshd.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { openTerminal } from '../helpers/terminal.ts';
import { waitFor } from '../helpers/wait-for.ts';

const gumshoe = resolve(import.meta.dirname, '../../bin/gumshoe');
/** An answer at once, and one that takes longer than any test. */
const longAction = [
  'create action',
  'name long',
  'target all',
  'add example -gethostname',
  'add ping -d 127.0.0.1 -c 10000 -i 1',
];

test('this host and one reached by ssh both answer; of one that is killed in the middle the state is final and says why', async () => {
  await using fleet = await startSshFleet(['web1']);
  await using console = startPlainConsole(fleet.environment);
  console.type('hosts add web1 role=web');
  await console.waitFor('host web1 is added: web1');
  console.type('create action', 'name who', 'target all', 'add example -gethostname', 'launch', 'y', 'ledger');
  await console.waitFor('2 agents: 2 success');
  expect(console.text()).toMatch(/^1\.2 {2}web1 +success {2}found/m);

  console.type(...longAction, 'launch nofollow', 'y', 'follow 2');
  await console.waitFor(/action 2 'long' is launched on 2 agents/);
  await waitFor('the command to run on web1', () => (fleet.sshd.get('web1')?.sessions().length ?? 0) > 0);
  for (const pid of fleet.sshd.get('web1')?.sessions() ?? []) process.kill(pid, 'SIGKILL');
  await console.waitFor(/web1 did not succeed, status=failed: .*\(.*\)/);
  console.interrupt();
  await console.waitFor('action 2 goes on');
  console.type('ledger 2', 'hosts', 'cancel 2', 'follow 2', 'ledger 2');
  await console.waitFor('2 agents: 1 running, 1 failed');
  await console.waitFor('2 agents: 1 failed, 1 cancelled');
  expect(console.text()).toMatch(/^web1 +web1 +lost .*the connection broke: see whether the host is up/m);
  expect(await console.end()).toBe(0);
});

test('a terminal shows the same: added, launched on all, one side killed', async () => {
  await using fleet = await startSshFleet(['web1']);
  const terminal = openTerminal({ command: gumshoe, env: { ...fleet.environment }, columns: 160, rows: 40 });
  try {
    await terminal.waitFor(/gumshoe>\ncase default · 1 of 1 agents online/);
    await terminal.sendInputAndWaitFor('hosts add web1\r', 'host web1 is added: web1');
    await terminal.waitFor('2 of 2 agents online', 20_000);
    for (const line of longAction) await terminal.sendInputAndWaitFor(`${line}\r`, 'launcher>');
    await terminal.sendInputAndWaitFor('launch\r', 'Launch it?');
    await terminal.sendInputAndWaitFor('y\r', '2/4 done');
    for (const pid of fleet.sshd.get('web1')?.sessions() ?? []) process.kill(pid, 'SIGKILL');
    await terminal.waitFor(/web1 did not succeed, status=failed/);
    await terminal.sendInputAndWaitFor('\x03', 'action 1 goes on');
    await terminal.sendInputAndWaitFor('ledger\r', '2 agents: 1 running, 1 failed');
  } finally {
    await terminal.close();
  }
});

test('from a shell hosts are added, listed and asked; only those of the target are reached', async () => {
  await using fleet = await startSshFleet(['web1']);
  const { environment: env, folder } = fleet;
  const run = (...args: readonly string[]) => runProgram('gumshoe', args, { env });
  expect(await run('hosts')).toMatchObject({
    status: 0,
    stdout: 'no host yet: "hosts add NAME [DESTINATION]" adds one\n',
  });
  writeFileSync(join(folder, 'fleet.txt'), '# two\nweb1 role=web   # the first\n\nbad name -x\n');
  expect(await run('hosts', 'load', join(folder, 'fleet.txt'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('line 4: '),
  });
  expect((await run('hosts')).stdout).toContain('no host yet');
  expect((await run('hosts', 'add', 'web1', 'role=web')).stdout).toBe('host web1 is added: web1\n');
  expect((await run('hosts', 'add', 'gone', '127.0.0.1:1')).status).toBe(0);
  const asked = await run('example', '-t', 'web1', '-gethostname');
  expect(asked).toMatchObject({ status: 0, stdout: expect.stringMatching(/^web1 hostname is /) });
  const all = await run('example', '-t', 'all', '-gethostname');
  expect(all).toMatchObject({ status: 3, stdout: expect.stringMatching(/^web1 hostname is /m) });
  expect(all.stderr).toContain('gone did not succeed, status=failed');
  expect((await run('hosts', 'remove', 'gone')).status).toBe(0);
  expect(await run('hosts', 'remove', 'gone')).toMatchObject({ status: 2, stderr: expect.stringContaining('"gone"') });
});

test.each([
  ['docker:box', 'docker', ['exec', '-i', 'box', '/opt/agent', '--stdio']],
  [
    'kubectl:shop/cart-0:app',
    'kubectl',
    ['exec', '-i', 'cart-0', '-n', 'shop', '-c', 'app', '--', '/opt/agent', '--stdio'],
  ],
])('an agent behind %s answers', async (destination, program, words) => {
  using folder = createTemporaryFolder();
  const agent = resolve(import.meta.dirname, '../../bin/gumshoe-agent');
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder.path}/argv\nexec ${agent} --stdio\n`;
  writeExecutable(join(folder.path, 'bin', program), script);
  const env = { GUMSHOE_HOME: folder.path, PATH: `${folder.path}/bin:${process.env['PATH'] ?? ''}` };
  await runProgram('gumshoe', ['hosts', 'add', 'box', destination, '--agent', '/opt/agent'], { env });
  const { status, stdout } = await runProgram('gumshoe', ['example', '-t', 'box', '-gethostname'], { env });
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/^box hostname is /) });
  expect(readFileSync(`${folder.path}/argv`, 'utf8').trim().split('\n')).toEqual(words);
});
