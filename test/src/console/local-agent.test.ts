import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLocalLink } from '../../../src/console/local-agent.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

test('the agent of this host is told which account asks', { timeout: 60_000 }, async () => {
  using folder = createTemporaryFolder();
  const agent = join(folder.path, 'agent.mjs');
  const heard = join(folder.path, 'heard');
  writeFileSync(
    agent,
    `import { writeFileSync } from 'node:fs';
process.stdin.once('data', (text) => { writeFileSync(${JSON.stringify(heard)}, text); process.exit(1); });`,
  );
  const link = createLocalLink({ GUMSHOE_AGENT: agent });
  await expect(link.open()).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' });
  expect(JSON.parse(readFileSync(heard, 'utf8'))).toMatchObject({
    type: 'hello',
    investigator: userInfo().username,
  });
});
