import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canLockFiles, lockFile } from '../../../src/native/lock-file.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

test.runIf(canLockFiles())('a lock is held by one open of a file, until that is closed', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'lock');
  const [one, other] = [openSync(path, 'a'), openSync(path, 'a')];
  expect([lockFile(one), lockFile(other), lockFile(one)]).toEqual([true, false, true]);
  closeSync(one);
  expect(lockFile(other)).toBe(true);
  closeSync(other);
});

test.runIf(canLockFiles())('a descriptor that is none is the error of the system', () => {
  expect(() => lockFile(-1)).toThrow('flock: EBADF');
});
