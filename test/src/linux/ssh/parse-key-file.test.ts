import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { md5Fingerprint, sha256Fingerprint } from '../../../../src/linux/ssh/fingerprint.ts';
import { allKeys, mayHoldKeys, parseKeyFile } from '../../../../src/linux/ssh/parse-key-file.ts';

const folder = join(import.meta.dirname, '../../../modules/sshkey/testdata');
const readKeys = (name: string) => readFileSync(join(folder, name));
const parse = (text: string | Buffer, kind: 'any' | 'authorizedkeys' | 'knownhosts' = 'any', maxKeys = 100) =>
  parseKeyFile(Buffer.from(text), { kind, maxKeys, wanted: allKeys });

/** Kind, bits, algorithm, fingerprint and comment as `ssh-keygen -l -f FILE` of OpenSSH 9.2 prints them, and how the file is encrypted. */
describe.each([
  ['testkey3', 'private', 1024, 'ssh-dss', 'SHA256:UsJ5Kts7ELyh19mEf8BIk/U72A6u302hB1s7lhwjBak', '', ''],
  ['home/testkey1', 'private', 2048, 'ssh-rsa', 'SHA256:UffWqGTq6Z7dxhwy06wHnJf210aNIc/qRX21w7PQPVM', '', ''],
  ['home/testkey2', 'private', undefined, undefined, undefined, '', 'AES-128-CBC; MD5, 1 round'],
  [
    'formats/rsa1024',
    'private',
    1024,
    'ssh-rsa',
    'SHA256:VRLJ7mvItK7sk8wuIB6eyLkU2DqFj1CZ9eBqKSM3xNI',
    'short@example',
    '',
  ],
  [
    'formats/rsa3072',
    'private',
    3072,
    'ssh-rsa',
    'SHA256:XLKrC8Cq8Mrs54DXt4zAsvZVJeZ6QX8qfsnVy1R18O8',
    'a comment with blanks',
    '',
  ],
  [
    'formats/rsa2048-encrypted',
    'private',
    2048,
    'ssh-rsa',
    'SHA256:AKPjTsXo8+/x3/IRgB5aSOp1Qc1PG7lzmHkzlxiIkJ0',
    '',
    'aes256-ctr; bcrypt, 24 rounds',
  ],
  ['formats/rsa2048-pkcs8', 'private', 2048, 'ssh-rsa', 'SHA256:1iiqQ02c5GOgDGG3WJP3DRpoCEpBr+Rcfl2pByUpTvA', '', ''],
  ['formats/dsa', 'private', 1024, 'ssh-dss', 'SHA256:cF95Oj3S41zEDr4Bnite7ikymnMM3uw5olFwQdYN56k', 'dsa@example', ''],
  [
    'formats/ecdsa256',
    'private',
    256,
    'ecdsa-sha2-nistp256',
    'SHA256:7aQij79AUn6ebTdx+m9KR63E6ZOqjKLBYb/kNTb7OC8',
    'e256',
    '',
  ],
  [
    'formats/ecdsa384-pem',
    'private',
    384,
    'ecdsa-sha2-nistp384',
    'SHA256:ahaCrGGVc88pryrbu7OpuvZ3BEzGLLeAAI9zmIV/8Iw',
    '',
    '',
  ],
  [
    'formats/ecdsa521-pkcs8-encrypted',
    'private',
    undefined,
    undefined,
    undefined,
    '',
    'AES-128-CBC; PBKDF2, 2048 rounds',
  ],
  [
    'formats/ed25519',
    'private',
    256,
    'ssh-ed25519',
    'SHA256:CmjGI2c+MuPBCBekN0XbYzet4RMHQkzPa8RzUcuUysM',
    'Zo\u00c3\u00ab',
    '',
  ],
  [
    'formats/ed25519-encrypted',
    'private',
    256,
    'ssh-ed25519',
    'SHA256:ineOUrKmUfmJSgYilRtGa87KUwbxlfdKfnh2jeXa3Ts',
    '',
    'aes256-ctr; bcrypt, 16 rounds',
  ],
  [
    'formats/sk-ed25519',
    'private',
    256,
    'sk-ssh-ed25519@openssh.com',
    'SHA256:5j6Kn3PI/AMk9/zEWENl5qvWLlrjB+6yaT8w+EpdyHs',
    'on a token',
    '',
  ],
  [
    'testkey3.pub',
    'public',
    1024,
    'ssh-dss',
    'SHA256:UsJ5Kts7ELyh19mEf8BIk/U72A6u302hB1s7lhwjBak',
    'testkey3@example',
    '',
  ],
  [
    'formats/ecdsa384-pem.pub',
    'public',
    384,
    'ecdsa-sha2-nistp384',
    'SHA256:ahaCrGGVc88pryrbu7OpuvZ3BEzGLLeAAI9zmIV/8Iw',
    'e384',
    '',
  ],
  [
    'formats/ecdsa521-pkcs8-encrypted.pub',
    'public',
    521,
    'ecdsa-sha2-nistp521',
    'SHA256:78ixWJGrWrFB32MMXf9WBxqIM6MW5Q2JAk8LMjHYqSE',
    'e521',
    '',
  ],
  [
    'formats/sk-ed25519.pub',
    'public',
    256,
    'sk-ssh-ed25519@openssh.com',
    'SHA256:5j6Kn3PI/AMk9/zEWENl5qvWLlrjB+6yaT8w+EpdyHs',
    'token',
    '',
  ],
  [
    'formats/sk-ecdsa.pub',
    'public',
    256,
    'sk-ecdsa-sha2-nistp256@openssh.com',
    'SHA256:yBXNfljOGcBNxhHL9NieKCgAElQbyl3R5sOWoNb3omo',
    'token',
    '',
  ],
  [
    'formats/rsa2048.ssh2',
    'public',
    2048,
    'ssh-rsa',
    'SHA256:1iiqQ02c5GOgDGG3WJP3DRpoCEpBr+Rcfl2pByUpTvA',
    '2048-bit RSA, converted by root@vm from OpenSSH',
    '',
  ],
  [
    'formats/ecdsa256-cert.pub',
    'public',
    256,
    'ecdsa-sha2-nistp256',
    'SHA256:7aQij79AUn6ebTdx+m9KR63E6ZOqjKLBYb/kNTb7OC8',
    'e256',
    '',
  ],
  [
    'formats/rsa3072-cert.pub',
    'public',
    3072,
    'ssh-rsa',
    'SHA256:XLKrC8Cq8Mrs54DXt4zAsvZVJeZ6QX8qfsnVy1R18O8',
    'a comment with blanks',
    '',
  ],
] as const)('%s', (name, kind, bits, algorithm, fingerprint, comment, encryption) => {
  test('is told as ssh-keygen tells it', () => {
    const { keys, unparsable } = parse(readKeys(name));
    expect(unparsable).toEqual([]);
    expect(keys).toHaveLength(1);
    const [found] = keys;
    if (!found) return;
    const publicKey = found.kind === 'private' ? found.key.publicKey : found.key.key;
    const protection = found.kind === 'private' ? found.key.encryption : undefined;
    expect({
      kind: found.kind,
      bits: publicKey?.bits,
      algorithm: publicKey?.algorithm,
      fingerprint: publicKey && sha256Fingerprint(publicKey.blob),
      comment: found.key.comment,
      encryption: protection ? `${protection.cipher}; ${protection.kdf}` : '',
    }).toEqual({ kind, bits, algorithm, fingerprint, comment, encryption });
  });
});

test('MD5 fingerprints are those of ssh-keygen -E md5', () => {
  const [found] = parse(readKeys('home/testkey1')).keys;
  const key = found?.kind === 'private' ? found.key.publicKey : undefined;
  expect(key && md5Fingerprint(key.blob)).toBe('d2:5c:e8:01:c8:09:65:51:03:9a:4d:3c:91:15:c9:f0');
});

test('the public half of a PKCS#8 key that lacks it is computed', () => {
  // ssh-keygen 9.2 does not read this form; the fingerprint is that of the public key that openssl prints.
  const [found] = parse(readKeys('formats/ed25519-pkcs8.pem')).keys;
  expect(found).toMatchObject({ kind: 'private', key: { format: 'pkcs8', algorithm: 'ssh-ed25519', comment: '' } });
  expect(found?.kind === 'private' && found.key.publicKey?.blob.length).toBe(51);
});

test('a sound key that SSH has no use for is no finding and no problem', () => {
  expect(parse(readKeys('formats/x25519-pkcs8.pem'))).toEqual({ keys: [], unparsable: [], isCut: false });
});

test('a certificate is told with all it says', () => {
  const [found] = parse(readKeys('formats/ecdsa256-cert.pub')).keys;
  expect(found?.kind === 'public' && found.key.key.certificate).toMatchObject({
    kind: 'user',
    serial: 7n,
    keyId: 'alice-laptop',
    principals: ['alice', 'admin'],
    validAfter: 1767225600n,
    validBefore: 1798761600n,
    criticalOptions: [
      { name: 'force-command', value: '/bin/date' },
      { name: 'source-address', value: '10.0.0.0/8' },
    ],
    signatureAlgorithm: 'ssh-ed25519',
  });
});

describe('where keys stand', () => {
  const plain = readKeys('formats/ed25519').toString();
  const publicLine = readKeys('formats/ed25519.pub').toString();

  test('text before and after, indentation and line ends of Windows do no harm', () => {
    const yaml = `key: |\n${plain.replace(/^(?=.)/gm, '    ')}other: 1\n`;
    expect(parse(yaml).keys).toMatchObject([{ kind: 'private', line: 2 }]);
    expect(parse(plain.replaceAll('\n', '\r\n')).keys).toHaveLength(1);
    expect(parse(`# a note\n\n${publicLine}`).keys).toMatchObject([{ kind: 'public', line: 3 }]);
  });

  test('several keys of a file come in its order', () => {
    const { keys } = parse(`${publicLine}${plain}${readKeys('home/testkey1').toString()}${publicLine}`);
    expect(keys.map(({ kind, line }) => [kind, line])).toEqual([
      ['public', 1],
      ['private', 2],
      ['private', 9],
      ['public', 36],
    ]);
  });

  test('a key in the middle of a line, in code or behind a comment sign is none', () => {
    expect(parse(`"${publicLine.trim()}"\nx = "-----BEGIN RSA PRIVATE KEY-----"\n# ${publicLine}`).keys).toEqual([]);
  });

  test('a private key without its end, or damaged, is told as unparsable', () => {
    const damaged = plain.replace('b3BlbnNzaC1rZXktdjE', 'b3BlbnNzaC1rZXktdjI');
    expect(parse(plain.slice(0, 200)).unparsable).toEqual([{ line: 1, reason: 'its end is missing' }]);
    expect(parse(`\n${damaged}`).unparsable).toEqual([
      { line: 2, reason: 'expected the mark openssh-key-v1 at its beginning' },
    ]);
  });

  test('of authorized keys every line that is no comment must be a key', () => {
    const { keys, unparsable } = parse(
      `# mine\n\n${publicLine}rubbish\nssh-rsa AAAA x\n${publicLine}`,
      'authorizedkeys',
    );
    expect(keys.map(({ line }) => line)).toEqual([3, 6]);
    expect(unparsable).toEqual([
      { line: 4, reason: 'expected a key, got a single word' },
      { line: 5, reason: 'the data ends in the middle of a field' },
    ]);
  });

  test('known hosts are told with their names and marks', () => {
    const text = `|1|c2FsdA==|aGFzaA== ${publicLine}@revoked *.example,!a.example ${publicLine}@cert-authority * ${publicLine}`;
    expect(parse(text, 'knownhosts').keys.map(({ key }) => key)).toMatchObject([
      { hosts: ['|1|c2FsdA==|aGFzaA=='], marker: undefined },
      { hosts: ['*.example', '!a.example'], marker: 'revoked' },
      { hosts: ['*'], marker: 'cert-authority' },
    ]);
  });

  test('no more keys are parsed than asked for', () => {
    expect(parse(publicLine.repeat(5), 'any', 3)).toMatchObject({ keys: { length: 3 }, isCut: true });
  });
});

test('a key of PuTTY is told by its public half', () => {
  const blob = readKeys('formats/ed25519.pub').toString().split(' ')[1] ?? '';
  const ppk = [
    'PuTTY-User-Key-File-3: ssh-ed25519',
    'Encryption: aes256-cbc',
    'Comment: desk',
    'Public-Lines: 2',
    blob.slice(0, 64),
    blob.slice(64),
    'Key-Derivation: Argon2id',
    'Argon2-Memory: 8192',
    'Argon2-Passes: 21',
    'Private-Lines: 1',
    'AAAA',
    'Private-MAC: 00',
    '',
  ].join('\r\n');
  expect(mayHoldKeys(Buffer.from(ppk))).toBe(true);
  expect(parse(ppk).keys).toMatchObject([
    {
      kind: 'private',
      line: 1,
      key: {
        format: 'putty',
        algorithm: 'ssh-ed25519',
        comment: 'desk',
        encryption: { cipher: 'aes256-cbc', kdf: 'Argon2id, 21 passes' },
      },
    },
  ]);
});

test('the quick look passes every file that holds a key', () => {
  for (const name of [
    'testkey3',
    'home/testkey2',
    'home/authorized_keys',
    'formats/rsa2048.ssh2',
    'formats/sk-ed25519',
  ])
    expect(mayHoldKeys(readKeys(name))).toBe(true);
  expect(mayHoldKeys(readKeys('home/notakey'))).toBe(false);
});
