/** The table of MIG's sshkey tests, on keys of our own with the same facts; fingerprints as ssh-keygen 9.2 prints them. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Elements, KeyItem } from '../../../modules/sshkey/elements.ts';
import { sshkey } from '../../../modules/sshkey/index.ts';
import { run } from '../../../modules/sshkey/run.ts';
import type { Params } from '../../../modules/sshkey/params.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createRunContext } from '../../helpers/run-context.ts';

const testdata = join(import.meta.dirname, 'testdata');
const search = (parameters: unknown) =>
  run(validateParameters(sshkey.params, parameters) as Params, createRunContext<Elements>());
const keysAt = async (path: string): Promise<readonly KeyItem[]> =>
  (await search({ paths: [join(testdata, path)], maxdepth: 8 })).elements.keys ?? [];

/** MIG's part of the folder; `formats` beside it holds what MIG does not find. */
const migFiles = (keys: readonly KeyItem[] | null) => (keys ?? []).filter(({ path }) => !path.includes('/formats/'));

test('a run on testdata with depth 3 finds 8 keys', async () => {
  const { elements, foundAnything, errors } = await search({ paths: [testdata], maxdepth: 3 });
  expect(migFiles(elements.keys)).toHaveLength(8);
  expect([foundAnything, errors]).toEqual([true, []]);
});

test('seven files hold keys; depth 1 holds only those of the folder itself', async () => {
  const paths = async (maxdepth: number): Promise<number> =>
    new Set(migFiles((await search({ paths: [testdata], maxdepth })).elements.keys).map(({ path }) => path)).size;
  expect(await paths(2)).toBe(7);
  expect(await paths(1)).toBe(2);
  expect(await paths(0)).toBe(7);
});

test('a missing path finds nothing; that it is missing is told, which MIG swallows', async () => {
  expect(await search({ paths: ['/nonexist'], maxdepth: 2 })).toMatchObject({
    foundAnything: false,
    elements: { keys: null },
    statistics: { examined: 0, candidates: 0, keys: 0, unreadable: 1 },
    errors: ['/nonexist could not be read: no such file or directory'],
  });
});

test.each([
  ['home/testkey1', 'private', false, 'd2:5c:e8:01:c8:09:65:51:03:9a:4d:3c:91:15:c9:f0'],
  ['testkey3', 'private', false, '54:2b:87:38:36:a7:f0:88:e1:50:86:c3:35:e4:55:a2'],
  ['testkey3.pub', 'public', false, '54:2b:87:38:36:a7:f0:88:e1:50:86:c3:35:e4:55:a2'],
  ['home/testkey2', 'private', true, ''],
  ['home/testkey2.pub', 'public', false, '06:68:c3:0b:d3:57:91:b9:2c:b2:74:61:be:e0:0a:16'],
])('%s is one key of type %s', async (path, type, encrypted, fingerprint) => {
  expect(await keysAt(path)).toMatchObject([
    { path: join(testdata, path), type, encrypted, fingerprint_md5: fingerprint },
  ]);
});

test('authorized_keys holds two keys, the second is that of testkey2.pub', async () => {
  const keys = await keysAt('home/authorized_keys');
  expect(keys).toHaveLength(2);
  expect(keys[1]).toMatchObject({
    type: 'authorizedkeys',
    line: 2,
    fingerprint_md5: '06:68:c3:0b:d3:57:91:b9:2c:b2:74:61:be:e0:0a:16',
    fingerprint_sha256: 'SHA256:o2Mdage8frq9H6zMIrjfhlH/Uhtu98ruICj+pNQjM2s',
  });
});

test('notakey holds none', async () => {
  expect(await keysAt('home/notakey')).toEqual([]);
});

test('the public file beside an encrypted PEM key is told apart from what the key itself tells', async () => {
  expect(await keysAt('home/testkey2')).toMatchObject([
    {
      fingerprint_md5: '',
      fingerprint_sha256: '',
      cipher: 'AES-128-CBC',
      publicfile: {
        path: join(testdata, 'home/testkey2.pub'),
        fingerprint_sha256: 'SHA256:o2Mdage8frq9H6zMIrjfhlH/Uhtu98ruICj+pNQjM2s',
        algorithm: 'ssh-rsa',
        bits: 2048,
        comment: 'testkey2@example',
      },
    },
  ]);
});

test('what MIG does not find is found: every format and algorithm', async () => {
  const kinds = (await keysAt('formats')).map(({ type, algorithm, encrypted }) => `${type} ${algorithm} ${encrypted}`);
  expect(new Set(kinds)).toEqual(
    new Set([
      'private ssh-rsa false',
      'private ssh-rsa true',
      'private ssh-dss false',
      'private ecdsa-sha2-nistp256 false',
      'private ecdsa-sha2-nistp384 false',
      'private undefined true',
      'private ssh-ed25519 false',
      'private ssh-ed25519 true',
      'private sk-ssh-ed25519@openssh.com false',
      'public ssh-rsa false',
      'public ssh-dss false',
      'public ecdsa-sha2-nistp256 false',
      'public ecdsa-sha2-nistp384 false',
      'public ecdsa-sha2-nistp521 false',
      'public ssh-ed25519 false',
      'public sk-ssh-ed25519@openssh.com false',
      'public sk-ecdsa-sha2-nistp256@openssh.com false',
      'certificate ecdsa-sha2-nistp256 false',
      'certificate ssh-rsa false',
    ]),
  );
});
