/** The documents that MIG's library is tested with, told anew. */
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import type { ScribeDocument } from '../../../modules/scribe/document.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { judge, runDocument, writeFiles, writePackages } from './run-document.ts';

const folder = createTemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const at = (name: string): string => `${folder.path}/${name}`;

beforeAll(() => {
  writePackages(at('host'), [
    'openssl 1.0.1e',
    'bash 4:4.4-5',
    'libc6 2.19-18 amd64 same',
    'upstart 1.12.1-0ubuntu4.2',
    'grub-common 2.02~beta2-9ubuntu1',
    'kernel-3 3.13.0-24.46',
    'kernel-4 3.13.0-27.50',
  ]);
  writeFiles(at('content'), {
    testfile0: 'Test file\nsecond line\n',
    'deep/testfile1': 'Version = 0.5\n',
    testfile2: 'Version = 0.4z\n',
  });
  writeFiles(at('names'), { 'file-1.2.3.txt': '', 'sub/file-1.5.0.txt': '', testfile0: '' });
  writeFiles(at('lines'), { 'file0.txt': 'a test\n', 'file1.txt': 'nothing\n', 'file2.txt': '' });
  writeFiles(at('chain'), { testfile1: 'var = (1, 5)\n', 'deep/minor': 'minor 8\n' });
});

describe('packages', () => {
  const objects = [
    { object: 'openssl', package: { name: 'openssl' } },
    { object: 'bash', package: { name: 'bash' } },
    { object: 'none', package: { name: 'nosuchpackage' } },
    { object: 'kernels', package: { name: 'kernel', collectmatch: '^kernel-\\d$' } },
    { object: 'newest', package: { name: 'kernel', collectmatch: '^kernel-\\d$', onlynewest: true } },
    { object: 'all', package: { name: 'all', collectmatch: '.*' } },
  ];
  const evr = (operation: string, value: string) => ({ evr: { operation, value } });
  const tests = [
    { test: 'exists', object: 'openssl' },
    { test: 'missing', object: 'none' },
    { test: 'epoch', object: 'bash', ...evr('=', '4:4.4-5') },
    { test: 'newer', object: 'openssl', ...evr('<', '1.0.0') },
    { test: 'older', object: 'openssl', ...evr('>', '1.0.0') },
    { test: 'depends on false', object: 'openssl', if: ['newer'] },
    { test: 'bad operator', object: 'openssl', ...evr('*', '1.0.0') },
    { test: 'some kernel is old', object: 'kernels', ...evr('<', '3.13.0-27.50') },
    { test: 'the newest kernel is old', object: 'newest', ...evr('<', '3.13.0-27.50') },
  ];

  test('are compared by their versions', async () => {
    expect(await judge({ objects, tests }, { root: at('host') })).toEqual({
      exists: true,
      missing: false,
      epoch: true,
      newer: false,
      older: true,
      'depends on false': false,
      'bad operator': 'invalid evr operation "*": expected <, > or =',
      'some kernel is old': true,
      'the newest kernel is old': false,
    });
  });

  test('are all seven asked for once', async () => {
    const { elements, statistics } = await runDocument(
      { objects, tests: [{ test: 'all', object: 'all' }] },
      { root: at('host') },
    );
    expect(elements.results[0]?.results).toHaveLength(7);
    expect(statistics).toMatchObject({ tests: 1, packages: 7, files: 0 });
  });
});

test('contents of files', async () => {
  const file = (object: string, name: string, expression: string) => ({
    object,
    filecontent: { path: '${root}', file: name, expression },
  });
  const older = (value: string) => ({ evr: { operation: '<', value } });
  const document: ScribeDocument = {
    variables: [{ key: 'root', value: at('content') }],
    objects: [
      file('nosuchfile', 'nosuchfile', '.*'),
      file('some', 'testfile0', '.*(Test).*'),
      file('all', 'testfile0', '(.*)'),
      file('regex', 'testfile0', '^(T\\S+).*'),
      file('version1', '.*file1', '^Version = (\\S+)'),
      file('version2', '.*file2', '^Version = (\\S+)'),
      { object: 'any', filecontent: { path: '${root}/', file: '.*', expression: '(.*)' } },
    ],
    tests: [
      { test: 'missing file', object: 'nosuchfile' },
      { test: 'match', object: 'some' },
      { test: 'all lines', object: 'all', regexp: { value: 'Test' } },
      { test: 'group', object: 'regex', regexp: { value: 'Test' } },
      { test: 'older', object: 'version1', ...older('0.6') },
      { test: 'older, needs a false one', object: 'version1', ...older('0.6'), if: ['missing file'] },
      { test: 'older, needs a true one', object: 'version1', ...older('0.6'), if: ['match'] },
      { test: 'not older', object: 'version1', ...older('0.4z') },
      { test: 'the same', object: 'version2', ...older('0.4z') },
      { test: 'the whole directory', object: 'any' },
    ],
  };
  expect(await judge(document)).toEqual({
    'missing file': false,
    match: true,
    'all lines': true,
    group: true,
    older: true,
    'older, needs a false one': false,
    'older, needs a true one': true,
    'not older': false,
    'the same': false,
    'the whole directory': true,
  });
});

test('names of files', async () => {
  const name = (object: string, file: string) => ({ object, filename: { path: '${root}', file } });
  const document: ScribeDocument = {
    variables: [{ key: 'root', value: at('names') }],
    objects: [
      name('any', '(.*)'),
      name('none', '.*(nosuchfile).*'),
      name('version', 'file-(\\S+).txt'),
      name('exact', '^(testfile0)$'),
    ],
    tests: [
      { test: 'any', object: 'any' },
      { test: 'none', object: 'none' },
      { test: 'older', object: 'version', evr: { operation: '<', value: '1.6.0' } },
      { test: 'not older', object: 'version', evr: { operation: '<', value: '1.1.0' } },
      { test: 'version', object: 'version', regexp: { value: '1.2.3' } },
      { test: 'exact', object: 'exact' },
    ],
  };
  expect(await judge(document)).toEqual({
    any: true,
    none: false,
    older: true,
    'not older': false,
    version: true,
    exact: true,
  });
});

test('whether files have a line', async () => {
  const document: ScribeDocument = {
    objects: [{ object: 'lines', hasline: { path: at('lines'), file: '.*\\.txt', expression: '.*test.*' } }],
    tests: [
      { test: 'some have it', object: 'lines', exactmatch: { value: 'true' } },
      { test: 'some have it not', object: 'lines', exactmatch: { value: 'false' } },
    ],
  };
  expect(await judge(document)).toEqual({ 'some have it': true, 'some have it not': true });
  const { elements } = await runDocument(document);
  expect(elements.results[0]?.results).toEqual([
    { result: true, identifier: at('lines/file0.txt') },
    { result: false, identifier: at('lines/file1.txt') },
    { result: false, identifier: at('lines/file2.txt') },
  ]);
});

test('values that are joined, with those of imported objects', async () => {
  const document: ScribeDocument = {
    objects: [
      {
        object: 'joined',
        filecontent: {
          path: at('chain'),
          file: '^testfile1$',
          expression: 'var = \\((\\d+), (\\d+)\\)',
          concat: '.',
          'import-chain': ['minor', 'raw'],
        },
      },
      { object: 'minor', filecontent: { path: '${chain_root}', file: '^minor$', expression: '^minor (\\d+)' } },
      { object: 'raw', raw: { identifiers: [{ identifier: 'raw0', value: 'teststring' }] } },
    ],
    tests: [{ test: 'joined', object: 'joined', regexp: { value: '^1.5.8.teststring$' } }],
  };
  const { elements } = await runDocument(document);
  expect(elements.results).toEqual([
    {
      testid: 'joined',
      name: '',
      description: '',
      iserror: false,
      error: '',
      masterresult: true,
      hastrueresults: true,
      results: [{ result: true, identifier: at('chain/testfile1') }],
    },
  ]);
});
