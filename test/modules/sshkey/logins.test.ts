import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runOn } from '../../../modules/sshkey/run.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { bareKey, createFakeHost, keyText } from './fake-host.ts';

const ed25519 = bareKey('formats/ed25519.pub');
const rsa1024 = bareKey('formats/rsa1024.pub');
const authority = bareKey('formats/ecdsa384-pem.pub');

describe('who may log in', () => {
  test('each authorized key names its account, its options and its comment', async () => {
    using host = createFakeHost(['alice', 'bob']);
    const file = host.write(
      'home/alice/.ssh/authorized_keys',
      `# keys\nfrom="10.0.0.0/8,192.0.2.1",restrict,environment="TOKEN=secret" ${ed25519} Zo\u00eb at home\n`,
    );
    host.write('home/bob/.ssh/authorized_keys2', `${rsa1024}\n`);
    const { elements, errors } = await host.search({});
    expect(errors).toEqual([]);
    expect(elements.keys?.map(({ path, logins }) => [path, logins])).toEqual([
      [file, [{ account: 'alice', accepted: true }]],
      [join(host.path, 'home/bob/.ssh/authorized_keys2'), [{ account: 'bob', accepted: true }]],
    ]);
    expect(elements.keys?.[0]).toMatchObject({
      line: 2,
      comment: 'Zo\u00eb at home',
      options: ['from=10.0.0.0/8,192.0.2.1', 'restrict', 'environment=TOKEN=...'],
      algorithm: 'ssh-ed25519',
      bits: 256,
      mode: '-rw-------',
    });
    expect(JSON.stringify(elements)).not.toMatch(/secret|AAAA/);
  });

  test('a file that others may write is not accepted, and why is said', async () => {
    using host = createFakeHost(['alice']);
    const file = host.write('home/alice/.ssh/authorized_keys', ed25519, 0o664);
    const { elements } = await host.search({});
    expect(elements.keys?.[0]?.logins).toEqual([
      {
        account: 'alice',
        accepted: false,
        refusals: ['StrictModes: the file can be written by others (mode 664)'],
      },
    ]);
    chmodSync(file, 0o600);
    chmodSync(join(host.path, 'home/alice'), 0o777);
    const again = await host.search({});
    expect(again.elements.keys?.[0]?.logins?.[0]?.refusals?.join()).toContain('home/alice can be written by others');
  });

  test('the settings of the server decide: other files, Match, users, expiry, a nologin shell', async () => {
    using host = createFakeHost(['alice', 'bob']);
    host.write(
      'etc/ssh/sshd_config',
      `Include conf.d/*.conf\nAuthorizedKeysFile ${host.path}/keys/%u\nStrictModes no\nMatch User bob\nPubkeyAuthentication no\n`,
    );
    host.write('etc/ssh/conf.d/10.conf', `TrustedUserCAKeys ${host.path}/ca.pub\nAuthorizedKeysCommand /bin/keys %u\n`);
    host.write('ca.pub', authority);
    host.write('keys/alice', `expiry-time="20200101" ${ed25519}\n${rsa1024}\n`);
    host.write('keys/bob', `cert-authority ${ed25519}\n`);
    host.write('home/alice/.ssh/authorized_keys', ed25519);
    const { elements } = await host.search({});
    const told = (elements.keys ?? []).map(({ path, type, logins, notes }) => ({
      path: path.slice(host.path.length + 1),
      type,
      logins: logins?.map(({ account, refusals }) => `${account}: ${refusals?.join('; ') ?? 'yes'}`),
      notes: notes?.filter((note) => note.includes('account')),
    }));
    expect(told).toEqual([
      { path: 'ca.pub', type: 'trustedca', logins: undefined, notes: undefined },
      {
        path: 'home/alice/.ssh/authorized_keys',
        type: 'authorizedkeys',
        logins: [],
        notes: ['no account of this host reads this file'],
      },
      { path: 'keys/alice', type: 'authorizedkeys', logins: ['alice: its expiry-time is over'], notes: undefined },
      { path: 'keys/alice', type: 'authorizedkeys', logins: ['alice: yes'], notes: undefined },
      { path: 'keys/bob', type: 'authorizedkeys', logins: ['bob: PubkeyAuthentication is no'], notes: undefined },
    ]);
    expect(elements.server?.map(({ keyword, value, match, line }) => [keyword, value, match, line])).toEqual([
      ['TrustedUserCAKeys', `${host.path}/ca.pub`, undefined, 1],
      ['AuthorizedKeysCommand', '/bin/keys %u', undefined, 2],
      ['AuthorizedKeysFile', `${host.path}/keys/%u`, undefined, 2],
      ['StrictModes', 'no', undefined, 3],
      ['PubkeyAuthentication', 'no', 'user bob', 5],
    ]);
  });

  test('a file that is a link, or lies behind a link, is still read by its account', async () => {
    using host = createFakeHost(['alice']);
    mkdirSync(join(host.path, 'data/alice/.ssh'), { recursive: true });
    const file = host.write('data/alice/.ssh/authorized_keys', ed25519);
    symlinkSync(join(host.path, 'data'), join(host.path, 'root'));
    const { elements } = await host.search({ paths: [join(host.path, 'root')] });
    expect(elements.keys?.map(({ path, logins }) => [path, logins])).toEqual([[file, []]]);
    symlinkSync(file, join(host.path, 'home/alice/.ssh/authorized_keys'));
    const linked = await host.search({ paths: [join(host.path, 'home')] });
    expect(linked.elements.keys?.[0]?.logins).toMatchObject([{ account: 'alice' }]);
  });

  test('many accounts that share one file do not fill the result', async () => {
    const names = Array.from({ length: 150 }, (_, at) => `u${at}`);
    using host = createFakeHost(names);
    host.write('etc/ssh/sshd_config', `AuthorizedKeysFile ${host.path}/shared\nStrictModes no\n`);
    host.write('shared', ed25519);
    const { elements } = await host.search({});
    expect(elements.keys?.[0]?.logins).toHaveLength(100);
    expect(elements.keys?.[0]?.notes).toEqual(['50 more accounts read this file']);
  });
});

describe('where is looked without a path', () => {
  test('homes of accounts elsewhere, of accounts among programs only .ssh, and the folder of the server', async () => {
    using host = createFakeHost();
    const uid = process.getuid?.() ?? 0;
    host.write(
      'etc/passwd',
      `a:x:${uid}:1::${host.path}/var/lib/a:/bin/sh\nbad\nb:x:1:1::relative:/bin/sh\nc:x:2:2::/usr/none:/bin/sh\n`,
    );
    host.write('var/lib/a/deep/down/key', keyText('formats/ed25519'));
    host.write('etc/ssh/ssh_host_rsa_key', keyText('formats/rsa3072'));
    host.write('etc/ssh/ssh_host_rsa_key-cert.pub', keyText('formats/rsa3072-cert.pub'), 0o644);
    const { elements, errors } = await host.search({});
    expect(errors).toEqual([]);
    expect(
      elements.keys?.map(({ path, type, weaknesses, notes }) => [path.split('/').at(-1), type, weaknesses, notes]),
    ).toEqual([
      ['ssh_host_rsa_key', 'private', undefined, ['not encrypted']],
      ['ssh_host_rsa_key-cert.pub', 'certificate', undefined, ['never expires']],
      ['key', 'private', ['not encrypted'], undefined],
    ]);
    expect(elements.server).toBeUndefined();
  });

  test('a host without accounts says that logins are not told', async () => {
    using host = createFakeHost();
    const { errors } = await host.search({ paths: [host.path] });
    expect(errors).toEqual([]);
    const outcome = await runOn({ ...host, passwdFile: '/nonexistent' }, { paths: [host.path] }, createRunContext());
    expect(outcome.errors[0]).toContain('it is not told whom keys let in');
  });
});
