import { chmodSync, chownSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openOwnFolder } from '../../../../src/agent/daemon/run-folder.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('the run folder is made for its account alone, or for all to pass through', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'a/run');
  openOwnFolder(path);
  expect(modeOf(path)).toBe(0o700);
  openOwnFolder(path, 0o711);
  expect(modeOf(path)).toBe(0o711);
  chmodSync(path, 0o755);
  openOwnFolder(path);
  expect(modeOf(path)).toBe(0o700);
});

test('a folder that others may write to, a link, a file: each is refused with RUN_FOLDER and the reason, and left as it is', () => {
  using folder = createTemporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  const refusal = (path: string): string => {
    try {
      openOwnFolder(path);
      return 'opened';
    } catch (error) {
      return String(error);
    }
  };
  mkdirSync(at('open'));
  chmodSync(at('open'), 0o1777);
  expect(refusal(at('open'))).toBe(
    `AgentError: ${at('open')}: expected a folder that nobody else may write to, got mode 1777`,
  );
  expect(modeOf(at('open'))).toBe(0o777);
  mkdirSync(at('real'));
  symlinkSync(at('real'), at('link'));
  expect(refusal(at('link'))).toContain('expected a folder, got a symbolic link');
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  writeFileSync(at('file'), '');
  expect(refusal(at('file'))).toContain(at('file'));
  expect(refusal(at('file/below'))).toContain('ENOTDIR');
  expect(() => openOwnFolder(at('file'))).toThrow(expect.objectContaining({ code: 'RUN_FOLDER' }));
});

test.runIf(process.getuid?.() === 0)('a folder of somebody else is refused', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'theirs');
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, 65_534, 65_534);
  expect(() => openOwnFolder(path)).toThrow(
    'expected a folder of uid 0, which this agent runs as, got one of uid 65534',
  );
});
