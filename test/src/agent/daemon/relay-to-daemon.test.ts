import { join } from 'node:path';
import { expect, test } from 'vitest';
import { relayToDaemon } from '../../../../src/agent/daemon/relay-to-daemon.ts';
import { defaultLimits } from '../../../../src/agent/limits.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

function configOf(runFolder: string) {
  return { path: undefined, runFolder, name: 'n', tags: {}, extraPrivacy: false, limits: defaultLimits };
}

test('without a daemon a console is served otherwise, or told what was missed by AGENT_ABSENT', async () => {
  using folder = createTemporaryFolder();
  const config = configOf(folder.path);
  expect(await relayToDaemon({ config, extraPrivacy: false, insists: false })).toEqual({ isOver: false });
  await expect(relayToDaemon({ config, extraPrivacy: false, insists: true, insistMs: 10 })).rejects.toMatchObject({
    code: 'AGENT_ABSENT',
    message: `expected an agent within 0.01 s, got none: ${join(folder.path, 'agent.sock')}: ENOENT`,
  });
});

test('a console that asks for masked results is not served by a daemon that does not mask', async () => {
  using folder = createTemporaryFolder();
  const config = configOf(folder.path);
  expect(await relayToDaemon({ config, extraPrivacy: true, insists: false })).toEqual({ isOver: false });
  await expect(relayToDaemon({ config, extraPrivacy: true, insists: true })).rejects.toMatchObject({
    code: 'AGENT_USAGE',
  });
});
