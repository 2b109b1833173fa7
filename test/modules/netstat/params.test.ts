import { describe, expect, test } from 'vitest';
import { netstat } from '../../../modules/netstat/index.ts';
import { flagNames, parseParams } from '../../../src/module/flags.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { paramsCreator } from '../../../modules/netstat/params-creator.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createScriptedAnswerer } from '../../helpers/scripted-answerer.ts';

const { params } = netstat;

test("the flags are MIG's, and one more", () => {
  expect(flagNames(params.fields)).toEqual(['lm', 'nm', 'li', 'ni', 'ci', 'lp', 'namespaces', 'processes']);
});

test('flags may be repeated, and look in all namespaces and for processes unless told not to', () => {
  expect(
    parseParams(params, [
      '-lm',
      '^8c',
      '-nm',
      '^30',
      '-li',
      '::1',
      '-ni',
      '10.0.0.0/8',
      '-ci',
      '1.2.3.4',
      '-lp',
      '22',
      '-lp=80',
    ]),
  ).toEqual({
    localmac: ['^8c'],
    neighbormac: ['^30'],
    localip: ['::1'],
    neighborip: ['10.0.0.0/8'],
    connectedip: ['1.2.3.4'],
    listeningport: ['22', '80'],
    namespaces: true,
    processes: true,
  });
  expect(parseParams(params, ['-namespaces=false', '-processes=false'])).toEqual({
    namespaces: false,
    processes: false,
  });
});

describe('PARAMETERS_INVALID', () => {
  const range = 'expected an address or a network such as 192.0.2.7, 10.0.0.0/8, ::1 or 2001:db8::/32';
  test.each([
    [{ listeningport: ['0'] }, 'listeningport.0: expected a port from 1 to 65535, got "0"'],
    [{ listeningport: ['65536'] }, 'listeningport.0: expected a port from 1 to 65535, got "65536"'],
    [{ listeningport: ['22', 'ssh'] }, 'listeningport.1: expected a port from 1 to 65535, got "ssh"'],
    [{ listeningport: [''] }, 'listeningport.0: expected a port from 1 to 65535, got ""'],
    [{ listeningport: [-1] }, 'listeningport.0: expected a port from 1 to 65535, got "-1"'],
    [{ listeningport: [22.5] }, 'listeningport.0: expected a port from 1 to 65535, got "22.5"'],
    [{ localip: ['10.0.0.0/33'] }, `localip.0: ${range}, got "10.0.0.0/33"`],
    [{ neighborip: ['nobody'] }, `neighborip.0: ${range}, got "nobody"`],
    [{ connectedip: ['1.2.3.4', ''] }, `connectedip.1: ${range}, got ""`],
    [
      { localmac: ['('] },
      /^localmac\.0: expected a regular expression \(RE2 syntax\) such as \^8c:70:, got pattern "\(" /,
    ],
    [{ neighbormac: ['a(?=b)'] }, /^neighbormac\.0: expected a regular expression/],
    [{ listeningport: '22' }, /^listeningport: .*array/],
    [{ namespaces: 'yes' }, /^namespaces: .*boolean/],
  ])('%j is refused: %s', (parameters, message) => {
    expect(() => validateParameters(params, parameters)).toThrow(
      expect.objectContaining({
        code: 'PARAMETERS_INVALID',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    );
  });
});

test.each([
  [{}],
  [null],
  [{ localmac: null, listeningport: [] }],
  [{ localmac: [''] }],
  [{ localmac: ['(?i)^8C:70:[[:xdigit:]]{2}'] }],
  [{ listeningport: ['1', '65535', '0022'] }],
  [{ unknown: 'key' }],
])('%j is valid', (parameters) => {
  expect(() => validateParameters(params, parameters)).not.toThrow();
});

test('a port as a JSON number stands for its text', () => {
  expect(validateParameters(params, { listeningport: [22, '80'] })).toEqual({ listeningport: ['22', '80'] });
});

test('questions lead to the same parameters, a wrong value asked again', async () => {
  const answerer = createScriptedAnswerer([
    'listeningport',
    'ssh',
    '22',
    'connectedip',
    '10.0.0.0/8',
    'namespaces',
    false,
    'done',
  ]);
  expect(await runCreator(paramsCreator, answerer)).toEqual({
    listeningport: ['22'],
    connectedip: ['10.0.0.0/8'],
    namespaces: false,
    processes: true,
  });
  expect(answerer.notes).toContain('expected a port from 1 to 65535, got "ssh"');
});

test('questions do not end without a query', async () => {
  const answerer = createScriptedAnswerer(['done', 'localip', '10.0.0.0/8', 'done']);
  expect(await runCreator(paramsCreator, answerer)).toMatchObject({ localip: ['10.0.0.0/8'] });
  expect(answerer.notes).toEqual([expect.stringMatching(/^nothing was asked for: give at least one /)]);
});
