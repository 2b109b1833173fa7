import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Elements } from '../../../modules/sshkey/elements.ts';
import { formatWireStrings, toMpint } from '../../../src/linux/ssh/wire.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { withoutRoot } from '../../helpers/without-root.ts';
import { bareKey, createFakeHost, keyText } from './fake-host.ts';

const ed25519 = bareKey('formats/ed25519.pub');
const fingerprint = 'SHA256:CmjGI2c+MuPBCBekN0XbYzet4RMHQkzPa8RzUcuUysM';

describe('filters', () => {
  test('a fingerprint finds the key wherever it lies, as SHA256 or MD5, also through the .pub beside an encrypted one', async () => {
    using host = createFakeHost(['alice']);
    host.write('home/alice/.ssh/id', keyText('formats/ed25519'));
    host.write('home/alice/.ssh/authorized_keys', `${bareKey('testkey3.pub')}\n${ed25519}\n`);
    host.write('home/alice/.ssh/testkey2', keyText('home/testkey2'));
    host.write('home/alice/.ssh/testkey2.pub', keyText('home/testkey2.pub'));
    const found = async (fingerprints: readonly string[]) =>
      ((await host.search({ fingerprints })).elements.keys ?? []).map(
        ({ path, line }) => `${path.split('/').at(-1)}:${line}`,
      );
    expect((await found([fingerprint])).toSorted()).toEqual(['authorized_keys:2', 'id:1']);
    expect(await found(['54:2B:87:38:36:a7:f0:88:e1:50:86:c3:35:e4:55:a2'])).toEqual(['authorized_keys:1']);
    expect((await found(['o2Mdage8frq9H6zMIrjfhlH/Uhtu98ruICj+pNQjM2s'])).toSorted()).toEqual([
      'testkey2.pub:1',
      'testkey2:1',
    ]);
    expect(await found([`SHA256:${'A'.repeat(43)}`])).toEqual([]);
  });

  test('types and weakness choose; what is found in all is counted', async () => {
    using host = createFakeHost(['alice']);
    host.write('home/alice/id_rsa', keyText('formats/rsa1024'), 0o644);
    host.write('home/alice/id_rsa.pub', keyText('formats/rsa1024.pub'));
    host.write('home/alice/id_good', keyText('formats/ed25519-encrypted'));
    const weak = await host.search({ weak: true });
    expect(weak.elements.keys?.map(({ type, weaknesses }) => [type, weaknesses])).toEqual(
      expect.arrayContaining([
        ['private', ['RSA of 1024 bits, expected at least 2048', 'not encrypted', 'open to everybody (mode 0644)']],
        ['public', ['RSA of 1024 bits, expected at least 2048']],
      ]),
    );
    expect(weak.elements.keys).toHaveLength(2);
    expect(weak.statistics).toMatchObject({ keys: 3, candidates: 3 });
    expect((await host.search({ types: ['public'] })).elements.keys?.map(({ type }) => type)).toEqual(['public']);
  });

  test('known hosts come only when asked for', async () => {
    using host = createFakeHost(['alice']);
    host.write('home/alice/.ssh/known_hosts', `[host.example]:2222,192.0.2.7 ${ed25519} note\nrubbish line\n`);
    expect((await host.search({})).elements.keys).toBeNull();
    const { elements, errors } = await host.search({ knownhosts: true });
    expect(elements.keys).toMatchObject([
      { type: 'knownhost', hosts: ['[host.example]:2222', '192.0.2.7'], fingerprint_sha256: fingerprint },
    ]);
    expect(errors).toEqual([
      `${host.path}/home/alice/.ssh/known_hosts contained unparsable data: 1 line, the first is line 2: expected the name of an algorithm that is known`,
    ]);
  });
});

describe('what cannot be of the types that are asked for', () => {
  const broken = '-----BEGIN RSA PRIVATE KEY-----\nno base64\n-----END RSA PRIVATE KEY-----\n';

  test.each([
    ['authorizedkeys', ['authorized_keys'], ['authorized_keys']],
    ['private', ['id'], ['broken']],
    ['public', ['id.pub'], []],
    ['certificate', [], []],
    ['trustedca', ['ca.pub'], []],
    ['knownhost', ['known_hosts'], ['known_hosts']],
  ])('is neither read nor complained about: %s', async (type, found, complaints) => {
    using host = createFakeHost(['alice']);
    host.write('etc/ssh/sshd_config', `TrustedUserCAKeys ${host.path}/etc/ca.pub\n`);
    host.write('etc/ca.pub', ed25519);
    host.write('home/alice/broken', broken);
    host.write('home/alice/.ssh/authorized_keys', `${ed25519}\nrubbish\n`);
    host.write('home/alice/.ssh/known_hosts', `host.example ${ed25519}\nrubbish\n`);
    host.write('home/alice/.ssh/id', keyText('formats/ed25519'));
    host.write('home/alice/.ssh/id.pub', ed25519);
    const { elements, errors, statistics } = await host.search({ types: [type] });
    expect((elements.keys ?? []).map(({ path }) => path.split('/').at(-1))).toEqual(found);
    expect(errors.map((error) => /\/(\w+) contained/.exec(error)?.[1])).toEqual(complaints);
    expect(statistics.keys).toBeLessThanOrEqual(2);
  });

  test('is not even opened: without root, a closed file that can hold none is no error', async () => {
    using host = createFakeHost(['alice']);
    for (const file of ['etc/passwd', 'etc/group']) chmodSync(join(host.path, file), 0o644);
    for (const folder of ['', 'etc', 'home', 'home/alice', 'home/alice/.ssh'])
      chmodSync(join(host.path, folder), 0o755);
    host.write('home/alice/.ssh/id', keyText('formats/ed25519'), 0o600);
    const closed = host.write('home/alice/.ssh/authorized_keys', ed25519, 0o600);
    const { errors } = await withoutRoot(() => host.search({ types: ['authorizedkeys'] }));
    expect(errors).toEqual([`${closed} could not be read: permission denied`]);
  });
});

describe('weak keys', () => {
  test('an exponent that is too small, or the mark of a bad generator, is a weakness', async () => {
    using host = createFakeHost();
    const rsa = (exponent: number, modulus: Buffer): string =>
      `ssh-rsa ${formatWireStrings(['ssh-rsa', toMpint(Buffer.of(exponent)), toMpint(modulus)]).toString('base64')}\n`;
    // Odd, of 2048 bits, without a factor below 168 but 3 in the second.
    const modulus = Buffer.alloc(256, 0xff);
    host.write('root/keys', `${rsa(1, modulus)}${rsa(2, modulus)}${rsa(3, modulus)}`);
    const { elements } = await host.search({ paths: [join(host.path, 'root')] });
    expect(elements.keys?.map(({ weaknesses }) => weaknesses?.[0])).toEqual([
      'its public exponent is 1, expected an odd number from 3',
      'its public exponent is 2, expected an odd number from 3',
      'its modulus can be divided by 3',
    ]);
    expect(elements.keys?.[2]?.notes).toContain('its public exponent is 3, 65537 is usual');
  });
});

describe('what hosts hold besides keys', () => {
  test('large, empty and endless files, links to nowhere and names that are not UTF-8 do no harm', async () => {
    using host = createFakeHost(['alice']);
    const home = join(host.path, 'home/alice');
    execFileSync('mkfifo', [join(home, 'fifo'), join(home, '.ssh/authorized_keys')]);
    symlinkSync('/nonexistent', join(home, 'nowhere'));
    symlinkSync('loop', join(home, 'loop'));
    symlinkSync('/dev/zero', join(home, 'zero'));
    truncateSync(host.write('home/alice/sparse', ''), 2 ** 40);
    host.write('home/alice/empty', '');
    truncateSync(host.write('home/alice/authorized_keys', ''), 17 * 1024 * 1024);
    const odd = Buffer.concat([Buffer.from(`${home}/`), Buffer.of(0xe9)]);
    mkdirSync(odd);
    writeFileSync(
      Buffer.concat([odd, Buffer.from('/k')]),
      Buffer.concat([Buffer.from(`${ed25519} `), Buffer.of(0xe9, 0x0a)]),
    );
    const { elements, errors } = await host.search({});
    expect(elements.keys).toMatchObject([{ path: `${home}/\udce9/k`, comment: '\udce9', type: 'public' }]);
    expect(errors.toSorted()).toEqual([
      `${home}/.ssh/authorized_keys could not be read: it is no regular file`,
      `${home}/authorized_keys could not be read: it has 17825792 bytes, more than 16777216`,
      expect.stringContaining(`${home}/loop could not be read`),
    ]);
  });

  test('a file of ten thousand keys is read whole, line by line', async () => {
    using host = createFakeHost(['alice']);
    host.write('home/alice/.ssh/authorized_keys', `${ed25519} k\n`.repeat(10_000));
    const { elements, statistics } = await host.search({});
    expect(elements.keys).toHaveLength(10_000);
    expect(elements.keys?.at(-1)?.line).toBe(10_000);
    expect(statistics).toMatchObject({ keys: 10_000, candidates: 1 });
  });

  test('without root what cannot be read is counted and named', async () => {
    using host = createFakeHost(['alice']);
    for (const file of ['etc/passwd', 'etc/group']) chmodSync(join(host.path, file), 0o644);
    host.write('home/alice/.ssh/id', keyText('formats/ed25519'), 0o600);
    host.write('home/bob/key.pub', keyText('formats/ed25519.pub'), 0o644);
    for (const folder of ['', 'etc', 'home', 'home/alice', 'home/alice/.ssh', 'home/bob'])
      chmodSync(join(host.path, folder), 0o755);
    mkdirSync(join(host.path, 'home/closed'));
    chmodSync(join(host.path, 'home/closed'), 0o700);
    const { elements, statistics, errors } = await withoutRoot(() => host.search({}));
    expect(elements.keys?.map(({ path }) => path)).toEqual([join(host.path, 'home/bob/key.pub')]);
    expect(errors.toSorted()).toEqual([
      `${host.path}/home/alice/.ssh/id could not be read: permission denied`,
      `${host.path}/home/closed could not be read: permission denied`,
    ]);
    expect(statistics.unreadable).toBe(2);
  });

  test('a stop returns what was found and says so', async () => {
    using host = createFakeHost(['alice']);
    for (let at = 0; at < 30; at++) host.write(`home/alice/${at}.pub`, keyText('formats/ed25519.pub'));
    const stop = new AbortController();
    const context = createRunContext<Elements>(stop.signal);
    const stopping = { ...context, progress: { ...context.progress, hit: () => stop.abort() } };
    const { elements, errors } = await host.search({}, { ...stopping, hits: [], examined: [] });
    expect(elements.keys?.length).toBe(1);
    expect(errors).toEqual(['stopped before everything was looked at']);
  });

  test('each key is told as it is found, in the shape of the result', async () => {
    using host = createFakeHost(['alice']);
    host.write('home/alice/.ssh/authorized_keys', `${ed25519}\n${ed25519}\n`);
    const context = createRunContext<Elements>();
    const { elements } = await host.search({}, context);
    expect(context.hits).toEqual(elements.keys?.map((item) => ({ keys: [item] })));
    expect(context.examined.at(-1)).toBe(1);
  });
});
