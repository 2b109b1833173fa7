import { expect, test } from 'vitest';
import { users } from '../../../modules/users/index.ts';
import { checkUid, parseUidCondition } from '../../../modules/users/uid-condition.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';

test('flags become parameters', () => {
  const words = ['-name', '^a', '-uid', '<1000', '-login', '-changed', '<30d', '-listgroups'];
  expect(parseParams(users.params, words)).toEqual({
    names: ['^a'],
    uids: ['<1000'],
    login: true,
    changed: '<30d',
    listgroups: true,
  });
});

test.each([
  [{ names: ['('] }, 'names.0: expected a regular expression'],
  [{ names: [''] }, 'names.0: expected a regular expression, got an empty text'],
  [{ uids: ['root'] }, `uids.0: expected a user id such as 0, '<1000', '>999' or 1000-1999, got "root"`],
  [{ uids: ['<0'] }, 'uids.0'],
  [{ uids: ['5-4'] }, 'uids.0'],
  [{ uids: ['4294967296'] }, 'uids.0'],
  [{ changed: '30d' }, 'changed: expected < (newer) or > (older)'],
  [{ lastlogin: '<30' }, 'lastlogin'],
  [{ sudo: 'yes' }, 'sudo'],
])('%j is refused', (parameters, message) => {
  expect(() => validateParameters(users.params, parameters)).toThrow(message);
});

test.each([
  ['0', { from: 0, to: 0 }],
  ['<1000', { from: 0, to: 999 }],
  ['>999', { from: 1000, to: 4294967295 }],
  ['1000-1999', { from: 1000, to: 1999 }],
])('the user ids of %j are %j', (text, expected) => {
  expect(parseUidCondition(text)).toEqual(expected);
  expect(checkUid(text)).toBeUndefined();
});
