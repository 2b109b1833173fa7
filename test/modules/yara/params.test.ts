import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { params, searchesOf } from '../../../modules/yara/params.ts';
import { parseExternal, readExternals } from '../../../modules/yara/externals.ts';
import { splitCommandLine } from '../../../modules/yara/split-command-line.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { createParamsFromFields } from '../../../src/module/create-params.ts';
import { readFlagFiles } from '../../../src/module/file-flags.ts';
import { formatFlags, parseParams, quoteWord } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createScriptedAnswerer } from '../../helpers/scripted-answerer.ts';

const rule = 'rule a { condition: true }';
const defaults = { maxsize: 256, timeout: 10 };
const options = { maxdepth: 1000, maxerrors: 30, matchall: true };

describe('flags', () => {
  test('say which files by the conditions of the file module', () => {
    expect(
      parseParams(params, ['-yara', rule, '-path', '/etc', '-name', '^a', '-size', '<1m', '-external', 'n=1']),
    ).toEqual({
      yara: rule,
      externals: ['n=1'],
      ...defaults,
      search: { paths: ['/etc'], names: ['^a'], sizes: ['<1m'], options },
    });
  });

  test("take MIG's -files, and leave the other search out then", () => {
    const files = "-path /etc -name '^pass wd$'";
    const parsed = parseParams(params, ['-yara', rule, '-files', files]);
    expect(parsed).toEqual({ yara: rule, filesearch: files, ...defaults });
    expect(searchesOf(validateParameters(params, parsed))).toEqual({
      filesearch: { paths: ['/etc'], names: ['^pass wd$'], options },
    });
  });

  test("take MIG's -rules, a file", async () => {
    const words = await readFlagFiles(params.fields, ['-rules', 'r.yar', '-files', '-path /etc'], async () => rule);
    expect(parseParams(params, words)).toMatchObject({ yara: rule, filesearch: '-path /etc' });
  });

  test.each([
    [['-path', '/'], /^-yara: expected a value, got none .*or -rules FILE\)$/],
    [['-yara', ' '], /^-yara: yara rules are a required option/],
    [['-yara', rule], /^expected the files to scan, got none: give a path, such as -path \/srv, or files$/],
    [['-yara', rule, '-maxdepth', '1', '-timeout', '5'], /^expected the files to scan, got none/],
    [['-yara', rule, '-name', 'x'], /search\.paths: expected at least one path/],
    [['-yara', rule, '-path', '/', '-name', '('], /^-name: expected a regular expression/],
    [['-yara', rule, '-external', 'x'], /^-external: expected NAME=VALUE such as limit=1000, got "x"/],
    [['-yara', rule, '-timeout', '0'], /^-timeout: expected a number from 0.1 to 3600/],
    [['-yara', rule, '-maxsize', '-1'], /^-maxsize: expected a whole number from 0/],
    [
      ['-yara', rule, '-files', '-name x'],
      /^-files: expected flags of the file module, got "-name x": searches\S* ?.*|^-files: .*at least one path/,
    ],
    [['-yara', rule, '-files', '-path / -nme x'], /-nme is not a flag of this module: did you mean -name\?/],
    [['-yara', rule, '-files', "-path '/"], /the quote ' at character 7 is not closed/],
    [['-yara', rule, '-files', '-path / -rules x'], /-rules is not a flag of this module/],
  ])('%j are refused', (words, message) => {
    expect(() => parseParams(params, words)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message) }),
    );
  });

  test('are written again so that they mean the same', () => {
    const words = ['-yara', rule, '-path', '/a b', '-matchany', '-maxsize', '0'];
    const parsed = parseParams(params, words) as Record<string, unknown>;
    expect(formatFlags(params.fields, parsed)).toBe(`-yara '${rule}' -maxsize 0 -path '/a b' -matchany`);
  });
});

describe('parameters from the wire', () => {
  test.each([
    { yara: rule },
    { yara: rule, filesearch: null, search: null, externals: null },
    { yara: rule, filesearch: '-path /etc -matchlimit 5' },
    { yara: rule, search: { paths: ['/'] } },
    { yara: rule, search: { paths: ['/'] }, filesearch: '-path /etc', unknown: 1 },
  ])('may be %j', (parameters) => {
    expect(() => validateParameters(params, parameters)).not.toThrow();
  });

  test.each([
    [{}, 'yara: yara rules are a required option'],
    [{ yara: null }, 'yara: yara rules are a required option'],
    [{ yara: '' }, 'yara: yara rules are a required option'],
    [{ yara: rule, search: {} }, 'search.paths: expected at least one path such as /etc, got none'],
    [{ yara: rule, filesearch: '' }, 'filesearch: expected flags of the file module'],
  ])('%j are refused', (parameters, message) => {
    expect(() => validateParameters(params, parameters)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });

  test("have no limit of files but the one that is given: MIG's 1000 went unsaid", () => {
    const search = (filesearch: string): unknown => searchesOf({ yara: rule, filesearch })['filesearch']?.options;
    expect(search('-path /')).not.toHaveProperty('matchlimit');
    expect(search('-path / -matchlimit 1000')).toHaveProperty('matchlimit', 1000);
  });
});

test('questions take the rules from a file, a condition with a mistake, and its correction', async () => {
  const answerer = createScriptedAnswerer(['rules', 'none', 'r.yar', 'path', '/etc', 'name', '(', '^a', 'done']);
  const read = async (path: string): Promise<string> => {
    if (path !== 'r.yar') throw new Error(`no ${path}`);
    return rule;
  };
  expect(await runCreator(createParamsFromFields(params), answerer, undefined, read)).toEqual({
    yara: rule,
    ...defaults,
    search: { paths: ['/etc'], names: ['^a'], options },
  });
  expect(answerer.notes[0]).toBe('no none');
});

test('questions want to know which files, and go on', async () => {
  const answerer = createScriptedAnswerer(['yara', rule, 'done', 'path', '/etc', 'done']);
  expect(await runCreator(createParamsFromFields(params), answerer, undefined)).toEqual({
    yara: rule,
    ...defaults,
    search: { paths: ['/etc'], options },
  });
  expect(answerer.notes).toEqual([expect.stringMatching(/^expected the files to scan, got none: give a path/)]);
});

describe('a command line in a text', () => {
  test.each([
    ['-path /etc -name ^a$', ['-path', '/etc', '-name', '^a$']],
    [`-path '/a b' -name "c d"`, ['-path', '/a b', '-name', 'c d']],
    [`-name='a b' -path="/c d"`, ['-name=a b', '-path=/c d']],
    ['-name \\.php$', ['-name', '\\.php$']],
    [`-content "it's"`, ['-content', "it's"]],
    ["-name it's", ['-name', "it's"]],
    [`'a'"'"'b'`, ["a'b"]],
    ["-name ''", ['-name', '']],
    [' \t\n', []],
    ['', []],
  ])('%j is %j', (line, words) => {
    expect(splitCommandLine(line)).toEqual(words);
  });

  test.each([
    [`-name 'a`, "the quote ' at character 7 is not closed"],
    ['x'.repeat(65_537), 'expected at most 65536 characters, got 65537'],
  ])('%.20j is refused', (line, problem) => {
    expect(splitCommandLine(line)).toEqual({ problem });
  });

  test('gives back every word that was quoted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(...`ab'" =-\\\n\té\u{1f600}`), maxLength: 12 })),
        (words) => {
          expect(splitCommandLine(words.map(quoteWord).join(' '))).toEqual(words);
        },
      ),
    );
  });

  test('never throws and takes time linear in its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', "'", '"', ' ', '=', '-', '\\'), maxLength: 200 }), (line) => {
        const words = splitCommandLine(line);
        expect(Array.isArray(words) || typeof (words as { problem: string }).problem === 'string').toBe(true);
      }),
    );
    const startedMs = performance.now();
    splitCommandLine(`"'`.repeat(32_768));
    splitCommandLine('-a='.repeat(21_845));
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });
});

describe('an external variable', () => {
  test.each([
    ['n=1', { name: 'n', value: 1 }],
    ['n=-20', { name: 'n', value: -20 }],
    ['b=true', { name: 'b', value: true }],
    ['b=false', { name: 'b', value: false }],
    ['n=+05', { name: 'n', value: 5 }],
    ['b=True', { name: 'b', value: true }],
    ['s=', { name: 's', value: '' }],
    ['s=a=b c', { name: 's', value: 'a=b c' }],
    ['s=1.5', { name: 's', value: '1.5' }],
    ['n=99999999999999999999', { problem: 'expected a whole number between -2^53 and 2^53, got 99999999999999999999' }],
    ['1n=1', { problem: 'expected NAME=VALUE such as limit=1000, got "1n=1"' }],
    ['n', { problem: 'expected NAME=VALUE such as limit=1000, got "n"' }],
  ])('%j', (typed, expected) => {
    expect(parseExternal(typed)).toEqual(expected);
  });

  test('given twice has its last value', () => {
    expect(readExternals(['n=1', 'n=2'])).toEqual({ n: 2 });
  });
});
