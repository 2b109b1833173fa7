import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { params } from '../../../modules/scribe/params.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { createParamsFromFields } from '../../../src/module/create-params.ts';
import { readFlagFiles } from '../../../src/module/file-flags.ts';
import { formatFlags, parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createScriptedAnswerer } from '../../helpers/scripted-answerer.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const scribedoc = {
  objects: [{ object: 'bash', package: { name: 'bash' } }],
  tests: [{ test: 't', object: 'bash', evr: { operation: '<', value: '5.1' } }],
};
const yaml = `
objects:
  - {object: bash, package: {name: bash}}
tests:
  - {test: t, object: bash, evr: {operation: <, value: 5.1}}
`;
const json = JSON.stringify({ variables: null, ...scribedoc });

const read = (path: string): Promise<string> => readFile(path, 'utf8');
const parse = async (...words: readonly string[]): Promise<unknown> =>
  parseParams(params, await readFlagFiles(params.fields, words, read));

describe('flags', () => {
  test.each([
    ['YAML', yaml],
    ['JSON', json],
    ['JSON behind empty lines', `\n\n ${json}`],
  ])('-path takes a document as %s, and it travels as an object', async (_, text) => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'document');
    writeFileSync(path, text);
    expect(await parse('-path', path)).toEqual({ scribedoc });
    expect(await parse(`--path=${path}`, '-onlytrue', '-human', '-json', '-distribution')).toEqual({
      scribedoc,
      onlytrue: true,
      humanoutput: true,
      jsonoutput: true,
      distribution: true,
    });
  });

  test('-document takes JSON, and is what parameters are shown as', async () => {
    const shown = formatFlags(params.fields, { scribedoc, onlytrue: true });
    expect(shown).toBe(`-document '${JSON.stringify(scribedoc)}' -onlytrue`);
    expect(await parse('-document', json)).toEqual({ scribedoc });
  });

  test.each([
    ['', 'expected a document of 10 to 16777216 characters, got 0'],
    ['{}', 'expected a document of 10 to 16777216 characters, got 2'],
    ['{"objects": [}', 'expected JSON with a value or ], got "}" (line 1, column 14)'],
    ['{"objects": [],\n "tests": ', 'expected JSON with a value, got the end of the text (line 2, column 11)'],
    ['objects: [a, b\ntests: []', 'expected YAML: '],
    ['just a sentence', 'expected an object with keys, got the text "just a sentence"'],
    ['{"operations":[]}', 'expected a document with variables, objects, tests, got only "operations"'],
    ['tests:\n - {object: o}\n', 'tests.0.test: expected an id, got none'],
    [
      '{"objects":[{"object":"a","hasline":{"path":"/","file":"(","expression":"x"}}]}',
      'objects.0.hasline.file: object "a": expected a regular expression (RE2 syntax): pattern "("',
    ],
    [
      JSON.stringify({ tests: Array.from({ length: 9 }, () => ({})) }),
      'tests.4.test: expected an id, got none; and 4 more',
    ],
  ])('%s is refused with the place', async (text, message) => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'document');
    writeFileSync(path, text);
    await expect(parse('-path', path)).rejects.toThrow(message);
  });

  test('a document is required', async () => {
    await expect(parse('-onlytrue')).rejects.toThrow('-document: expected a value, got none');
  });
});

describe('a message', () => {
  test('needs no document, and holds one as an object', () => {
    expect(validateParameters(params, {}).scribedoc).toBeUndefined();
    expect(validateParameters(params, { scribedoc: null }).scribedoc).toBeUndefined();
    expect(validateParameters(params, { scribedoc, onlytrue: null }).scribedoc?.document).toEqual(scribedoc);
  });

  test.each([
    [{ scribedoc: json }, 'scribedoc: expected an object with keys, got the text'],
    [{ scribedoc: { tests: [{}] } }, 'scribedoc.tests.0.test: expected an id, got none'],
    [{ scribedoc, onlytrue: 'true' }, 'onlytrue: '],
  ])('%j is refused', (parameters, message) => {
    expect(() => validateParameters(params, parameters)).toThrow(message);
  });
});

test('questions read the file, say what is wrong at once, and take another', async () => {
  using folder = createTemporaryFolder();
  const [good, bad] = [join(folder.path, 'good.yaml'), join(folder.path, 'bad.json')];
  writeFileSync(good, yaml);
  writeFileSync(bad, '{"tests":[{"test":"t","object":"o","if":["u"]}]}');
  const answerer = createScriptedAnswerer(['path', bad, good, 'onlytrue', true, 'show', 'done']);
  expect(await runCreator(createParamsFromFields(params), answerer, undefined, read)).toEqual({
    scribedoc,
    onlytrue: true,
  });
  expect(answerer.notes).toEqual([
    'tests.0.if.0: test "t": expected the id of another test, got "u", which there is not',
    expect.stringMatching(/^document +\{"objects"/),
    expect.stringMatching(/^onlytrue +true$/),
  ]);
});
