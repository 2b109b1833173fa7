import { expect, test } from 'vitest';
import type { Elements, KeyItem, Statistics } from '../../../modules/sshkey/elements.ts';
import { enhancePrivacy } from '../../../modules/sshkey/enhance-privacy.ts';
import { printResults, rows } from '../../../modules/sshkey/print-results.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';

const md5 = '54:2b:87:38:36:a7:f0:88:e1:50:86:c3:35:e4:55:a2';
const sha256 = 'SHA256:UsJ5Kts7ELyh19mEf8BIk/U72A6u302hB1s7lhwjBak';
const other = { fingerprint_md5: md5.replace('54', '55'), fingerprint_sha256: sha256.replace('U', 'V') };
const told = { owner: 'alice', mode: '-rw-------', lastmodified: '2026-11-21 01:37:41 +0000 UTC' };

const authorized: KeyItem = {
  fingerprint_md5: md5,
  fingerprint_sha256: sha256,
  path: '/home/alice/.ssh/authorized_keys',
  encrypted: false,
  type: 'authorizedkeys',
  line: 3,
  algorithm: 'ssh-dss',
  bits: 1024,
  comment: 'alice@desk',
  options: ['from=10.0.0.0/8', 'restrict'],
  logins: [
    { account: 'alice', accepted: true, notes: ['its shell is /bin/false: no commands, but forwarding'] },
    { account: 'bob', accepted: false, refusals: ['PubkeyAuthentication is no'] },
  ],
  weaknesses: ['DSA'],
  ...told,
};

const encrypted: KeyItem = {
  fingerprint_md5: '',
  fingerprint_sha256: '',
  path: '/home/alice/.ssh/id_rsa',
  encrypted: true,
  type: 'private',
  line: 1,
  algorithm: 'ssh-rsa',
  format: 'pem',
  cipher: 'AES-128-CBC',
  kdf: 'MD5, 1 round',
  publicfile: {
    path: '/home/alice/.ssh/id_rsa.pub',
    fingerprint_md5: md5,
    fingerprint_sha256: sha256,
    algorithm: 'ssh-rsa',
    bits: 2048,
    comment: 'alice@desk',
  },
  notes: ['its password is stretched by one round of MD5 only'],
  ...told,
};

const certificate: KeyItem = {
  fingerprint_md5: md5,
  fingerprint_sha256: sha256,
  path: '/home/alice/alice-cert.pub',
  encrypted: false,
  type: 'certificate',
  line: 1,
  algorithm: 'ssh-ed25519',
  bits: 256,
  certificate: {
    kind: 'user',
    keyid: 'alice-laptop',
    serial: '7',
    principals: ['alice', 'admin'],
    validafter: 'always',
    validbefore: '2027-01-01T00:00:00Z',
    authority: sha256,
    authorityalgorithm: 'ssh-ed25519',
    signature: 'ssh-ed25519',
    criticaloptions: ['force-command=/bin/date'],
    extensions: ['permit-pty'],
  },
  ...told,
};

const knownHost: KeyItem = {
  fingerprint_md5: md5,
  fingerprint_sha256: sha256,
  path: '/home/alice/.ssh/known_hosts',
  encrypted: false,
  type: 'knownhost',
  line: 2,
  algorithm: 'ssh-ed25519',
  bits: 256,
  hosts: ['host.example'],
  marker: 'revoked',
  ...told,
};

const result: ModuleResult<Elements, Statistics> = {
  foundanything: true,
  success: true,
  elements: {
    keys: [authorized, encrypted, certificate, knownHost],
    server: [{ file: '/etc/ssh/sshd_config', line: 3, keyword: 'AllowUsers', value: 'alice', match: 'group wheel' }],
  },
  statistics: { examined: 9, candidates: 4, keys: 4, unreadable: 1, exectime: '1ms' },
  errors: ['/root could not be read: permission denied'],
};

const hits = [
  `/home/alice/.ssh/authorized_keys [authorizedkeys] md5fp=${md5} sha256fp=${sha256} ssh-dss 1024 bits, line 3, comment 'alice@desk', owner alice, mode -rw-------, options 'from=10.0.0.0/8' 'restrict', opens alice (its shell is /bin/false: no commands, but forwarding), does not open bob: PubkeyAuthentication is no, WEAK: DSA`,
  `/home/alice/.ssh/id_rsa [private] encrypted=true md5fp=unknown sha256fp=unknown ssh-rsa in pem format, cipher AES-128-CBC, kdf MD5, 1 round, owner alice, mode -rw-------, according to /home/alice/.ssh/id_rsa.pub sha256fp=${sha256}, note: its password is stretched by one round of MD5 only`,
  `/home/alice/alice-cert.pub [certificate] md5fp=${md5} sha256fp=${sha256} ssh-ed25519 256 bits, user certificate 'alice-laptop' serial 7 for alice,admin valid from always to 2027-01-01T00:00:00Z signed by ${sha256} with force-command=/bin/date, owner alice, mode -rw-------`,
  `/home/alice/.ssh/known_hosts [knownhost] md5fp=${md5} sha256fp=${sha256} ssh-ed25519 256 bits, line 2, marked revoked, of host host.example, owner alice, mode -rw-------`,
];

test("a key is one line that begins with MIG's", () => {
  expect(printResults(result, { matchOnly: true }).map(({ text }) => text)).toEqual(hits);
});

test('with everything the settings of the server, errors and statistics follow', () => {
  expect(
    printResults(result, { matchOnly: false })
      .slice(hits.length)
      .map(({ tone, text }) => [tone, text]),
  ).toEqual([
    ['quiet', 'sshd: AllowUsers alice (Match group wheel) in /etc/ssh/sshd_config:3'],
    ['error', 'error: /root could not be read: permission denied'],
    ['quiet', 'Statistics: 9 files checked, 4 keys in 4 of them, 1 could not be read, ran in 1ms.'],
  ]);
});

test("MIG's own items print as in MIG", () => {
  const item = { fingerprint_md5: md5, fingerprint_sha256: sha256, path: '/k', encrypted: false, type: 'private' };
  const migResult = { ...result, elements: { keys: [item as unknown as KeyItem] }, statistics: null, errors: null };
  expect(printResults(migResult, { matchOnly: false }).map(({ text }) => text)).toEqual([
    `/k [private] encrypted=false md5fp=${md5} sha256fp=${sha256}`,
  ]);
});

test('a row tells who is let in and who is not, and the fingerprint beside an encrypted key', () => {
  expect(
    rows(result).map(({ type, opens, refused, fingerprint_sha256, encrypted }) => [
      type,
      opens,
      refused,
      fingerprint_sha256,
      encrypted,
    ]),
  ).toEqual([
    ['authorizedkeys', 'alice', 'bob', sha256, null],
    ['private', '', '', sha256, true],
    ['certificate', '', '', sha256, null],
    ['knownhost', '', '', sha256, null],
  ]);
});

test('extra privacy masks who and where, and keeps what the keys are', () => {
  const hidden = enhancePrivacy(result);
  const text = JSON.stringify(hidden);
  expect(text).not.toMatch(/alice|bob|10\.0\.0|host\.example|wheel|\/bin\/date|\/root|SHA256:|54:2b/);
  expect(hidden.elements?.keys?.[1]?.fingerprint_md5).toBe('');
  expect(hidden.elements?.keys?.map(({ path }) => path)).toEqual([
    '/home/masked/.ssh/authorized_keys',
    '/home/masked/.ssh/id_rsa',
    '/home/masked/masked',
    '/home/masked/.ssh/known_hosts',
  ]);
  expect(hidden.elements?.keys?.[0]).toMatchObject({
    fingerprint_md5: 'masked',
    fingerprint_sha256: 'masked',
    options: ['from=masked', 'restrict'],
    logins: [
      { account: 'masked', accepted: true },
      { account: 'masked', accepted: false },
    ],
    weaknesses: ['DSA'],
  });
});

test.each([md5, sha256])('extra privacy leaves the fingerprint %s in clear when it was asked for', (asked) => {
  const { elements } = enhancePrivacy({
    ...result,
    elements: { keys: [authorized, encrypted, { ...authorized, ...other }], fingerprints: [asked] },
  });
  const shown = { fingerprint_md5: md5, fingerprint_sha256: sha256 };
  expect(elements?.keys).toMatchObject([
    { ...shown, comment: 'masked' },
    { fingerprint_sha256: '', publicfile: shown },
    { fingerprint_md5: 'masked', fingerprint_sha256: 'masked' },
  ]);
});

test('the first line of a file of many keys is told, that of a key of its own is not', () => {
  const lineOf = (type: KeyItem['type']): boolean => {
    const item = { ...authorized, line: 1, type };
    const [shown] = printResults({ ...result, elements: { keys: [item] } }, { matchOnly: true });
    return shown?.text.includes(', line 1,') ?? false;
  };
  expect(lineOf('knownhost') && lineOf('authorizedkeys') && lineOf('trustedca')).toBe(true);
  expect(lineOf('public') || lineOf('private')).toBe(false);
});
