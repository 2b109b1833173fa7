import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../modules/scribe/parse-document.ts';

const issuesOf = (value: unknown): readonly string[] =>
  parseDocument(value).issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

const object = { object: 'o', raw: { identifiers: [{ identifier: 'i', value: 'v' }] } };
const content = { path: '/etc', file: '^a$', expression: '(x)' };

describe('what is wrong is said with its place', () => {
  test.each([
    ['no document', 'x', ': expected an object with keys, got the text "x"'],
    ['a list', [], ': expected an object with keys, got a list'],
    [
      'another thing',
      { operations: [] },
      ': expected a document with variables, objects, tests, got only "operations"',
    ],
    ['objects that are no list', { objects: 5 }, 'objects: expected a list, got 5'],
    ['no object', { objects: [null] }, 'objects.0: expected an object of a document, got nothing'],
    ['an object without an id', { objects: [{ raw: object.raw }] }, 'objects.0.object: expected an id, got none'],
    [
      'an object without a source',
      { objects: [{ object: 'o', package: {}, raw: {} }] },
      'objects.0: object "o": expected a source (package, filecontent, filename, raw, hasline), got none that says where to look',
    ],
    [
      'a source without its path',
      { objects: [{ object: 'o', filecontent: { file: 'a', expression: 'b' } }] },
      'objects.0.filecontent.path: object "o": expected a value, got none',
    ],
    ['an id that is no text', { objects: [{ ...object, object: 7 }] }, 'objects.0.object: expected a text, got 7'],
    [
      'a bad pattern of packages',
      { objects: [{ object: 'o', package: { name: 'a', collectmatch: '(' } }] },
      'objects.0.package.collectmatch: object "o": expected a regular expression (RE2 syntax): pattern "(" at position 0: expected a closing ) for this group, got the end of the pattern',
    ],
    [
      'a yes or no that is neither',
      { objects: [{ object: 'o', package: { name: 'a', onlynewest: 'true' } }] },
      'objects.0.package.onlynewest: object "o": expected true or false, got the text "true"',
    ],
    [
      'filecontent without a file',
      { objects: [{ object: 'o', filecontent: { ...content, file: '' } }] },
      'objects.0.filecontent.file: object "o": expected a text such as ^os-release$, got none',
    ],
    [
      'filecontent without an expression',
      { objects: [{ object: 'o', filecontent: { path: '/etc', file: 'a' } }] },
      'objects.0.filecontent.expression: object "o": expected a text such as ^Version = (\\S+), got none',
    ],
    [
      'a path with a NUL',
      { objects: [{ object: 'o', filecontent: { ...content, path: '/a\0' } }] },
      'objects.0.filecontent.path: object "o": expected a path without a NUL character',
    ],
    [
      'an import that is not there',
      { objects: [{ object: 'o', filecontent: { ...content, 'import-chain': ['p'] } }] },
      'objects.0.filecontent.import-chain.0: object "o": expected the id of an object, got "p", which there is not',
    ],
    [
      'an import of itself',
      { objects: [{ object: 'o', filecontent: { ...content, 'import-chain': ['o'] } }] },
      'objects.0.filecontent.import-chain: object "o": expected imports that end, got a circle back to itself',
    ],
    [
      'filename without a group',
      { objects: [{ object: 'o', filename: { path: '/etc', file: 'a(?:b)' } }] },
      'objects.0.filename.file: object "o": expected a group ( ) around what is the value, got "a(?:b)" without one',
    ],
    [
      'hasline without an expression',
      { objects: [{ object: 'o', hasline: { path: '/etc', file: 'a' } }] },
      'objects.0.hasline.expression: object "o": expected a text such as ^Version = (\\S+), got none',
    ],
    [
      'an empty raw value',
      { objects: [{ object: 'o', raw: { identifiers: [{ identifier: 'i', value: '' }] } }] },
      'objects.0.raw.identifiers.0.value: object "o": expected a text such as 1.2.3, got none',
    ],
    ['a test without an id', { tests: [{ object: 'o' }] }, 'tests.0.test: expected an id, got none'],
    [
      'a test that needs one that is not there',
      { tests: [{ test: 't', object: 'o', if: ['u'] }] },
      'tests.0.if.0: test "t": expected the id of another test, got "u", which there is not',
    ],
    [
      'a test that needs itself',
      { tests: [{ test: 't', object: 'o', if: ['t'] }] },
      'tests.0.if.0: test "t": expected the id of another test, got "t", which is itself',
    ],
    [
      'a quote in a tag',
      { tests: [{ test: 't', object: 'o', tags: [{ key: 'k"', value: 'v' }] }] },
      'tests.0.tags.0.key: test "t": expected no quote character in a tag, got "k\\""',
    ],
    [
      'an unknown mode',
      { tests: [{ test: 't', object: 'o', evr: { operation: '<', value: '1', mode: 'rpm' } }] },
      'tests.0.evr.mode: test "t": expected "distribution" or no mode, got "rpm"',
    ],
  ])('%s', (_, document, issue) => {
    expect(issuesOf(document)).toContain(issue);
  });

  test('a pattern of file names that MIG only stumbles over when it runs', () => {
    expect(issuesOf({ objects: [{ object: 'o', filename: { path: '/etc', file: '(a' } }] })).toHaveLength(1);
  });

  test('imports in a longer circle', () => {
    const importing = (id: string, imported: string) => ({
      object: id,
      filecontent: { ...content, 'import-chain': [imported] },
    });
    const objects = [importing('a', 'b'), importing('b', 'c'), importing('c', 'b'), importing('d', 'a')];
    expect(issuesOf({ objects }).map((issue) => issue.split(':')[0])).toEqual([
      'objects.1.filecontent.import-chain',
      'objects.2.filecontent.import-chain',
    ]);
  });
});

describe('what is accepted', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty document', {}],
    ['lists that are null', { variables: null, objects: null, tests: null }],
    ['a test of an object that is not there', { tests: [{ test: 't', object: 'nothing' }] }],
    ['a test with a bad expression', { tests: [{ test: 't', object: 'o', regexp: { value: '(' } }] }],
    [
      'tests that need each other',
      { tests: ['a', 'b'].map((test) => ({ test, object: 'o', if: [test === 'a' ? 'b' : 'a'] })) },
    ],
  ])('%s', (_, document) => expect(issuesOf(document)).toEqual([]));

  test('the form of the library, with empty sources; what says nothing is left out', () => {
    const empty = { package: {}, filename: {}, raw: {}, hasline: {} };
    const { document } = parseDocument({
      objects: [{ ...empty, object: 'o', filecontent: { ...content, concat: '', 'import-chain': null } }],
      tests: [
        {
          test: 't',
          name: '',
          object: 'o',
          evr: {},
          regexp: {},
          exactmatch: { value: 'x' },
          if: null,
          expectedresult: true,
        },
      ],
    });
    expect(document).toEqual({
      objects: [{ object: 'o', filecontent: content }],
      tests: [{ test: 't', object: 'o', exactmatch: { value: 'x' }, expectedresult: true }],
    });
  });

  test('the first source that says where to look', () => {
    const { document } = parseDocument({
      objects: [{ ...object, filename: { path: '/a', file: '(b)' }, package: {} }],
    });
    expect(document.objects).toEqual([{ object: 'o', filename: { path: '/a', file: '(b)' } }]);
  });
});

describe('what probably means something else than it says is a warning', () => {
  test.each([
    [
      'the same id twice',
      { objects: [object, object] },
      'object "o": it stands there more than once, and its name means the first',
    ],
    [
      'the same test twice',
      {
        tests: [
          { test: 't', object: 'o' },
          { test: 't', object: 'p' },
        ],
      },
      'test "t": it stands there more than once, and its name means the first',
    ],
    [
      'a misspelt condition',
      { tests: [{ test: 't', object: 'o', regex: {} }] },
      'test "t": the key "regex" means nothing here',
    ],
    [
      'two sources',
      { objects: [{ ...object, package: { name: 'p' } }] },
      'object "o": it has two sources: package is used, raw is not',
    ],
    [
      'an expression without groups',
      { objects: [{ object: 'o', filecontent: { ...content, expression: 'x' } }] },
      'object "o": its expression has no group ( ), so it gives no values',
    ],
    [
      'two conditions',
      { tests: [{ test: 't', object: 'o', regexp: { value: 'a' }, exactmatch: { value: 'a' } }] },
      'test "t": of evr, regexp and exactmatch only the first is used',
    ],
    [
      'a variable that is not there',
      { objects: [{ object: 'o', package: { name: 'x-${v}' } }] },
      'object "o": there is no variable ${v}',
    ],
    [
      'an imported directory where none is known',
      { objects: [{ object: 'o', hasline: { ...content, path: '${chain_root}' } }] },
      'object "o": ${chain_root} is replaced in filecontent only',
    ],
    [
      'tests that need each other',
      { tests: ['a', 'b', 'c'].map((test) => ({ test, object: 'o', if: [test === 'a' ? 'b' : 'a'] })) },
      'the tests "a", "b" need each other in a circle: none of them can hold',
    ],
  ])('%s', (_, document, warning) => {
    const { issues, warnings } = parseDocument(document);
    expect(issues).toEqual([]);
    expect(warnings).toContain(warning);
  });
});

test('variables stand for their values before a pattern is checked', () => {
  const variables = [{ key: 'open', value: '(' }];
  const hasline = { ...content, file: '${open}' };
  expect(issuesOf({ variables, objects: [{ object: 'o', hasline }] })[0]).toContain('pattern "("');
});

describe('whatever the data', () => {
  const leaf = fc.oneof(
    fc.constantFrom('', 'a', 'b', '(', '${a}', '^x(y)$', '1.0', '<', null, undefined, true, 7, '__proto__'),
    fc.string(),
  );
  const keys = [
    'objects',
    'tests',
    'variables',
    'object',
    'test',
    'package',
    'name',
    'filecontent',
    'path',
    'file',
    'expression',
    'import-chain',
    'raw',
    'identifiers',
    'identifier',
    'value',
    'key',
    'evr',
    'operation',
    'if',
    'tags',
    'hasline',
    'filename',
    '__proto__',
  ];
  const { data } = fc.letrec<{ data: unknown }>((tie) => ({
    data: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      leaf,
      fc.array(tie('data'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('data'), { maxKeys: 5 }),
    ),
  }));
  const shaped = fc.record({ objects: fc.array(data), tests: fc.array(data), variables: data }, { requiredKeys: [] });

  test('it never throws, and a document without issues reads the same again', () => {
    fc.assert(
      fc.property(fc.oneof(data, shaped), (value) => {
        const { document, issues } = parseDocument(value);
        if (issues.length > 0) return;
        expect(parseDocument(document)).toMatchObject({ document, issues: [] });
      }),
      { numRuns: 1000 },
    );
  });
});

test('a chain and a circle of 20,000 tests take no call depth and no square of it in time', () => {
  const tests = Array.from({ length: 20_000 }, (_, at) => ({
    test: `t${at}`,
    object: 'o',
    if: [`t${(at + 1) % 20_000}`],
  }));
  const startedMs = performance.now();
  expect(parseDocument({ tests }).warnings).toHaveLength(1);
  expect(performance.now() - startedMs).toBeLessThan(15_000);
});
