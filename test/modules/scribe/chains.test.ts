/** Objects that import others. */
import { expect, test } from 'vitest';
import type { ContentSource, ScribeDocument } from '../../../modules/scribe/document.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { judge, runDocument, writeFiles, writePackages } from './run-document.ts';

const content = (path: string, file: string, expression: string, more: Partial<ContentSource> = {}) => ({
  filecontent: { path, file, expression, ...more },
});
const is = (value: string) => ({ exactmatch: { value } });

test('an imported object is looked at in the directory of each file that imports it, and below', async () => {
  using folder = createTemporaryFolder();
  writeFiles(folder.path, {
    'one/app.conf': 'major 1\n',
    'one/conf.d/minor': 'minor 5\n',
    'two/app.conf': 'major 2\n',
    'two/minor': 'minor 7\n',
    'three/app.conf': 'major 3\n',
  });
  const document: ScribeDocument = {
    objects: [
      {
        object: 'app',
        ...content(folder.path, '^app.conf$', 'major (\\d)', { concat: '.', 'import-chain': ['minor'] }),
      },
      { object: 'minor', ...content('${chain_root}', '^minor$', 'minor (\\d)') },
    ],
    tests: ['1.5', '2.7', '3', '1.7'].map((value) => ({ test: value, object: 'app', ...is(value) })),
  };
  expect(await judge(document)).toEqual({ '1.5': true, '2.7': true, '3': true, '1.7': false });
  const { elements } = await runDocument(document);
  expect(elements.results[0]?.results?.map(({ result, identifier }) => [result, identifier])).toEqual([
    [true, `${folder.path}/one/app.conf`],
    [false, `${folder.path}/three/app.conf`],
    [false, `${folder.path}/two/app.conf`],
  ]);
});

test('imports go on through imported objects, each from the directory of its own file', async () => {
  using folder = createTemporaryFolder();
  writeFiles(folder.path, { 'a/top': 'a 1\n', 'a/b/middle': 'b 2\n', 'a/b/c/end': 'c 3\n', 'a/end': 'c 9\n' });
  const document: ScribeDocument = {
    variables: [{ key: 'sub', value: 'b' }],
    objects: [
      { object: 'top', ...content(folder.path, '^top$', 'a (\\d)', { concat: '-', 'import-chain': ['middle'] }) },
      {
        object: 'middle',
        ...content('${chain_root}${sub}', '^middle$', 'b (\\d)', { concat: '+', 'import-chain': ['end'] }),
      },
      { object: 'end', ...content('${chain_root}/c', '^end$', 'c (\\d)') },
    ],
    tests: [{ test: 't', object: 'top', ...is('1-2+3') }],
  };
  expect(await judge(document)).toEqual({ t: true });
});

test('two objects that read the same lines may import different things', async () => {
  using folder = createTemporaryFolder();
  writeFiles(folder.path, { f: 'v 1\n', g: 'w 2\n', h: 'x 3\n' });
  const importing = (id: string) => content(folder.path, '^f$', 'v (\\d)', { concat: '.', 'import-chain': [id] });
  const document: ScribeDocument = {
    objects: [
      { object: 'with g', ...importing('g') },
      { object: 'with h', ...importing('h') },
      { object: 'with raw', ...importing('raw') },
      { object: 'g', ...content('${chain_root}', '^g$', 'w (\\d)') },
      { object: 'h', ...content('${chain_root}', '^h$', 'x (\\d)') },
      { object: 'raw', raw: { identifiers: [{ identifier: 'i', value: '4' }] } },
    ],
    tests: [
      { test: 'g', object: 'with g', ...is('1.2') },
      { test: 'h', object: 'with h', ...is('1.3') },
      { test: 'raw', object: 'with raw', ...is('1.4') },
    ],
  };
  expect(await judge(document)).toEqual({ g: true, h: true, raw: true });
});

test('a file with a matching line imports even when the expression has no group; packages and names can be imported', async () => {
  using folder = createTemporaryFolder();
  writeFiles(folder.path, { 'd/marker': 'here\n', 'd/app-1.2.jar': '' });
  writePackages(folder.path, ['bash 5.2-1']);
  const document: ScribeDocument = {
    objects: [
      { object: 'o', ...content(folder.path, '^marker$', 'here', { concat: ' ', 'import-chain': ['name', 'bash'] }) },
      { object: 'name', filename: { path: `${folder.path}/d`, file: '^app-(.*)\\.jar$' } },
      { object: 'bash', package: { name: 'bash' } },
    ],
    tests: [{ test: 't', object: 'o', ...is('1.2 5.2-1') }],
  };
  expect(await judge(document, { root: folder.path })).toEqual({ t: true });
});

test('an object that is only imported cannot be tested by itself', async () => {
  const document: ScribeDocument = {
    objects: [{ object: 'o', ...content('${chain_root}', 'f', '(x)') }],
    tests: [{ test: 't', object: 'o' }],
  };
  expect(await judge(document)).toEqual({ t: 'the object "o" is looked at only where another imports it' });
});

test('empty values in front leave no trace in a joined one, as with MIG', async () => {
  using folder = createTemporaryFolder();
  writeFiles(folder.path, { f: 'b=2\nab=3\n' });
  const document: ScribeDocument = {
    objects: [{ object: 'o', ...content(folder.path, 'f', '(a)?b=(\\d)', { concat: '.' }) }],
    tests: [{ test: 't', object: 'o', ...is('2.a.3') }],
  };
  expect(await judge(document)).toEqual({ t: true });
});
