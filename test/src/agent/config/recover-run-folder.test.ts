import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recoverRunFolder } from '../../../../src/agent/config/recover-run-folder.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

test.each([
  ['run: /mine\nnamee: a\n', '/mine'],
  ['name: [\nrun: "/my run" # here\n', '/my run'],
  ['\tname: a\nrun: /mine\n', '/mine'],
  ['state: /s\nname: [\n', '/s/run'],
  ['run: relative\nname: [\n', '/home/a/.local/state/gumshoe/run'],
  ['run: [/a\n', '/home/a/.local/state/gumshoe/run'],
  ['name: [\n', '/home/a/.local/state/gumshoe/run'],
])('of %j the folder is known that can be', (text, runFolder) => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'agent.yaml');
  writeFileSync(path, text);
  expect(recoverRunFolder({ path, environment: { HOME: '/home/a' }, uid: 1000 })).toBe(runFolder);
});

test('a file that is not there is no broken one: another agent than the one that was meant would be asked', () => {
  expect(() => recoverRunFolder({ path: '/nonexistent/agent.yaml', environment: {}, uid: 1000 })).toThrow(
    expect.objectContaining({ code: 'CONFIG_UNREADABLE' }),
  );
});
