import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isDamagedDatabase, openPrivateDatabase, setDatabaseAside } from '../../../src/base/private-database.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const open = (path: string) =>
  openPrivateDatabase(path, { timeoutMs: 0, prepare: (database) => database.exec('CREATE TABLE IF NOT EXISTS t (x)') });

test('a new database and its journal are their owner’s alone', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'a.db');
  open(path).close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  open(path).close();
});

test('a file that is no database is damaged, and may be set aside with what stands in it', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'a.db');
  writeFileSync(path, 'no database '.repeat(100));
  expect(() => open(path)).toThrow(expect.toSatisfy(isDamagedDatabase));
  expect(readFileSync(setDatabaseAside(path, 7), 'utf8')).toMatch(/^no database/);
  open(path).close();
});

test('a folder that is not there is no damage', () => {
  expect(() => open('/nonexistent/folder/a.db')).toThrow(expect.not.toSatisfy(isDamagedDatabase));
});
