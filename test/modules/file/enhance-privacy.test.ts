import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { searchFiles } from './search-files.ts';

test('paths, directories of matchany hits and errors are masked; the rest stays', async () => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, 'private'));
  writeFileSync(join(folder.path, 'private', 'diary'), 'x', { mode: 0o644 });
  const paths = [folder.path, '/doesnotexist'];
  const result = await searchFiles(
    { all: { paths, names: ['diary'], options: { matchall: true } }, any: { paths, names: ['diary'], sizes: ['99m'] } },
    { extraPrivacy: true },
  );
  expect(result.errors).toEqual(['masked']);
  const [all] = result.elements?.['all'] ?? [];
  expect(all).toMatchObject({ file: 'masked', search: { paths }, fileinfo: { size: 1, mode: '-rw-r--r--' } });
  const [hit, nothing] = result.elements?.['any'] ?? [];
  expect(hit).toMatchObject({ file: 'masked', search: { paths: ['masked'], names: ['diary'] } });
  expect(nothing).toMatchObject({ file: '', search: { paths } });
  expect(JSON.stringify(result)).not.toContain('private');
});

test('the errors of a failed run are masked', async () => {
  const result = await searchFiles({ s1: { paths: ['/'], names: ['('] } }, { extraPrivacy: true });
  expect(result).toMatchObject({ success: false, elements: {}, errors: ['masked'] });
});
