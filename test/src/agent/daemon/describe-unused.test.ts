import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeUnused } from '../../../../src/agent/daemon/describe-unused.ts';
import { takeInstanceLock } from '../../../../src/agent/daemon/instance-lock.ts';
import { hostClock } from '../../../../src/base/host-clock.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

test('a daemon that is there is named with why it does not serve; one that is not needs no reason', async () => {
  using folder = createTemporaryFolder();
  const socket = join(folder.path, 'agent.sock');
  const silent = { kind: 'silent', text: 'no greeting within 2 s' } as const;
  expect(describeUnused(socket, silent)).toBeUndefined();
  expect(describeUnused(socket, { kind: 'silent', text: 'ENOENT' })).toBeUndefined();
  const lock = await takeInstanceLock(join(folder.path, 'agent.lock'), { clock: hostClock, waitMs: 0 });
  try {
    const who = `an agent holds ${folder.path} (pid ${process.pid})`;
    expect(describeUnused(socket, silent)).toBe(`${who} and does not answer`);
    expect(describeUnused(socket, { kind: 'said', text: 'uid 7 may not talk to this agent' })).toBe(
      `${who}: uid 7 may not talk to this agent`,
    );
  } finally {
    lock.release();
  }
});

test('a folder that this account may not look into', () => {
  expect(describeUnused('/r/agent.sock', { kind: 'silent', text: 'EACCES' })).toBe(
    `whatever agent runs in /r may not be used by uid ${process.geteuid?.()}`,
  );
});
