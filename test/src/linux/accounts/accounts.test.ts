import { expect, test } from 'vitest';
import { parseGroups, parseGroupShadow } from '../../../../src/linux/accounts/parse-group.ts';
import { parseLoginDefs, parseShells } from '../../../../src/linux/accounts/parse-login-defs.ts';
import { parsePasswd } from '../../../../src/linux/accounts/parse-passwd.ts';
import { parsePassword, parseShadow } from '../../../../src/linux/accounts/parse-shadow.ts';

test('a passwd line says who, and only what its password field means', () => {
  const { entries, unparsed, nis } = parsePasswd(
    'root:x:0:0:Root,,,:/root:/bin/sh\nold:$6$salt$hash:5:6::/:\nfree::7:7\n# comment\n+@nis\nbroken:x:y:0\nhuge:x:4294967296:0::/:\n',
  );
  expect(entries).toEqual([
    {
      name: 'root',
      passwordField: 'shadow',
      passwordText: '',
      uid: 0,
      gid: 0,
      comment: 'Root,,,',
      home: '/root',
      shell: '/bin/sh',
      line: 1,
    },
    {
      name: 'old',
      passwordField: 'here',
      passwordText: '$6$salt$hash',
      uid: 5,
      gid: 6,
      comment: '',
      home: '/',
      shell: '',
      line: 2,
    },
    {
      name: 'free',
      passwordField: 'empty',
      passwordText: '',
      uid: 7,
      gid: 7,
      comment: '',
      home: '',
      shell: '',
      line: 3,
    },
  ]);
  expect(unparsed).toMatchObject({ count: 2, lines: [6, 7] });
  expect(nis).toMatchObject({ count: 1, lines: [5] });
});

test.each([
  ['', { state: 'empty' }],
  ['*', { state: 'locked' }],
  ['!', { state: 'locked' }],
  ['!!', { state: 'locked' }],
  ['*NP*', { state: 'locked' }],
  ['x', { state: 'locked' }],
  ['$y$j9T$salt$hash', { state: 'hashed', algorithm: 'yescrypt' }],
  ['!$y$j9T$salt$hash', { state: 'locked', algorithm: 'yescrypt' }],
  ['$6$salt$hash', { state: 'hashed', algorithm: 'sha512crypt' }],
  ['$5$rounds=5000$salt$hash', { state: 'hashed', algorithm: 'sha256crypt' }],
  ['$2b$12$hash', { state: 'hashed', algorithm: 'bcrypt' }],
  ['$1$salt$hash', { state: 'hashed', algorithm: 'md5crypt' }],
  ['$7$hash', { state: 'hashed', algorithm: 'scrypt' }],
  ['$gy$j9T$salt$hash', { state: 'hashed', algorithm: 'gost-yescrypt' }],
  ['$new$salt$hash', { state: 'hashed', algorithm: 'unknown' }],
  ['ab01FAX.bQRSU', { state: 'hashed', algorithm: 'descrypt' }],
  ['_J9..rasmBYk8r9AiWNc', { state: 'hashed', algorithm: 'bsdicrypt' }],
])('the password field %j means %o', (field, expected) => {
  expect(parsePassword(field)).toEqual(expected);
});

test('a shadow line keeps days that are set, and never the hash', () => {
  const { entries } = parseShadow('alice:$6$salt$SECRET:20000:0:90:7:14:21000:\nbob:!:0:::::-1:\n');
  expect(entries).toEqual([
    {
      name: 'alice',
      password: { state: 'hashed', algorithm: 'sha512crypt' },
      changedDay: 20000,
      minDays: 0,
      maxDays: 90,
      warnDays: 7,
      inactiveDays: 14,
      expireDay: 21000,
    },
    { name: 'bob', password: { state: 'locked' }, changedDay: 0 },
  ]);
  expect(JSON.stringify(entries)).not.toContain('SECRET');
});

test('groups have members, and passwords that let others in', () => {
  expect(parseGroups('sudo:x:27:alice, bob,\nempty:x:5:\nopen:$1$x$y:6:\n').entries).toEqual([
    { name: 'sudo', gid: 27, members: ['alice', 'bob'], hasPassword: false },
    { name: 'empty', gid: 5, members: [], hasPassword: false },
    { name: 'open', gid: 6, members: [], hasPassword: true },
  ]);
  expect(parseGroupShadow('sudo:*::alice\nopen:$6$x$y:adm:\n').entries).toEqual([
    { name: 'sudo', hasPassword: false, administrators: [], members: ['alice'] },
    { name: 'open', hasPassword: true, administrators: ['adm'], members: [] },
  ]);
});

test('login.defs and shells are read', () => {
  expect(parseLoginDefs('# UID_MIN 5\nUID_MIN\t\t 500\nNAME "a b"\n').get('UID_MIN')).toBe('500');
  expect(parseLoginDefs('NAME "a b"\n').get('NAME')).toBe('a b');
  expect(parseShells('# x\n/bin/sh\n\n/bin/bash \nbad\n')).toEqual(new Set(['/bin/sh', '/bin/bash']));
});
