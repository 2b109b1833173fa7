/** Whole documents, made up: they run to their end, and mean the same in any order. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScribeDocument, ScribeObject, ScribeTest } from '../../../modules/scribe/document.ts';
import { parseDocument } from '../../../modules/scribe/parse-document.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { runDocument, writeFiles, writePackages } from './run-document.ts';

const folder = createTemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  writeFiles(folder.path, {
    a: 'v=1.2\nw=2.00\n',
    'd/a': 'v=1:3-\n\n',
    'd/b': Buffer.of(0xff, 0x76, 0x3d, 0x39, 0x0a),
    'd/e/a': '',
    'd/e/b': 'v=x\r\nv=',
  });
  writePackages(folder.path, ['a 1.0~rc1', 'b 2:1-1 amd64 same', 'b 2:1-1 i386 same']);
});

const ids = ['o0', 'o1', 'o2', 'o3', 'o4'];
const path = fc.constantFrom('', '/d', '/d/e', '/nothing').map((below) => `${folder.path}${below}`);
const line = fc.record({
  path: fc.oneof(path, fc.constantFrom('${chain_root}', '${chain_root}/e', '${root}/d')),
  file: fc.constantFrom('a', '^b$', '.', '${name}', '^nothing$'),
  expression: fc.constantFrom('v=(.*)', '^(\\w)=(\\d)?', 'v', '()', '(a)|(v)', '(?i)V=(\\S+)'),
});
const content = fc.record(
  { concat: fc.constantFrom('', '.', '-'), 'import-chain': fc.subarray(ids, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const source = fc.oneof(
  fc.tuple(line, content).map(([at, more]) => ({ filecontent: { ...at, ...more } })),
  line.map((hasline) => ({ hasline })),
  fc.record({ path, file: fc.constantFrom('(a)', '(.)', '(b)?') }).map((filename) => ({ filename })),
  fc
    .record({ name: fc.constantFrom('a', 'b', 'b:i386', 'c'), onlynewest: fc.boolean() })
    .map((one) => ({ package: one })),
  fc.constantFrom('1', '2.0', 'x-').map((value) => ({ raw: { identifiers: [{ identifier: 'r', value }] } })),
);
const condition = fc.oneof(
  fc
    .record({ operation: fc.constantFrom('<', '>', '=', '~'), value: fc.constantFrom('1.2', '2.0', '1:3', '1:') })
    .map((evr) => ({ evr })),
  fc.constantFrom('1', '^$', '(', 'true').map((value) => ({ regexp: { value } })),
  fc.constantFrom('true', 'false', '9').map((value) => ({ exactmatch: { value } })),
  fc.constant({}),
);
const variables = [
  { key: 'root', value: folder.path },
  { key: 'name', value: 'a' },
];
const documents = fc
  .tuple(
    fc.array(source, { minLength: ids.length, maxLength: ids.length }),
    fc.array(fc.tuple(condition, fc.constantFrom(...ids, 'unknown'), fc.nat(5)), { maxLength: 6 }),
  )
  .map(([sources, tests]): ScribeDocument => ({
    variables,
    objects: sources.map((one, at): ScribeObject => ({ object: ids[at] ?? '', ...one })),
    tests: tests.map(([one, object, needed], at): ScribeTest => ({
      test: `t${at}`,
      object,
      ...one,
      ...(needed < tests.length && needed !== at ? { if: [`t${needed}`] } : {}),
    })),
  }))
  .filter((document) => parseDocument(document).issues.length === 0);

const byId = (one: { readonly testid: string }, other: { readonly testid: string }): number =>
  one.testid < other.testid ? -1 : 1;

describe('a made-up document', () => {
  test('runs to its end, and means the same turned round', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const { objects = [], tests = [] } = document;
        const turned = { variables, objects: objects.toReversed(), tests: tests.toReversed() };
        const [one, other] = [
          await runDocument(document, { root: folder.path }),
          await runDocument(turned, { root: folder.path }),
        ];
        expect(one.elements.results.map(({ testid }) => testid)).toEqual(tests.map(({ test: id }) => id));
        expect(other.elements.results.toSorted(byId)).toEqual(one.elements.results);
        expect(other.foundAnything).toBe(one.foundAnything);
        for (const { masterresult, iserror, results } of one.elements.results) {
          if (iserror) expect([masterresult, results]).toEqual([false, null]);
          if (masterresult) expect(results?.some(({ result }) => result)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
