import { describe, expect, test } from 'vitest';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { params } from '../../../modules/memory/params.ts';

const validate = (search: unknown, label = 's1') => validateParameters(params, { searches: { [label]: search } });

describe('valid, as in MIG', () => {
  test.each([
    { names: ['foo'], libraries: ['bar'], bytes: ['abcd'] },
    { libraries: ['^[a-z]{10,50}$'], bytes: ['dead', 'beef'], contents: ['^(.+)[a-zA-Z0-9]{10.50}$'] },
    { names: ['sleepmem$'], options: { offset: 0, maxlength: 10_000_000, logfailures: true, matchall: true } },
    { bytes: ['7F454c46'] },
    { options: {} },
    { names: null, options: null },
    {},
  ])('%j', (search) => {
    expect(() => validate(search)).not.toThrow();
  });

  test('a label of 64 letters', () => {
    expect(() => validate({}, 'a'.repeat(64))).not.toThrow();
  });
});

describe('refused, with what was expected', () => {
  test.each([
    [{ names: ['['] }, 'names.0: expected a regular expression'],
    [{ libraries: ['['] }, 'libraries.0: expected a regular expression'],
    [{ contents: ['^$', '['] }, 'contents.1: expected a regular expression'],
    [{ contents: [''] }, 'contents.0: expected a regular expression, got an empty text'],
    [{ names: ['(?=x)'] }, 'names.0: expected a regular expression'],
    [
      { bytes: ['zzzzzzzz'] },
      'bytes.0: expected bytes as pairs of hexadecimal digits without 0x, as in 7f454c46, got "zzzzzzzz"',
    ],
    [{ bytes: ['abc'] }, 'bytes.0: expected bytes as pairs'],
    [{ bytes: ['0xab'] }, 'bytes.0: expected bytes as pairs'],
    [{ bytes: [''] }, 'bytes.0: expected bytes as pairs'],
    [{ bytes: ['ab\n'] }, 'bytes.0: expected bytes as pairs'],
    [{ bytes: ['00'.repeat(32_769)] }, 'bytes.0: expected at most 32768 bytes, got 32769'],
    [{ yara: ' ' }, 'yara: expected YARA rules, got an empty text'],
    [{ pids: ['0'] }, 'pids.0: expected the number of a process, got "0"'],
    [{ pids: ['self'] }, 'pids.0: expected the number of a process, got "self"'],
    [{ options: { offset: -1 } }, 'options.offset: expected a whole number from 0 to 2^53-1, got -1'],
    [{ options: { maxlength: 0.5 } }, 'options.maxlength: expected a whole number'],
    [{ options: { maxaddresses: 1001 } }, 'options.maxaddresses: expected a whole number from 0 to 1000, got 1001'],
    [{ names: 'foo' }, 'names'],
  ])('%j', (search, problem) => {
    expect(() => validate(search)).toThrow(problem);
  });

  test.each(['*&^!*@&#^*!', '', 'a'.repeat(65), 'a b', 'a\n', 'é'])('the label %j', (label) => {
    expect(() => validate({}, label)).toThrow('expected a label of 1 to 64 letters, digits, _ or -');
  });
});

test('flags fill in what MIG fills in, and the addresses', () => {
  expect(parseParams(params, ['-name', 'sshd$', '-lib', 'libc', '-bytes', 'abcd', '-content', 'x+'])).toEqual({
    searches: {
      s1: {
        names: ['sshd$'],
        libraries: ['libc'],
        bytes: ['abcd'],
        contents: ['x+'],
        options: { matchall: true, maxaddresses: 10 },
      },
    },
  });
});

test('the offset and the length have flags of their names, and an address may be typed in hexadecimal', () => {
  const flags = [
    '-name',
    'x',
    '-offset',
    '0x7f2c00000000',
    '-maxlength',
    '4096',
    '-matchany',
    '-logfailures',
    '-pid',
    '1',
  ];
  expect(parseParams(params, flags)).toMatchObject({
    searches: {
      s1: { pids: ['1'], options: { offset: 0x7f2c00000000, maxlength: 4096, matchall: false, logfailures: true } },
    },
  });
  expect(() => parseParams(params, ['-name', 'x', '-offset', '0xzz'])).toThrow('expected a whole number');
  expect(() => parseParams(params, ['-name', 'x', '-maxdepth', '1'])).toThrow('-maxdepth is not a flag');
});

test('a process may be given as a number', () => {
  expect(validate({ pids: [812] })).toMatchObject({ searches: { s1: { pids: ['812'] } } });
});
