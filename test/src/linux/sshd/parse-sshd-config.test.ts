import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSshdConfig } from '../../../../src/linux/sshd/parse-sshd-config.ts';
import { readSshdConfig } from '../../../../src/linux/sshd/read-sshd-config.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const parse = (text: string) => parseSshdConfig(text, { file: 'f', include: () => [] });

test('settings are read with quotes, equals signs, comments and Match blocks', () => {
  const text = [
    '# a comment',
    'AuthorizedKeysFile .ssh/a "/etc/keys of/%u" # why',
    'permitrootlogin=no',
    'PubkeyAuthentication = yes',
    'Match User alice,bob Group=wheel',
    '  StrictModes no',
    'match all',
    'AllowUsers x',
    '',
  ].join('\n');
  expect(parse(text)).toEqual([
    { keyword: 'authorizedkeysfile', values: ['.ssh/a', '/etc/keys of/%u'], file: 'f', line: 2, match: undefined },
    { keyword: 'permitrootlogin', values: ['no'], file: 'f', line: 3, match: undefined },
    { keyword: 'pubkeyauthentication', values: ['yes'], file: 'f', line: 4, match: undefined },
    {
      keyword: 'strictmodes',
      values: ['no'],
      file: 'f',
      line: 6,
      match: [
        { name: 'user', patterns: 'alice,bob' },
        { name: 'group', patterns: 'wheel' },
      ],
    },
    { keyword: 'allowusers', values: ['x'], file: 'f', line: 8, match: [{ name: 'all', patterns: '' }] },
  ]);
});

test('included files stand where Include stands, and a Match in them ends with them', () => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, 'conf.d'));
  writeFileSync(
    join(folder.path, 'sshd_config'),
    'Include conf.d/*.conf\nStrictModes yes\nMatch User x\nInclude conf.d/2.conf\n',
  );
  writeFileSync(join(folder.path, 'conf.d/1.conf'), 'PermitRootLogin no\nMatch User a\nAllowUsers a\n');
  writeFileSync(join(folder.path, 'conf.d/2.conf'), 'DenyUsers b\n');
  writeFileSync(join(folder.path, 'conf.d/.hidden.conf'), 'DenyUsers hidden\n');
  const problems: string[] = [];
  const settings = readSshdConfig(folder.path, (problem) => void problems.push(problem));
  const told = settings.map(({ keyword, values, match }) => [
    keyword,
    values[0],
    match?.map(({ patterns }) => patterns),
  ]);
  expect(told).toEqual([
    ['permitrootlogin', 'no', undefined],
    ['allowusers', 'a', ['a']],
    ['denyusers', 'b', undefined],
    ['strictmodes', 'yes', undefined],
    ['denyusers', 'b', ['x']],
  ]);
  expect(problems).toEqual([]);
});

test('a file that includes itself ends, with a word', () => {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, 'sshd_config'), 'Include sshd_config\nInclude missing sshd_*\n');
  const problems: string[] = [];
  expect(readSshdConfig(folder.path, (problem) => void problems.push(problem))).toEqual([]);
  expect(problems[0]).toContain('Include goes deeper');
});

test('a host without a server has no settings and no problem', () => {
  const problems: string[] = [];
  expect(readSshdConfig('/nonexistent', (problem) => void problems.push(problem))).toEqual([]);
  expect(problems).toEqual([]);
});

test('any text is read', () => {
  const word = fc.constantFrom('Match', 'Include', 'user', '"', '=', '#', ' ', '\n', '\t', 'AllowUsers', 'x,!y', 'all');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
        fc.array(word).map((words) => words.join('')),
      ),
      (text) => {
        for (const { values, line } of parse(text))
          expect([line > 0, values.every((value) => !value.includes('\n'))]).toEqual([true, true]);
      },
    ),
    { numRuns: 200 },
  );
});

test('files of another tree are read through it', () => {
  const files = new Map([
    ['/etc/ssh/sshd_config', 'Include conf.d/*.conf\nAuthorizedKeysFile a\n'],
    ['/etc/ssh/conf.d/10.conf', 'AuthorizedKeysFile b\n'],
  ]);
  const problems: string[] = [];
  const settings = readSshdConfig('/etc/ssh', (problem) => void problems.push(problem), {
    readText: (path) => files.get(path),
    list: (folder) => (folder === '/etc/ssh/conf.d' ? ['20.conf', '10.conf', '.30.conf'] : []),
  });
  expect(settings.map(({ file, values }) => [file, ...values])).toEqual([
    ['/etc/ssh/conf.d/10.conf', 'b'],
    ['/etc/ssh/sshd_config', 'a'],
  ]);
  expect(problems).toEqual([]);
});
