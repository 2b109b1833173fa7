import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { covers, findRoot, isRemounted, type Root, wishOf } from '../../../modules/fswatch/roots.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const root = (settings: Partial<Root>): Root => ({
  path: '/w',
  isRecursive: true,
  place: '/w',
  isFolder: true,
  identity: '8 2',
  ...settings,
});

test('a folder, a file, a link and nothing', () => {
  using folder = createTemporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  mkdirSync(at('d'));
  writeFileSync(at('d/f'), '');
  symlinkSync('d/f', at('link'));
  const find = (name: string) => findRoot({ path: at(name), isRecursive: false });
  expect(find('d')).toMatchObject({ place: at('d'), isFolder: true });
  expect(find('link')).toMatchObject({ place: at('d/f'), isFolder: false });
  expect(find('nothing')).toMatchObject({ place: undefined });
  expect(find('d/f/below a file')).toMatchObject({ place: undefined });
  expect(wishOf({ ...find('link'), place: at('d/f') })).toEqual({
    folder: at('d'),
    isRecursive: false,
    names: new Set(['f']),
  });
});

test('another device in the same place is another file system, another inode is not', () => {
  expect(isRemounted(root({}), root({ identity: '9 2' }))).toBe(true);
  expect(isRemounted(root({}), root({ identity: '8 3' }))).toBe(false);
  expect(isRemounted(root({ place: undefined, identity: '' }), root({}))).toBe(false);
  expect(isRemounted(root({}), root({ place: '/x', identity: '9 2' }))).toBe(false);
});

test('what a root covers', () => {
  expect(['/w', '/w/a', '/w/a/b', '/wa', '/'].map((path) => covers(root({}), path))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(['/w/a', '/w/a/b'].map((path) => covers(root({ isRecursive: false }), path))).toEqual([true, false]);
  expect(covers(root({ place: undefined }), '/w')).toBe(false);
});
