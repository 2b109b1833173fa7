import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runProgram } from '../helpers/run-program.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

/** An agent that shows one hit and then searches for ever. */
const slowAgent = `
import { createInterface } from 'node:readline';
const send = (frame) => process.stdout.write(JSON.stringify(frame) + '\\n');
const environment = { os: 'linux', arch: 'x64', ident: 'x', init: 'x', isproxied: false, addresses: [], modules: ['example'], user: 'root' };
const agent = { id: 'slow', name: 'slow-01', version: '0.1.0', pid: process.pid, mode: 'stdio', starttime: '2026-11-21T07:00:00Z', environment, tags: {} };
for await (const line of createInterface({ input: process.stdin })) {
  const frame = JSON.parse(line);
  if (frame.type === 'hello') send({ type: 'hello', protocol: 1, agent });
  if (frame.type !== 'action') continue;
  send({ type: 'report', ref: frame.ref, n: 1, report: { kind: 'accepted' } });
  send({ type: 'report', ref: frame.ref, n: 2, report: { kind: 'hits', operation: 0, elements: { hostname: 'early' } } });
}
`;

test('a console that is killed while it follows is followed by one that offers its action, what it had shown, and its draft', async () => {
  using folder = createTemporaryFolder();
  const agent = `${folder.path}/agent.mjs`;
  writeFileSync(agent, slowAgent);
  mkdirSync(`${folder.path}/cases`, { recursive: true });
  const environment = { GUMSHOE_HOME: folder.path, GUMSHOE_AGENT: agent };
  const bin = resolve(import.meta.dirname, '../../bin/gumshoe');
  const child = spawn(bin, [], { env: { ...process.env, ...environment } });
  child.stdin.write(
    'create action\nname slow\ntarget local\nadd example -gethostname\nlaunch nofollow\ny\ncreate action\nname second\nadd example -gethostname\nfollow 1\nexit\nfollow 1\n',
  );
  const database = `${folder.path}/cases/default.db`;
  await waitFor('the hit in the case', () => {
    try {
      const store = new DatabaseSync(database, { readOnly: true });
      const hits = Number(store.prepare('SELECT count(*) AS count FROM hit').get()?.['count']);
      const drafts = Number(
        store.prepare("SELECT count(*) AS count FROM draft WHERE body LIKE '%hostname%'").get()?.['count'],
      );
      store.close();
      return hits === 1 && drafts === 1;
    } catch {
      // Not created yet.
      return false;
    }
  });
  const closed = new Promise((settle) => child.once('close', settle));
  child.kill('SIGKILL');
  await closed;

  const { status, stdout } = await runProgram('gumshoe', [], {
    input: 'action 1\nresults\nledger\nexit\ncreate action\nshow\n',
    env: environment,
  });
  expect(status).toBe(0);
  expect(stdout).toContain(
    'action 1 \'slow\' was still running when its console ended: results so far 1; "action 1" reads it',
  );
  expect(stdout).toContain('draft \'second\' with 1 operation: "create action" resumes it, "drop" removes it');
  expect(stdout).toContain('slow-01 hostname is early');
  expect(stdout).toContain('the console ended before the agent answered');
  expect(stdout).toContain('name         second');
});
