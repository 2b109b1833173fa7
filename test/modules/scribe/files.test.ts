/** How objects find and read files. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, openSync, closeSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ScribeObject } from '../../../modules/scribe/document.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { judge, runDocument, writeFiles } from './run-document.ts';

/** Where an object finds values, each as often as it does, without the folder. */
async function find(folder: string, object: Omit<ScribeObject, 'object'>): Promise<readonly string[]> {
  const { elements } = await runDocument({
    objects: [{ object: 'o', ...object }],
    tests: [{ test: 't', object: 'o' }],
  });
  const [result] = elements.results;
  if (result?.iserror) return [result.error];
  return (result?.results ?? []).map(({ identifier }) => identifier.replace(`${folder}/`, ''));
}

const matches = (value: string, expression = '(.*)', path = '') => ({
  objects: [{ object: 'o', filecontent: { path, file: '^f$', expression } }],
  tests: [{ test: 't', object: 'o', regexp: { value } }],
});

describe('files are looked for', () => {
  test('ten levels deep, links to files included, links to directories not', async () => {
    using folder = createTemporaryFolder();
    const deep = Array.from({ length: 9 }, (_, at) => String(at)).join('/');
    writeFiles(folder.path, { f: '', [`${deep}/f`]: '', [`${deep}/9/f`]: '', other: '', 'target/x': '' });
    symlinkSync('other', join(folder.path, 'link-f'));
    symlinkSync('target', join(folder.path, 'directory-f'));
    symlinkSync('nowhere', join(folder.path, 'broken-f'));
    expect(await find(folder.path, { filename: { path: folder.path, file: '(f)$' } })).toEqual([
      `${deep}/f`,
      'f',
      'link-f',
    ]);
  });

  test('by a path that is a file', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, { f: 'x\n', g: 'x\n' });
    const hasline = { path: join(folder.path, 'f'), file: '.', expression: 'x' };
    expect(await find(folder.path, { hasline })).toEqual(['f']);
  });

  test('for objects whose paths lie in each other, by one walk that gives each its own ten levels', async () => {
    using folder = createTemporaryFolder();
    const deep = Array.from({ length: 12 }, (_, at) => String(at)).join('/');
    writeFiles(folder.path, { [`${deep}/f`]: '' });
    const paths = ['.', '0', '0/1', '0/1/2', '0/1/2/3', deep];
    const document = {
      objects: paths.map((path) => ({ object: path, filename: { path: join(folder.path, path), file: '(f)' } })),
      tests: paths.map((path) => ({ test: path, object: path })),
    };
    expect(await judge(document)).toEqual({
      '.': false,
      '0': false,
      '0/1': false,
      '0/1/2': true,
      '0/1/2/3': true,
      [deep]: true,
    });
  });

  test('nowhere when the path is not there, without an error; a link to a directory is said', async () => {
    using folder = createTemporaryFolder();
    mkdirSync(join(folder.path, 'real'));
    symlinkSync('real', join(folder.path, 'link'));
    const filename = (path: string) => ({ filename: { path: join(folder.path, path), file: '(.)' } });
    const { errors } = await runDocument({
      objects: [
        { object: 'missing', ...filename('missing') },
        { object: 'link', ...filename('link') },
      ],
      tests: [
        { test: 'missing', object: 'missing' },
        { test: 'link', object: 'link' },
      ],
    });
    const real = join(folder.path, 'real');
    expect(errors).toEqual([
      `${join(folder.path, 'link')} is a link to ${real} and was not followed: name ${real} to look there`,
    ]);
  });

  test('under names that are not UTF-8', async () => {
    using folder = createTemporaryFolder();
    writeFileSync(Buffer.concat([Buffer.from(`${folder.path}/caf`), Buffer.of(0xe9)]), 'x\n');
    const hasline = { path: folder.path, file: '^caf.$', expression: 'x' };
    expect(await find(folder.path, { hasline })).toEqual(['caf\udce9']);
    expect(await find(folder.path, { filename: { path: folder.path, file: '^(caf.)$' } })).toEqual(['caf\udce9']);
  });

  test('with hundreds of patterns, some of which use the same name for a group', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`n${at}.x`, ''])));
    const names = Array.from({ length: 150 }, (_, at) => `n${at}`);
    const document = {
      objects: names.map((name) => ({
        object: name,
        filename: { path: folder.path, file: `^(?P<name>${name})\\.x$` },
      })),
      tests: names.map((name) => ({ test: name, object: name, exactmatch: { value: name } })),
    };
    const { elements } = await runDocument(document);
    expect(elements.results.filter(({ masterresult, results }) => masterresult && results?.length === 1)).toHaveLength(
      150,
    );
  });
});

describe('files are read', () => {
  test('line by line: a return before the end of a line is no part of it, and no line comes after the last end', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, { f: 'a=1\r\n\r\na=2\na=3' });
    const filecontent = (expression: string) => ({ filecontent: { path: folder.path, file: '^f$', expression } });
    expect(await find(folder.path, filecontent('^a=(\\d)$'))).toEqual(['f', 'f', 'f']);
    expect(await find(folder.path, filecontent('^(.*)$'))).toHaveLength(4);
  });

  test('each group is a value, one that took no part is empty', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, { f: 'b=2\n' });
    const expression = '(a)?b=(\\d)';
    const path = folder.path;
    expect(await judge(matches('^$', expression, path))).toEqual({ t: true });
    expect(await judge(matches('^2$', expression, path))).toEqual({ t: true });
    expect(await find(path, { filecontent: { path, file: 'f', expression } })).toEqual(['f', 'f']);
  });

  test('lines of more than 4 KiB, which MIG cuts, and files of several MiB', async () => {
    using folder = createTemporaryFolder();
    const filler = `${'x'.repeat(99)}\n`.repeat(30_000);
    const long = `${'y'.repeat(900_000)}=(end)`;
    writeFiles(folder.path, { f: `${filler}${long}\n${filler}last` });
    expect(await judge(matches('^end$', '=\\((end)\\)$', folder.path))).toEqual({ t: true });
    expect(await judge(matches('^last$', '^(last)$', folder.path))).toEqual({ t: true });
  });

  test('of a line of more than 1 MiB the beginning, which is said', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, { f: `a=1${'x'.repeat(3_000_000)}a=2\nb=3\n${'x'.repeat(2_000_000)}` });
    const document = {
      objects: [{ object: 'o', filecontent: { path: folder.path, file: 'f', expression: '([ab]=\\d)' } }],
      tests: ['a=1', 'a=2', 'b=3'].map((value) => ({ test: value, object: 'o', exactmatch: { value } })),
    };
    const { elements, errors } = await runDocument(document);
    expect(elements.results.map(({ masterresult }) => masterresult)).toEqual([true, false, true]);
    expect(errors).toEqual([`ERROR: read ${folder.path}/f: 2 lines of more than 1 MiB were looked at in part`]);
  });

  test('for dozens of expressions at once', async () => {
    using folder = createTemporaryFolder();
    const numbers = Array.from({ length: 40 }, (_, at) => at);
    writeFiles(folder.path, { f: 'key7=1\nkey33=2\n', g: 'key7=3\n', h: 'nothing\n' });
    const line = (at: number) => ({ path: folder.path, file: '.', expression: `^key${at}=(\\d)$` });
    const document = {
      objects: numbers.flatMap((at) => [
        { object: `line ${at}`, hasline: line(at) },
        { object: `content ${at}`, filecontent: line(at) },
      ]),
      tests: numbers.flatMap((at) => [
        { test: `line ${at}`, object: `line ${at}`, exactmatch: { value: 'true' } },
        { test: `content ${at}`, object: `content ${at}` },
      ]),
    };
    const { elements } = await runDocument(document);
    const found = elements.results.filter(({ masterresult }) => masterresult);
    expect(found.map(({ testid, results }) => `${testid}: ${results?.length}`)).toEqual([
      'line 7: 3',
      'content 7: 2',
      'line 33: 3',
      'content 33: 1',
    ]);
    expect(elements.results.filter(({ results }) => results?.length === 3)).toHaveLength(40);
  });

  test('bytes that are not UTF-8 keep the line going', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, { f: Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('v=1.2'), Buffer.of(0xe9, 10)]) });
    expect(await judge(matches('^1\\.2$', 'v=([\\d.]+)', folder.path))).toEqual({ t: true });
  });

  test('never waits for a pipe and never believes an endless file', { timeout: 10_000 }, async () => {
    using folder = createTemporaryFolder();
    execFileSync('mkfifo', [join(folder.path, 'pipe')]);
    closeSync(openSync(join(folder.path, 'file'), 'w'));
    symlinkSync('/dev/zero', join(folder.path, 'zero'));
    const hasline = { path: folder.path, file: '.', expression: 'x' };
    expect(await find(folder.path, { hasline })).toEqual(['file']);
  });

  test('an expression that would take for ever elsewhere takes no time', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, { f: `${'a'.repeat(100_000)}b\n` });
    const startedMs = performance.now();
    expect(await judge(matches('.', '^((a+)+)$', folder.path))).toEqual({ t: false });
    expect(await judge(matches('.', '^((a+)+)b$', folder.path))).toEqual({ t: true });
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });
});

test('an object with too many values makes a test that none of them made true an error', async () => {
  using folder = createTemporaryFolder();
  writeFiles(folder.path, { f: 'ab\n'.repeat(150_000), g: 'a\n' });
  const document = {
    objects: [{ object: 'o', filecontent: { path: folder.path, file: '^.$', expression: '(.)' } }],
    tests: [
      { test: 'nothing is z', object: 'o', exactmatch: { value: 'z' } },
      { test: 'something is a', object: 'o', exactmatch: { value: 'a' } },
      { test: 'something is a and nothing z', object: 'o', exactmatch: { value: 'a' }, if: ['nothing is z'] },
    ],
  };
  const state = await judge(document);
  expect(state['nothing is z']).toContain('more than 100000 values');
  expect(state['something is a']).toBe(true);
  expect(state['something is a and nothing z']).toBe('a test dependency failed ("nothing is z")');
  const { elements, errors } = await runDocument(document);
  expect(elements.results.map(({ results }) => results?.length)).toEqual([undefined, 10_000, undefined]);
  expect(errors.at(-1)).toBe('90000 values are not listed with their tests: there are too many');
});
