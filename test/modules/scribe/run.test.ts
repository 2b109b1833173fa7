/** What a run answers, and what MIG's stumbles over. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ScribeDocument } from '../../../modules/scribe/document.ts';
import { scribe } from '../../../modules/scribe/index.ts';
import { params } from '../../../modules/scribe/params.ts';
import { runOn } from '../../../modules/scribe/run.ts';
import { runModule } from '../../../src/module/run-module.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../helpers/without-root.ts';
import { judge, runDocument, writeFiles, writePackages } from './run-document.ts';

const raw = (object: string, ...values: readonly string[]) => ({
  object,
  raw: { identifiers: values.map((value) => ({ identifier: `${object}-${value}`, value })) },
});
const hasline = (object: string, path: string) => ({ object, hasline: { path, file: '.', expression: 'x' } });

test('the envelope is that of MIG', async () => {
  const tests = [
    { test: 'yes', name: 'first', object: 'o', exactmatch: { value: '1' }, tags: [{ key: 'k', value: 'v' }] },
    { test: 'no', object: 'o', description: 'second', regexp: { value: '[3-9]' } },
  ];
  const parameters = { scribedoc: { variables: null, objects: [raw('o', '1', '2')], tests }, humanoutput: true };
  const context = createRunContext();
  const result = await runModule(scribe, parameters, context);
  const yes = {
    testid: 'yes',
    name: 'first',
    description: '',
    tags: [{ key: 'k', value: 'v' }],
    iserror: false,
    error: '',
    masterresult: true,
    hastrueresults: true,
    results: [
      { result: true, identifier: 'o-1' },
      { result: false, identifier: 'o-2' },
    ],
  };
  expect(result).toEqual({
    foundanything: true,
    success: true,
    elements: {
      results: [
        yes,
        {
          testid: 'no',
          name: '',
          description: 'second',
          iserror: false,
          error: '',
          masterresult: false,
          hastrueresults: false,
          results: yes.results.map((one) => ({ ...one, result: false })),
        },
      ],
      humanoutput: true,
      jsonoutput: false,
    },
    statistics: { execruntime: expect.stringMatching(/^[\d.]+m?s$/), tests: 2, packages: 0, files: 0 },
    errors: null,
  });
  expect(context.hits).toEqual([{ results: [yes], humanoutput: true, jsonoutput: false }]);
});

test('an empty document is valid and finds nothing', async () => {
  expect(await runDocument({})).toMatchObject({ foundAnything: false, elements: { results: [] }, errors: [] });
});

describe('values are compared', () => {
  const values = (test: object, ...found: readonly string[]) =>
    judge({ objects: [raw('o', ...found)], tests: [{ test: 't', object: 'o', ...test }] });

  test('as texts, by expressions that match anywhere, or not at all', async () => {
    expect(await values({ exactmatch: { value: 'b' } }, 'abc', 'b')).toEqual({ t: true });
    expect(await values({ exactmatch: { value: 'B' } }, 'b')).toEqual({ t: false });
    expect(await values({ regexp: { value: '^b' } }, 'abc')).toEqual({ t: false });
    expect(await values({ regexp: { value: 'B(?i)c' } }, 'aBC')).toEqual({ t: true });
    expect(await values({}, 'abc')).toEqual({ t: true });
  });

  test('version with version: of several conditions the first counts', async () => {
    const evr = { operation: '<', value: '1.10' };
    expect(await values({ evr, exactmatch: { value: 'x' } }, '1.9')).toEqual({ t: true });
    expect(await values({ evr: { operation: '<', value: '' }, exactmatch: { value: 'x' } }, 'x')).toEqual({ t: true });
  });

  test('with an error of the test where they cannot be, which does not tell the value', async () => {
    expect(await values({ regexp: { value: '(' } }, 'a')).toEqual({ t: expect.stringContaining('pattern "("') });
    expect(await values({ evr: { operation: '>', value: '1' } }, '2', 'secret-')).toEqual({
      t: 'the version found is none: it ends in dash',
    });
    expect(await values({ evr: { operation: '>', value: '1:' } }, '2')).toEqual({
      t: 'the version of the test is none: it is only epoch',
    });
  });

  test('of two zeros as of one, which crashes MIG', async () => {
    expect(await values({ evr: { operation: '=', value: '2.0' } }, '2.00')).toEqual({ t: true });
    expect(await values({ evr: { operation: '<', value: '2.00' } }, '1.00', '000')).toEqual({ t: true });
  });
});

describe('packages', () => {
  const object = (name: string) => ({ object: name, package: { name } });
  const packages = ['libc6 2.36-9 amd64 same', 'libc6 2.36-9 i386 same', 'app 1.0~rc1 all', 'tool 1.0-1'];

  test('are found with and without their architecture', async () => {
    using folder = createTemporaryFolder();
    writePackages(folder.path, packages);
    const names = ['libc6', 'libc6:amd64', 'libc6:arm64', 'tool'];
    const tests = names.map((name) => ({ test: name, object: name }));
    const { elements } = await runDocument({ objects: names.map(object), tests }, { root: folder.path });
    expect(elements.results.map(({ results }) => results?.map(({ identifier }) => identifier) ?? null)).toEqual([
      ['libc6:amd64', 'libc6:i386'],
      ['libc6:amd64'],
      null,
      ['tool'],
    ]);
  });

  const older = { operation: '<', value: '1.0' };

  test("are compared by MIG's rules, or by their distribution's: of one test, or of all", async () => {
    using folder = createTemporaryFolder();
    writePackages(folder.path, packages);
    const document: ScribeDocument = {
      objects: [object('app')],
      tests: [
        { test: 'mig', object: 'app', evr: older },
        { test: 'distribution', object: 'app', evr: { ...older, mode: 'distribution' } },
      ],
    };
    expect(await judge(document, { root: folder.path })).toEqual({ mig: false, distribution: true });
    expect(await judge(document, { root: folder.path, distribution: true })).toEqual({ mig: true, distribution: true });
  });

  test('with the newest by the same rules', async () => {
    using folder = createTemporaryFolder();
    writePackages(folder.path, ['k1 1.0~rc1', 'k2 1.0']);
    const document: ScribeDocument = {
      objects: [{ object: 'k', package: { name: 'k', collectmatch: '^k', onlynewest: true } }],
      tests: [{ test: 'is 1.0', object: 'k', exactmatch: { value: '1.0' } }],
    };
    expect(await judge(document, { root: folder.path })).toEqual({ 'is 1.0': false });
    expect(await judge(document, { root: folder.path, distribution: true })).toEqual({ 'is 1.0': true });
  });

  test('of a distribution are the only versions that its rules are for', async () => {
    const tests = [{ test: 't', object: 'o', evr: { ...older, mode: 'distribution' as const } }];
    expect(await judge({ objects: [raw('o', '0.9')], tests })).toEqual({
      t: 'the mode "distribution" compares versions of packages, and this value is none',
    });
    const plain = [{ test: 't', object: 'o', evr: older }];
    expect(await judge({ objects: [raw('o', '0.9')], tests: plain }, { distribution: true })).toEqual({ t: true });
  });
});

describe('what MIG stumbles over', () => {
  test('thousands of files for one object leave as many for the next', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`${at % 9}/f${at}`, 'x'])));
    const document = {
      objects: ['one', 'two', 'three'].map((object) => hasline(object, folder.path)),
      tests: ['one', 'two', 'three'].map((object) => ({ test: object, object })),
    };
    const { elements, statistics } = await runDocument(document);
    expect(elements.results.map(({ results }) => results?.length)).toEqual([1100, 1100, 1100]);
    expect(statistics.files).toBe(1100);
  });

  test('found anything means that some test holds', async () => {
    const document = { objects: [raw('o', '1')], tests: [{ test: 't', object: 'o', exactmatch: { value: '2' } }] };
    expect((await runDocument(document)).foundAnything).toBe(false);
  });

  test('with only true results, errors are told all the same', async () => {
    const document = {
      objects: [raw('o', '1')],
      tests: [
        { test: 'true', object: 'o' },
        { test: 'false', object: 'o', exactmatch: { value: '2' } },
        { test: 'error', object: 'nothing' },
      ],
    };
    const { elements, errors, foundAnything } = await runDocument(document, { onlytrue: true });
    expect(elements.results.map(({ testid }) => testid)).toEqual(['true']);
    expect(errors).toEqual(['Error: there is no object "nothing" in "error"']);
    expect(foundAnything).toBe(true);
  });

  test.each([[['a', 'b']], [['b', 'a']]])('a test that needs an error is an error, in the order %j', async (order) => {
    const tests = { a: { test: 'a', object: 'nothing' }, b: { test: 'b', object: 'o', if: ['a'] } };
    const document = { objects: [raw('o', '1')], tests: order.map((id) => (id === 'a' ? tests.a : tests.b)) };
    expect(await judge(document)).toEqual({ a: 'there is no object "nothing"', b: 'a test dependency failed ("a")' });
  });

  test('what a document probably does not mean is said', async () => {
    const { errors } = await runDocument({
      objects: [raw('o', '1'), raw('o', '2')],
      tests: [{ test: 't', object: 'o', exactmatch: { value: '1' } }],
    });
    expect(errors).toEqual(['warning: object "o": it stands there more than once, and its name means the first']);
  });
});

test('without root, what could not be read is counted and named, and the rest is looked at', async () => {
  using folder = createTemporaryFolder();
  chmodSync(folder.path, 0o755);
  writeFiles(folder.path, { open: 'x\n', closed: 'x\n', 'shut/in': 'x\n' });
  chmodSync(join(folder.path, 'closed'), 0);
  chmodSync(join(folder.path, 'shut'), 0);
  const document = { objects: [hasline('o', folder.path)], tests: [{ test: 't', object: 'o' }] };
  await runDocument(document);
  const { elements, errors } = await withoutRoot(() => runDocument(document));
  expect(elements.results[0]?.results).toEqual([{ result: true, identifier: join(folder.path, 'open') }]);
  expect(errors.toSorted()).toEqual([
    `ERROR: open ${folder.path}/closed: permission denied`,
    `ERROR: open ${folder.path}/shut: permission denied`,
  ]);
  chmodSync(join(folder.path, 'shut'), 0o700);
});

describe('a stop', () => {
  test('makes what it leaves open an error, and keeps the rest', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, { f: 'x\n' });
    const stop = new AbortController();
    stop.abort();
    const document = {
      objects: [raw('given', '1'), hasline('files', folder.path)],
      tests: [
        { test: 'given', object: 'given' },
        { test: 'files', object: 'files' },
      ],
    };
    const { elements, errors } = await runDocument(document, { signal: stop.signal });
    expect(elements.results.map(({ iserror, masterresult }) => [iserror, masterresult])).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(errors.at(-1)).toBe('stopped before everything was looked at');
  });

  test('is heard within 200 ms in the middle of a walk', async () => {
    using folder = createTemporaryFolder();
    writeFiles(folder.path, Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`${at % 20}/f${at}`, 'x\n'])));
    const stop = new AbortController();
    const context = createRunContext(stop.signal);
    let stoppedMs = 0;
    const examined = (count: number): void => {
      if (count < 100 || stoppedMs > 0) return;
      stoppedMs = performance.now();
      stop.abort();
    };
    const scribedoc = {
      objects: [hasline('o', folder.path)],
      tests: [{ test: 't', object: 'o', exactmatch: { value: 'no' } }],
    };
    const valid = validateParameters(params, { scribedoc });
    const { elements } = await runOn('/nowhere', valid, { ...context, progress: { ...context.progress, examined } });
    expect(performance.now() - stoppedMs).toBeLessThan(200);
    expect(elements.results[0]?.error).toBe('stopped before all files were looked at');
  });
});
