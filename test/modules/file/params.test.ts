import { describe, expect, test } from 'vitest';
import { params } from '../../../modules/file/params.ts';
import { createParamsFromFields } from '../../../src/module/create-params.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { formatFlags, parseParams } from '../../../src/module/flags.ts';
import { validateParameters, type Item } from '../../../src/module/params.ts';
import { createScriptedAnswerer } from '../../helpers/scripted-answerer.ts';

const defaults = { maxdepth: 1000, maxerrors: 30, matchall: true, matchlimit: 1000 };
const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
const hex = (length: number): string => 'a'.repeat(length);

describe('flags', () => {
  test('have the defaults of MIG and describe a search labelled s1', () => {
    expect(parseParams(params, ['-path', '/etc', '-name', '^passwd$'])).toEqual({
      searches: { s1: { paths: ['/etc'], names: ['^passwd$'], options: defaults } },
    });
  });

  test('may all be given at once; matchany wins over matchall', () => {
    const line =
      `-path /a -path /b -name n -name !m -size <10k -size >1 -mode ^u -mtime <90d -mtime >2y -content c -md5 ${md5} ` +
      `-sha1 ${hex(40)} -sha2 ${hex(64)} -sha3 ${hex(56)} -mismatch content -mismatch sha3 -maxdepth 3 -maxerrors 4 -matchlimit 5 ` +
      '-matchany -matchall -macroal -returnsha256 -decompress -verbose -remotefs -description note';
    expect(parseParams(params, line.split(' '))).toEqual({
      searches: {
        s1: {
          description: 'note',
          paths: ['/a', '/b'],
          contents: ['c'],
          names: ['n', '!m'],
          sizes: ['<10k', '>1'],
          modes: ['^u'],
          mtimes: ['<90d', '>2y'],
          md5: [md5],
          sha1: [hex(40)],
          sha2: [hex(64)],
          sha3: [hex(56)],
          options: {
            maxdepth: 3,
            maxerrors: 4,
            remotefs: true,
            matchall: false,
            macroal: true,
            mismatch: ['content', 'sha3'],
            matchlimit: 5,
            debug: 'print',
            returnsha256: true,
            decompress: true,
          },
        },
      },
    });
  });

  test.each(['--path=/etc', '-path=/etc'])('%s is read as MIG reads it', (word) => {
    expect(parseParams(params, [word])).toEqual({ searches: { s1: { paths: ['/etc'], options: defaults } } });
  });

  test.each([
    [['-path', '/', '-name', '('], 'FLAG_VALUE', /^-name: expected a regular expression .*closing \).*example: -name/s],
    [['-path', '/', '-size', 'BADSIZE'], 'FLAG_VALUE', /^-size: expected a size such as 190/],
    [
      ['-path', '/', '-sha2', hex(65)],
      'FLAG_VALUE',
      /^-sha2: expected a sha2 checksum of 64, 96 or 128 .*65 characters/,
    ],
    [['-path', '/', '-maxdepth', '1.5'], 'FLAG_VALUE', /^-maxdepth: expected a whole number/],
    [['-paths', '/'], 'FLAG_UNKNOWN', /did you mean -path\?/],
    [['-name', 'x'], 'FLAG_VALUE', /^-path: expected a value, got none \(example: -path \/etc\)$/],
  ])('%j is refused', (words, code, message) => {
    expect(() => parseParams(params, words)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  test('are written again so that they mean the same', () => {
    const item: Item = { paths: ['/a b'], options: { ...defaults, matchall: false, debug: 'print' } };
    expect(formatFlags(params.fields, item)).toBe("-path '/a b' -matchany -verbose");
  });
});

describe('questions', () => {
  test('start from the same defaults and take MIG’s words', async () => {
    const answers = ['s1', '/etc', 'name', '^passwd$', 'verbose', true, 'matchany', 'done', 'done'];
    const created = await runCreator(createParamsFromFields(params), createScriptedAnswerer(answers), undefined);
    expect(created).toEqual({
      searches: {
        s1: { paths: ['/etc'], names: ['^passwd$'], options: { ...defaults, matchall: false, debug: 'print' } },
      },
    });
  });
});

const search = { paths: ['/'] };

describe('parameters from the wire', () => {
  test.each([
    ['no searches', {}],
    ['searches that are null', { searches: null }],
    ['a search without options', { searches: { s1: search } }],
    ['lists and options that are null', { searches: { s1: { ...search, names: null, options: null } } }],
    ['unknown keys', { searches: { s1: { ...search, regexes: ['x'] } } }],
    ['a label with slashes and spaces', { searches: { '/usr/bin/a b': search } }],
    ['a label of 64 characters', { searches: { ['x'.repeat(64)]: search } }],
    ['limits of zero', { searches: { s1: { ...search, options: { maxdepth: 0, matchlimit: 0, maxerrors: 0 } } } }],
    ['an expression that is only !', { searches: { s1: { ...search, names: ['!'], modes: ['!'] } } }],
    ['every length of checksum', { searches: { s1: { ...search, sha2: [64, 96, 128].map(hex) } } }],
    ['every length of sha3', { searches: { s1: { ...search, sha3: [56, 64, 96, 128].map(hex) } } }],
    ['checksums in any case', { searches: { s1: { ...search, md5: [md5.toUpperCase()] } } }],
  ])('may have %s', (_title, parameters) => {
    expect(() => validateParameters(params, parameters)).not.toThrow();
  });

  test.each([
    [{ searches: { '': search } }, /searches\.: expected a label of 1 to 64 characters/],
    [{ searches: { 'a\nb': search } }, /expected a label of 1 to 64 characters/],
    [{ searches: { ['x'.repeat(65)]: search } }, /expected a label of 1 to 64 characters/],
    [{ searches: { s1: { paths: [] } } }, /s1\.paths: expected at least one path/],
    [{ searches: { s1: { names: ['x'] } } }, /s1\.paths: expected at least one path/],
    [{ searches: { s1: { paths: [''] } } }, /s1\.paths\.0: expected a path such as \/etc, got an empty text/],
    [{ searches: { s1: { paths: ['/a\0b'] } } }, /s1\.paths\.0: expected a path without a NUL character/],
    [{ searches: { s1: null } }, /searches\.s1: /],
    [{ searches: { s1: { ...search, names: [''] } } }, /names\.0: expected a regular expression, got an empty text/],
    [{ searches: { s1: { ...search, contents: ['(?=x)'] } } }, /contents\.0: expected a regular expression/],
    [{ searches: { s1: { ...search, modes: ['!('] } } }, /modes\.0: expected a regular expression/],
    [{ searches: { s1: { ...search, sizes: ['10z'] } } }, /sizes\.0: expected a size such as .*got "10z"/],
    [{ searches: { s1: { ...search, mtimes: ['90d'] } } }, /mtimes\.0: expected < \(newer\) or > \(older\)/],
    [{ searches: { s1: { ...search, mtimes: ['<999999999d'] } } }, /mtimes\.0: .*292y at most/],
    [{ searches: { s1: { ...search, md5: [hex(31)] } } }, /md5\.0: expected a md5 checksum of 32/],
    [{ searches: { s1: { ...search, sha2: [hex(40)] } } }, /sha2\.0: expected a sha2 checksum of 64, 96 or 128/],
    [{ searches: { s1: { ...search, sha3: [hex(57)] } } }, /sha3\.0: expected a sha3 checksum of 56, 64, 96 or 128/],
    [{ searches: { s1: { ...search, sha1: [`${hex(39)}g`] } } }, /sha1\.0: expected a sha1 checksum of 40/],
    [
      { searches: { s1: { ...search, options: { mismatch: ['names'] } } } },
      /mismatch\.0: expected one of content, name/,
    ],
    [{ searches: { s1: { ...search, options: { maxdepth: -1 } } } }, /maxdepth: expected a whole number from 0/],
  ])('%j are refused', (parameters, message) => {
    expect(() => validateParameters(params, parameters)).toThrow(
      expect.objectContaining({ code: 'PARAMETERS_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
