import { expect, test } from 'vitest';
import type { Account, Elements } from '../../../modules/users/elements.ts';
import { enhancePrivacy } from '../../../modules/users/enhance-privacy.ts';
import { printResults, rows } from '../../../modules/users/print-results.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';
import type { Statistics } from '../../../modules/users/elements.ts';

const right = {
  tool: 'sudo',
  file: '/etc/sudoers',
  line: 7,
  who: 'alice',
  runas: 'root',
  commands: ['ALL'],
  nopasswd: true,
  root: true,
} as const;
const alice: Account = {
  user: 'alice',
  uid: 1000,
  gid: 1000,
  comment: 'Alice A.',
  home: '/home/alice',
  homestate: 'right',
  shell: '/bin/bash',
  shellstate: 'listed',
  groups: ['alice', 'sudo'],
  login: true,
  password: 'hashed',
  algorithm: 'yescrypt',
  changed: '2026-11-13',
  agedays: 1,
  passwordexpires: '2027-02-11',
  sudo: [right],
  lastlogin: { time: '2026-11-20T12:00:00Z', from: '192.0.2.7', tty: 'pts/0', source: '/var/log/wtmp' },
  sessions: 1,
  failedlogins: 2,
  keys: 1,
  notes: ['shares its user id with: twin'],
};
const secretive: Account = {
  ...alice,
  sudo: [{ ...right, file: '/etc/sudoers.d/alice' }],
  notes: ['may run everything as root without a password (sudo, /etc/sudoers.d/alice line 7)'],
};
const orphan: Account = { user: 'orphan', groups: ['alice'], login: false, password: 'locked', sudo: [], notes: [] };
const elements: Elements = {
  accounts: [alice, orphan],
  groups: [{ group: 'alice', gid: 1000, members: ['alice'], notes: [] }],
  unboundrules: [{ ...right, who: '%admin', runas: 'bob', nopasswd: false }],
  notes: ['/etc/shadow can be read by everybody', '/etc/sudoers.d/alice can be changed by others than root'],
};
const result: ModuleResult<Elements, Statistics> = {
  foundanything: true,
  success: true,
  elements,
  statistics: { examined: 2, exectime: '9ms', totalhits: 5 },
  errors: ['1 could not be read, permission denied: /home/alice/.ssh/authorized_keys'],
};

const findings = [
  'alice: uid 1000 gid 1000, groups alice,sudo, shell /bin/bash, can log in, password hashed yescrypt of 2026-11-13 (1 day), 1 rule to become root, last login 2026-11-20T12:00:00Z from 192.0.2.7 on pts/0, 1 open session, 2 failed logins, 1 authorized key !! shares its user id with: twin',
  'orphan: not in passwd, groups alice, cannot log in, password locked, no login recorded',
  'group alice: gid 1000, members alice',
  'rule for no account of this host: sudo: %admin as bob ALL (/etc/sudoers line 7)',
  'note: /etc/shadow can be read by everybody',
  'note: /etc/sudoers.d/alice can be changed by others than root',
];

test('one line a finding when only matches are shown', () => {
  expect(printResults(result, { matchOnly: true }).map(({ text }) => text)).toEqual(findings);
  expect(printResults(result, { matchOnly: true }).map(({ tone }) => tone)).toEqual([
    'warning',
    'hit',
    'hit',
    'hit',
    'warning',
    'warning',
  ]);
});

test('what is not known is said, and since when an account is closed', () => {
  const accounts: readonly Account[] = [
    { ...orphan, login: null },
    { ...orphan, inactivesince: '2026-09-17' },
  ];
  expect(printResults({ ...result, elements: { accounts } }, { matchOnly: true }).map(({ text }) => text)).toEqual([
    'orphan: not in passwd, groups alice, login unknown, password locked, no login recorded',
    'orphan: not in passwd, groups alice, cannot log in (inactive since 2026-09-17), password locked, no login recorded',
  ]);
  expect(rows({ ...result, elements: { accounts } })).toMatchObject([
    { login: null, inactivesince: '' },
    { login: false, inactivesince: '2026-09-17' },
  ]);
});

test('a rule says which of its commands need a password', () => {
  const some = { ...right, commands: ['systemctl', '/bin/ls'], passwdfor: ['/bin/ls'] };
  const unboundrules = [some, { ...some, targetpassword: true as const }];
  expect(
    printResults({ ...result, elements: { accounts: [], unboundrules } }, { matchOnly: true }).map(({ text }) => text),
  ).toEqual([
    'rule for no account of this host: sudo: alice as root systemctl without a password, /bin/ls with a password (/etc/sudoers line 7)',
    'rule for no account of this host: sudo: alice as root systemctl without a password, /bin/ls with the password of the target (/etc/sudoers line 7)',
  ]);
});

test('with everything, details stand below each finding', () => {
  expect(printResults(result, { matchOnly: false }).map(({ text }) => text)).toEqual([
    findings[0],
    '    comment Alice A., home /home/alice (right), password expires 2027-02-11, login told by /var/log/wtmp',
    '    sudo: alice as root ALL without a password (/etc/sudoers line 7)',
    ...findings.slice(1),
    'error: 1 could not be read, permission denied: /home/alice/.ssh/authorized_keys',
    'Statistics: 5 found, 2 accounts examined in 9ms',
  ]);
});

test('every finding is a row of the same columns', () => {
  const found = rows(result);
  expect(found.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'account alice',
    'account orphan',
    'group alice',
    'rule %admin',
    'host ',
    'host ',
  ]);
  expect(new Set(found.map((row) => Object.keys(row).join())).size).toBe(1);
  expect(found[0]).toMatchObject({ uid: 1000, groups: 'alice, sudo', from: '192.0.2.7', failedlogins: 2, login: true });
});

test('with extra privacy nothing says who people are or where they come from', () => {
  const hidden = enhancePrivacy({ ...result, elements: { ...elements, accounts: [secretive, alice, orphan] } });
  const text = JSON.stringify(hidden);
  for (const secret of ['alice', 'Alice', 'orphan', 'twin', 'bob', '192.0.2.7']) expect(text).not.toContain(secret);
  expect(hidden.elements?.accounts[0]).toMatchObject({
    uid: 1000,
    groups: ['masked', 'sudo'],
    password: 'hashed',
    keys: 1,
  });
  expect(hidden.elements?.unboundrules?.[0]).toMatchObject({ who: '%admin', runas: 'masked' });
  expect(hidden.errors).toEqual(['1 could not be read, permission denied: /home/masked/.ssh/authorized_keys']);
});
