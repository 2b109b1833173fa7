import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTables } from '../../../../src/linux/proc/open-tables.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../../helpers/without-root.ts';

test('tables that are not there are left out', () => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'tcp'), 'text');
  using tables = openTables([folder.path], ['tcp', 'tcp6']);
  expect([...(tables?.files.keys() ?? [])]).toEqual(['tcp']);
  expect(readFileSync(tables?.files.get('tcp') ?? -1, 'utf8')).toBe('text');
});

test('when a process has ended, the next folder is taken', () => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, '8'));
  writeFileSync(join(folder.path, '8/arp'), 'of 8');
  using tables = openTables([join(folder.path, '7'), join(folder.path, '8')], ['arp']);
  expect(readFileSync(tables?.files.get('arp') ?? -1, 'utf8')).toBe('of 8');
});

test('when all have ended, there is nothing', () => {
  expect(openTables(['/nonexistent/7', '/nonexistent/8'], ['arp'])).toBeUndefined();
});

test('a refusal of the kernel is thrown', async () => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'arp'), '', { mode: 0o000 });
  await expect(withoutRoot(async () => openTables([folder.path], ['arp']))).rejects.toMatchObject({ code: 'EACCES' });
});
