import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DocumentTextError } from '../../../modules/scribe/document-text.ts';
import { parseDocument } from '../../../modules/scribe/parse-document.ts';
import { parseYaml } from '../../../modules/scribe/parse-yaml.ts';

test('a document says the same in YAML as in JSON', () => {
  const yaml = `
# a comment
variables:
  - {key: root, value: /etc}
objects:
  - object: libc
    package:
      name: libc6
      onlynewest: yes
  - object: release
    filecontent:
      path: \${root}
      file: ^os-release$
      expression: '^VERSION_ID="?(\\d+)'
      import-chain: [raw]
  - object: raw
    raw: {identifiers: [{identifier: i, value: 1.10}]}
tests:
  - test: old
    object: libc
    evr: {operation: <, value: 2.10}
    if: [release]
    expectedresult: true
  - {test: release, object: release, exactmatch: {value: 012}, description: ~, tags: null}
`;
  expect(parseDocument(parseYaml(yaml))).toMatchObject({
    document: {
      variables: [{ key: 'root', value: '/etc' }],
      objects: [
        { object: 'libc', package: { name: 'libc6', onlynewest: true } },
        {
          object: 'release',
          filecontent: {
            path: '${root}',
            file: '^os-release$',
            expression: '^VERSION_ID="?(\\d+)',
            'import-chain': ['raw'],
          },
        },
        { object: 'raw', raw: { identifiers: [{ identifier: 'i', value: '1.10' }] } },
      ],
      tests: [
        { test: 'old', object: 'libc', evr: { operation: '<', value: '2.10' }, if: ['release'], expectedresult: true },
        { test: 'release', object: 'release', exactmatch: { value: '012' } },
      ],
    },
    issues: [],
    warnings: [],
  });
});

describe('scalars are the texts that stand there', () => {
  test.each([
    ['1.10', '1.10'],
    ['0x10', '0x10'],
    ['yes', 'yes'],
    ['true', 'true'],
    ['2015-01-01', '2015-01-01'],
    ['"a\\tb"', 'a\tb'],
    ["'null'", 'null'],
    ['null', null],
    ['~', null],
    ['', null],
    ['!!str 5', '5'],
    ['|\n  a\n  b', 'a\nb\n'],
  ])('%s', (yaml, value) => expect(parseYaml(`value: ${yaml}`)).toEqual({ value }));
});

test('anchors and merge keys', () => {
  expect(parseYaml('a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: [*a, {z: 4}], x: 0}')).toEqual({
    a: { x: '1', y: '2' },
    b: { x: '1', y: '2' },
    c: { x: '1', y: '3' },
    d: { x: '0', y: '2', z: '4' },
  });
});

describe('what is no plain YAML is said with its line', () => {
  test.each([
    ['a: [1, 2', 'line 1, column'],
    ['a: 1\na: 2', 'line 2, column 1'],
    ['a: 1\n  b: 2', 'line 1'],
    ['a: !!binary aGk=', 'the tag tag:yaml.org,2002:binary means nothing here (line 1, column'],
    ['a: 1\nb: !run x', 'line 2'],
    ['? [a, b]\n: c', 'expected keys that are texts (line 1, column 1)'],
    ['a: *nothing', 'line 1'],
    ['a: &a [*a]', 'the alias *a leads nowhere, or into itself (line 1, column 8)'],
    ['a: 1\n---\nb: 2', 'multiple documents'],
    [`${'['.repeat(200)}${']'.repeat(200)}`, 'nested'],
    [`a: ${'{a: '.repeat(5000)}`, 'expected YAML'],
  ])('%s', (yaml, message) => {
    expect(() => parseYaml(yaml)).toThrow(DocumentTextError);
    expect(() => parseYaml(yaml)).toThrow(message);
  });
});

test('aliases that double each other are refused before they fill the memory', () => {
  const lines = Array.from({ length: 34 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`);
  const startedMs = performance.now();
  expect(() => parseYaml(['a0: &a0 x', ...lines].join('\n'))).toThrow('perhaps by aliases');
  expect(performance.now() - startedMs).toBeLessThan(5000);
});

test('a key of objects is only a key', () => {
  const read = parseYaml('__proto__: {polluted: 1}') as object;
  expect(Object.keys(read)).toEqual(['__proto__']);
  expect('polluted' in read).toBe(false);
});

describe('whatever the text', () => {
  const part = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '&x ',
    '*x',
    '{',
    '}',
    '[',
    ']',
    ', ',
    "'",
    '"',
    '|\n',
    '!!str ',
    '? ',
    '<<: ',
    '#',
    '~',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 30 }).map((parts) => parts.join('')),
  );

  test('it is plain data or an error of its own', () => {
    fc.assert(
      fc.property(text, (yaml) => {
        try {
          const value = parseYaml(yaml);
          expect(JSON.parse(JSON.stringify(value))).toEqual(value);
        } catch (error) {
          if (!(error instanceof DocumentTextError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
