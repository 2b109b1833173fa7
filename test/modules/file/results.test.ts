import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { filesOf, searchFiles } from './search-files.ts';

const folder = createTemporaryFolder();
const tree = join(folder.path, 'tree');
mkdirSync(join(tree, 'sub'), { recursive: true });
writeFileSync(join(tree, 'a.txt'), 'alpha\nbeta\ngamma\n', { mode: 0o644 });
writeFileSync(join(tree, 'sub', 'b.txt'), 'delta\n', { mode: 0o644 });
utimesSync(join(tree, 'a.txt'), 1_763_689_061.5, 1_763_689_061.5);
symlinkSync(join(tree, 'a.txt'), join(tree, 'link_to_a'));
symlinkSync('nowhere', join(tree, 'broken'));
afterAll(() => folder[Symbol.dispose]());

const info = { size: 17, mode: '-rw-r--r--', lastmodified: '2025-11-21 01:37:41.5 +0000 UTC' };
const zero = { size: 0, mode: '', lastmodified: '' };
const zeroOptions = (matchall: boolean) => ({
  maxdepth: 0,
  maxerrors: 0,
  matchall,
  macroal: false,
  mismatch: null,
  matchlimit: 0,
});
const brokenLink = `ERROR: followSymLink() -> lstat ${tree}/nowhere: no such file or directory (link ${tree}/broken)`;

describe('a result has the shape of MIG', () => {
  test('with matchall: one entry for each file, with the whole search, in the order of keys of MIG', async () => {
    const search = {
      paths: [`${tree}/`],
      names: ['^a\\.txt$'],
      contents: ['beta'],
      options: { matchall: true, maxdepth: 5, matchlimit: 10, maxerrors: 30 },
    };
    const result = await searchFiles({ s1: search });
    const expected = {
      foundanything: true,
      success: true,
      elements: {
        s1: [
          {
            file: `${tree}/a.txt`,
            search: { paths: [tree], contents: ['beta'], names: ['^a\\.txt$'], options: zeroOptions(true) },
            fileinfo: info,
          },
        ],
      },
      statistics: { filescount: 3, openfailed: 1, totalhits: 1, exectime: expect.stringMatching(/^[\d.]+(µs|ms|s)$/) },
      errors: [brokenLink],
    };
    expect(result).toEqual(expected);
    expect(JSON.stringify(result.elements)).toBe(JSON.stringify(expected.elements));
  });

  test('with matchany: an entry for each condition and file, with the condition and the directory', async () => {
    const search = { paths: [tree], names: ['^a\\.txt$'], contents: ['beta'], sizes: ['99m'], options: {} };
    const result = await searchFiles({ s1: search });
    const options = zeroOptions(false);
    expect(JSON.stringify(result.elements)).toBe(
      JSON.stringify({
        s1: [
          { file: `${tree}/a.txt`, search: { paths: [tree], contents: ['beta'], options }, fileinfo: info },
          { file: `${tree}/link_to_a`, search: { paths: [tree], contents: ['beta'], options }, fileinfo: info },
          { file: `${tree}/a.txt`, search: { paths: [tree], names: ['^a\\.txt$'], options }, fileinfo: info },
          { file: '', search: { paths: [tree], sizes: ['99m'], options }, fileinfo: zero },
        ],
      }),
    );
    expect(result.statistics).toMatchObject({ totalhits: 3 });
  });

  test('the directory of a matchany hit is that of the file', async () => {
    const result = await searchFiles({ s1: { paths: [tree], names: ['^b\\.txt$'] } });
    expect(result.elements?.['s1']?.[0]?.search.paths).toEqual([join(tree, 'sub')]);
  });

  test('nothing found is an entry without a file', async () => {
    const search = { paths: [tree], names: ['nope'], description: 'a note', options: { matchall: true } };
    const result = await searchFiles({ s1: search });
    expect(result.foundanything).toBe(false);
    expect(result.elements).toEqual({
      s1: [
        {
          file: '',
          search: { description: 'a note', paths: [tree], names: ['nope'], options: zeroOptions(true) },
          fileinfo: zero,
        },
      ],
    });
  });

  test('options that are on come back, checksums as they were given, upper case with matchany', async () => {
    const md5 = ['d41d8cd98f00b204e9800998ecf8427e'];
    const options = { matchall: true, returnsha256: true, decompress: true, debug: 'print', mismatch: ['size'] };
    const result = await searchFiles({ all: { paths: [tree], md5, options }, any: { paths: [tree], md5 } });
    expect(JSON.stringify(result.elements?.['all']?.[0]?.search)).toBe(
      JSON.stringify({
        paths: [tree],
        md5,
        options: {
          maxdepth: 0,
          maxerrors: 0,
          matchall: true,
          macroal: false,
          mismatch: ['size'],
          matchlimit: 0,
          debug: 'print',
          returnsha256: true,
          decompress: true,
        },
      }),
    );
    expect(result.elements?.['any']?.[0]?.search.md5).toEqual(['D41D8CD98F00B204E9800998ECF8427E']);
  });

  test('returnsha256 adds the checksum in upper case, with matchall only', async () => {
    const search = { paths: [tree], names: ['^b'], options: { matchall: true, returnsha256: true } };
    const result = await searchFiles({ all: search, any: { ...search, options: { returnsha256: true } } });
    expect(result.elements?.['all']?.[0]?.fileinfo).toMatchObject({
      sha256: '673953E0AD7FC53247F4FEADC2C2D4506396840D1F8796526F48D47333AC7652',
    });
    expect(result.elements?.['any']?.[0]?.fileinfo).not.toHaveProperty('sha256');
  });

  test('no search at all succeeds and finds nothing', async () => {
    expect(await searchFiles({})).toMatchObject({ success: true, foundanything: false, elements: {}, errors: null });
  });

  test('a search without a condition matches nothing and says so', async () => {
    const result = await searchFiles({ s1: { paths: [tree], options: { matchall: true } }, s2: { paths: [tree] } });
    expect(result.elements?.['s1']).toHaveLength(1);
    expect(result.elements?.['s1']?.[0]?.file).toBe('');
    expect(result.elements?.['s2']).toBeNull();
    expect(result.errors).toContain(
      "warning: search 's1' has no condition and matches nothing: add a name, for example .",
    );
  });

  test('hits are told while the search runs, in the shape of the elements', async () => {
    const context = createRunContext();
    const search = { paths: [tree], names: ['txt$'], options: { matchall: true } };
    const result = await searchFiles({ s1: search }, { context });
    expect(context.hits).toEqual(result.elements?.['s1']?.map((match) => ({ s1: [match] })));
    expect(context.examined.at(-1)).toBe(3);
  });

  test('errors beyond the largest maxerrors of all searches are counted', async () => {
    const paths = Array.from({ length: 5 }, (_, at) => `/missing/${at}`);
    const search = (maxerrors: number) => ({ paths, names: ['x'], options: { matchall: true, maxerrors } });
    const result = await searchFiles({ s1: search(1), s2: search(2) });
    expect(result.errors).toEqual([
      'ERROR: open /missing/0: no such file or directory',
      'ERROR: open /missing/1: no such file or directory',
      '3 errors were not returned (max errors = 2)',
    ]);
    expect(result.statistics?.openfailed).toBe(5);
    expect((await searchFiles({ s1: search(1), s2: search(0) })).errors).toHaveLength(5);
  });

  test('invalid parameters fail the run with the reason', async () => {
    const result = await searchFiles({ s1: { paths: [tree], sha1: ['NOTASHA1'], options: { matchall: true } } });
    expect(result).toMatchObject({ success: false, foundanything: false });
    expect(result.errors?.[0]).toMatch(/searches\.s1\.sha1\.0: expected a sha1 checksum of 40 hexadecimal digits/);
  });

  test('nothing that stands in a file is in the result', async () => {
    const result = await searchFiles({ s1: { paths: [tree], contents: ['be.a'], options: { matchall: true } } });
    expect(JSON.stringify(result)).not.toContain('beta');
  });
});

test('a run that failed before it began has empty elements and statistics of zero, as in MIG', async () => {
  expect(await searchFiles({ s1: { paths: [tree], sizes: ['10z'] } })).toEqual({
    foundanything: false,
    success: false,
    elements: {},
    statistics: { filescount: 0, openfailed: 0, totalhits: 0, exectime: '' },
    errors: [expect.stringContaining('searches.s1.sizes.0: ')],
  });
});

test('a ! in front of a mode inverts it', async () => {
  const modes = async (...values: readonly string[]) =>
    filesOf(await searchFiles({ s1: { paths: [tree], names: ['txt$'], modes: values, options: { matchall: true } } }));
  expect(await modes('^-rw')).toEqual([join(tree, 'a.txt'), join(tree, 'sub', 'b.txt')]);
  expect(await modes('!^-rw')).toEqual([]);
  expect(await modes('!x')).toEqual([join(tree, 'a.txt'), join(tree, 'sub', 'b.txt')]);
});
