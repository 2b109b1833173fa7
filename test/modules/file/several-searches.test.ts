import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { checksum } from './fixture.ts';
import { filesOf, searchFiles } from './search-files.ts';

/** x/pfx/one, x/pfx/sub/two, x/pfxlong/three, y/four */
function createTree(): Disposable & { readonly at: (...parts: readonly string[]) => string } {
  const folder = createTemporaryFolder();
  const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
  for (const path of ['x/pfx/sub', 'x/pfxlong', 'y']) mkdirSync(at(path), { recursive: true });
  for (const path of ['x/pfx/one', 'x/pfx/sub/two', 'x/pfxlong/three', 'y/four']) writeFileSync(at(path), `${path}\n`);
  return { at, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const all = { names: ['.'], options: { matchall: true } };

describe('searches of one run do not leak into each other', () => {
  test('a path covers what is below it, not what begins with the same letters', async () => {
    using tree = createTree();
    const { at } = tree;
    const result = await searchFiles({ s1: { ...all, paths: [at('x/pfx')] }, s2: { ...all, paths: [at('x')] } });
    expect(filesOf(result, 's1')).toEqual([at('x/pfx/one'), at('x/pfx/sub/two')]);
    expect(filesOf(result, 's2')).toEqual([at('x/pfx/one'), at('x/pfx/sub/two'), at('x/pfxlong/three')]);
  });

  test('a search stays in its paths while others are searched elsewhere', async () => {
    using tree = createTree();
    const { at } = tree;
    const result = await searchFiles({ s1: { ...all, paths: [at('x')] }, s2: { ...all, paths: [at('y')] } });
    expect(filesOf(result, 's2')).toEqual([at('y/four')]);
  });

  test('each has its own depth', async () => {
    using tree = createTree();
    const { at } = tree;
    const result = await searchFiles({
      shallow: { ...all, paths: [at('x')], options: { matchall: true, maxdepth: 2 } },
      deep: { ...all, paths: [at('x')] },
    });
    expect(filesOf(result, 'shallow')).toEqual([at('x/pfx/one'), at('x/pfxlong/three')]);
    expect(filesOf(result, 'deep')).toHaveLength(3);
  });

  test('the depth counts from each path of a search by itself', async () => {
    using tree = createTree();
    const { at } = tree;
    const paths = [at('x'), at('x/pfx/sub')];
    const result = await searchFiles({ s1: { ...all, paths, options: { matchall: true, maxdepth: 1 } } });
    expect(filesOf(result)).toEqual([at('x/pfx/sub/two')]);
  });

  test('each has its own limit of matches', async () => {
    using tree = createTree();
    const { at } = tree;
    const result = await searchFiles({
      s1: { ...all, paths: [at('x')], options: { matchall: true, matchlimit: 1 } },
      s2: { ...all, paths: [at('x')], options: { matchall: true, matchlimit: 2 } },
      s3: { ...all, paths: [at('x')] },
    });
    expect(['s1', 's2', 's3'].map((label) => filesOf(result, label).length)).toEqual([1, 2, 3]);
    expect(result.statistics?.limited).toEqual(['s1', 's2']);
    expect(result.errors).toBeNull();
  });

  test('a limit of matches holds exactly with matchany as well', async () => {
    using tree = createTree();
    const { at } = tree;
    const search = { names: ['.', 'o', 'e'], sizes: ['>0'], paths: [at('x')], options: { matchlimit: 2 } };
    const result = await searchFiles({ s1: search });
    expect(result.statistics?.totalhits).toBe(2);
    expect(result.elements?.['s1']?.filter(({ file }) => file !== '')).toHaveLength(2);
  });

  test('paths that contain one another are walked once', async () => {
    using tree = createTree();
    const { at } = tree;
    const result = await searchFiles({ s1: { ...all, paths: [at('x'), at('x/pfx'), `${at('x/pfx')}/`] } });
    expect(filesOf(result)).toHaveLength(3);
    expect(result.statistics).toMatchObject({ filescount: 3, totalhits: 3 });
  });

  test('a file that is a path and lies in one as well is reported once', async () => {
    using tree = createTree();
    const { at } = tree;
    symlinkSync(at('x/pfx/one'), at('y/link'));
    const result = await searchFiles({ s1: { ...all, paths: [at('x'), at('x/pfx/one'), at('y/link')] } });
    expect(result.elements?.['s1']?.map(({ file }) => file).toSorted()).toEqual([
      at('x/pfx/one'),
      at('x/pfx/sub/two'),
      at('x/pfxlong/three'),
    ]);
    expect(result.statistics?.filescount).toBe(3);
  });

  test('an inverted content expression of one does not disturb another that reads the same files', async () => {
    using tree = createTree();
    const { at } = tree;
    const result = await searchFiles({
      s1: { names: ['^nothing$'], contents: ['!one'], paths: [at('x')], options: { matchall: true } },
      s2: { contents: ['!one'], paths: [at('x')], options: { matchall: true } },
      s3: { contents: ['two', 'x'], paths: [at('x')], options: { matchall: true } },
    });
    expect(filesOf(result, 's1')).toEqual([]);
    expect(filesOf(result, 's2')).toEqual([at('x/pfx/sub/two'), at('x/pfxlong/three')]);
    expect(filesOf(result, 's3')).toEqual([at('x/pfx/sub/two')]);
    expect(result.errors).toBeNull();
  });

  test('a checksum goes together with an inverted or mismatched content', async () => {
    using tree = createTree();
    const { at } = tree;
    const sha2 = [checksum('sha256', Buffer.from('x/pfx/one\n'))];
    const result = await searchFiles({
      s1: { contents: ['!two'], sha2, paths: [at('x')], options: { matchall: true, returnsha256: true } },
      s2: { contents: ['two'], sha2, paths: [at('x')], options: { matchall: true, mismatch: ['content'] } },
    });
    expect(filesOf(result, 's1')).toEqual([at('x/pfx/one')]);
    expect(filesOf(result, 's2')).toEqual([at('x/pfx/one')]);
    expect(result.elements?.['s1']?.[0]?.fileinfo.sha256).toBe(sha2[0]?.toUpperCase());
  });

  test('two runs know nothing of each other', async () => {
    using tree = createTree();
    const { at } = tree;
    const search = { s1: { ...all, paths: [at('x')], options: { matchall: true, matchlimit: 2 } } };
    const results = await Promise.all([searchFiles(search), searchFiles(search)]);
    expect(results.map((result) => result.statistics?.totalhits)).toEqual([2, 2]);
  });
});
