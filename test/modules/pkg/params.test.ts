import { describe, expect, test } from 'vitest';
import { pkg } from '../../../modules/pkg/index.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { createParamsFromFields } from '../../../src/module/create-params.ts';
import { flagNames, parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createScriptedAnswerer } from '../../helpers/scripted-answerer.ts';

const { params } = pkg;

test("the flags are MIG's, and two more", () => {
  expect(flagNames(params.fields)).toEqual(['name', 'version', 'compare', 'details']);
});

test('names and conditions may be repeated', () => {
  expect(
    parseParams(params, ['-name', '^a$', '-name', '^b$', '-version', '!^1', '-compare', '>= 1:2', '-compare=<3']),
  ).toEqual({
    pkgmatch: { matches: ['^a$', '^b$'] },
    vermatch: '!^1',
    compare: ['>= 1:2', '<3'],
    details: true,
  });
});

test('a line without a name is refused', () => {
  expect(() => parseParams(params, ['-version', '1'])).toThrow(
    "-name: expected a value, got none (example: -name '^openssl$')",
  );
});

describe('PARAMETERS_INVALID', () => {
  const none = 'pkgmatch.matches: expected at least one regular expression for names, got none';
  const regex = 'expected a regular expression (RE2 syntax) such as ^openssl$, got';
  const condition = "expected <, <=, =, !=, >= or > and a version such as '< 1.2.3-4', got";
  test.each([
    [{}, none],
    [null, none],
    [{ pkgmatch: null }, none],
    [{ pkgmatch: { matches: null } }, none],
    [{ pkgmatch: { matches: [] } }, none],
    [{ pkgmatch: { matches: ['a', '(b'] } }, `pkgmatch.matches.1: ${regex} `],
    [{ pkgmatch: { matches: ['(?=a)'] } }, `pkgmatch.matches.0: ${regex} `],
    [{ pkgmatch: { matches: ['a'] }, vermatch: '[' }, `vermatch: ${regex} `],
    [{ pkgmatch: { matches: ['a'] }, vermatch: '!*' }, `vermatch: ${regex} `],
    [{ pkgmatch: { matches: ['a'] }, compare: ['1.2.3'] }, `compare.0: ${condition} "1.2.3"`],
    [{ pkgmatch: { matches: ['a'] }, compare: ['< 1', '=> 1'] }, `compare.1: ${condition} "=> 1"`],
    [{ pkgmatch: { matches: ['a'] }, compare: ['<'] }, `compare.0: ${condition} "<"`],
    [{ pkgmatch: { matches: ['a'] }, compare: ['< abc'] }, `compare.0: ${condition} "< abc"`],
    [{ pkgmatch: { matches: ['a'] }, compare: ['< 1 2'] }, `compare.0: ${condition} "< 1 2"`],
    [{ pkgmatch: { matches: ['a'] }, compare: [''] }, `compare.0: ${condition} ""`],
    [{ pkgmatch: { matches: ['a'] }, compare: '< 1' }, 'compare: '],
  ])('%j', (parameters, message) => {
    expect(() => validateParameters(params, parameters)).toThrow(
      expect.objectContaining({ code: 'PARAMETERS_INVALID', message: expect.stringContaining(message) }),
    );
  });
});

test.each([
  [{ pkgmatch: { matches: [''] } }],
  [{ pkgmatch: { matches: ['^a$'] }, vermatch: '' }],
  [{ pkgmatch: { matches: ['^a$'] }, vermatch: '!', compare: null }],
  [{ pkgmatch: { matches: ['^a$'] }, compare: [' <1.2.3-4 ', '>=2:1.0~rc1^git', '==1.0_p1-r0', '!=1+b1'] }],
])('%j is valid', (parameters) => {
  expect(() => validateParameters(params, parameters)).not.toThrow();
});

test('questions lead to the same parameters, a wrong value asked again', async () => {
  const answerer = createScriptedAnswerer(['(', '^openssl$', 'compare', '3.0', '< 3.0.11-1', 'details', false, 'done']);
  expect(await runCreator(createParamsFromFields(params), answerer)).toEqual({
    pkgmatch: { matches: ['^openssl$'] },
    compare: ['< 3.0.11-1'],
    details: false,
  });
  expect(answerer.notes).toContain('expected <, <=, =, !=, >= or > and a version such as \'< 1.2.3-4\', got "3.0"');
});
