import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { checkAction, checkLaunchable, parseAction, zeroTime } from '../../../src/protocol/action.ts';

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures/actions', name), 'utf8');
const minimal = { name: 'n', target: 'local', operations: [{ module: 'example', parameters: {} }] };
const compressed = (json: string): string => gzipSync(json).toString('base64');

describe('action files from the field', () => {
  test.each([
    ['example_v2.json', 3],
    ['glibc_ubuntu_cve-2015-0235.json', 1],
    ['integration_tests.json', 4],
    ['shellshock_iocs.json', 2],
    ['sshd_backdoor.json', 1],
    ['suspicious_files.json', 1],
  ])('%s loads with its %i operations and without a complaint', (name, operations) => {
    const { action, notices } = parseAction(fixture(name));
    expect(action.operations).toHaveLength(operations);
    expect(notices).toEqual([]);
  });

  test('keep a float revision, zero times and an id of 0', () => {
    const { action } = parseAction(fixture('sshd_backdoor.json'));
    expect(action.description.revision).toBe(201402071130);
    expect(action.validfrom).toBe(zeroTime);
    expect(action.id).toBe(0);
  });
});

describe('reading an action', () => {
  test('announces a key it does not know', () => {
    expect(checkAction({ ...minimal, colour: 'red' }).notices).toEqual([
      'the action\'s key "colour" is not known and was left out',
    ]);
  });

  test.each([
    ['not JSON', '{', /^expected an action as JSON: /],
    ['a list', '[]', /^expected an action, got a wrong value/],
    ['another syntax version', '{"syntaxversion": 1}', /^expected syntaxversion 2, got 1$/],
    ['a time that is none', '{"validfrom": "soon"}', /wrong validfrom: expected a time like 2026-11-21T07:00:00Z/],
    ['an operation without a module', '{"operations": [{}]}', /wrong operations\.0\.module/],
  ])('refuses %s', (_what, source, message) => {
    expect(() => parseAction(source)).toThrow(
      expect.objectContaining({ code: 'ACTION_INVALID', message: expect.stringMatching(message) }),
    );
  });

  test('inflates compressed parameters', () => {
    const operations = [{ module: 'example', parameters: compressed('{"gethostname":true}'), is_compressed: true }];
    expect(checkAction({ ...minimal, operations }).action.operations).toEqual([
      { module: 'example', parameters: { gethostname: true } },
    ]);
  });

  test.each([
    ['no text', 7],
    ['no gzip', 'AAAA'],
    ['no JSON inside', compressed('{')],
    ['a bomb', compressed(' '.repeat(65 * 1024 * 1024))],
  ])('refuses compressed parameters that are %s', (_what, parameters) => {
    const operations = [{ module: 'example', parameters, is_compressed: true }];
    expect(() => checkAction({ ...minimal, operations })).toThrow(expect.objectContaining({ code: 'ACTION_INVALID' }));
  });
});

describe('launching an action', () => {
  const { action } = checkAction(minimal);

  test('needs nothing more than a name, a target and an operation', () => {
    expect(() => checkLaunchable(action, 0)).not.toThrow();
  });

  test.each([
    ['a name', { ...action, name: '' }, 'expected a name, got none'],
    ['a target', { ...action, target: '' }, 'expected a target, got none'],
    ['operations', { ...action, operations: [] }, 'expected at least one operation, got none'],
    [
      'a window that ends after it begins',
      { ...action, validfrom: '2030-01-02T00:00:00Z', expireafter: '2030-01-01T00:00:00Z' },
      'expected validfrom before expireafter, got 2030-01-02T00:00:00Z and 2030-01-01T00:00:00Z',
    ],
    [
      'a window that is not over',
      { ...action, expireafter: '2020-01-01T00:00:00Z' },
      'expected an action that is still valid, got one that expired at 2020-01-01T00:00:00Z',
    ],
  ])('needs %s', (_what, wrong, message) => {
    expect(() => checkLaunchable(wrong, Date.parse('2026-01-01'))).toThrow(
      expect.objectContaining({ code: 'ACTION_INVALID', message }),
    );
  });
});
