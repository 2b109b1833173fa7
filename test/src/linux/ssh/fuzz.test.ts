/** The parsers of keys meet what anybody can write into a file: they answer or throw their own error, in bounded time. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDer } from '../../../../src/linux/ssh/der.ts';
import { findRsaWeakness } from '../../../../src/linux/ssh/find-rsa-weakness.ts';
import { sha256Fingerprint } from '../../../../src/linux/ssh/fingerprint.ts';
import { allKeys, parseKeyFile, type KeyFileKind } from '../../../../src/linux/ssh/parse-key-file.ts';
import { parseKeyLine, parseKeyOptions, parseKnownHostLine } from '../../../../src/linux/ssh/parse-key-line.ts';
import { parsePrivateKey } from '../../../../src/linux/ssh/parse-private-key.ts';
import { parsePublicKey } from '../../../../src/linux/ssh/parse-public-key.ts';
import { parsePuttyKey } from '../../../../src/linux/ssh/parse-putty-key.ts';
import { SshFormatError } from '../../../../src/linux/ssh/ssh-format-error.ts';

const folder = join(import.meta.dirname, '../../../modules/sshkey/testdata/formats');
const samples = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
const kinds: readonly KeyFileKind[] = ['any', 'authorizedkeys', 'knownhosts'];
const labels = ['OPENSSH', 'RSA', 'DSA', 'EC', 'ENCRYPTED']
  .map((word) => `${word} PRIVATE KEY`)
  .concat('PRIVATE KEY', 'X');

/** A sample with some of its bytes changed, and perhaps cut. */
const mutated = fc
  .record({
    sample: fc.constantFrom(...samples),
    changes: fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 6 }),
    cut: fc.option(fc.nat(5000), { freq: 3 }),
  })
  .map(({ sample, changes, cut }) => {
    const bytes = Buffer.from(cut === null ? sample : sample.subarray(0, cut));
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });

function orFormatError(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SshFormatError)) throw error;
  }
}

/** The bytes in base64 between BEGIN and END, and in the line of a public key. */
function bodiesOf(sample: Buffer): Buffer {
  return Buffer.from(/[A-Za-z0-9+/=\n]{60,}/.exec(sample.toString('latin1'))?.[0] ?? '', 'base64');
}

test('any bytes as a file of keys', () => {
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 3000 })), fc.constantFrom(...kinds), (bytes, kind) => {
      const { keys, unparsable } = parseKeyFile(Buffer.from(bytes), { kind, maxKeys: 10, wanted: allKeys });
      expect(keys.length + unparsable.length).toBeLessThanOrEqual(20);
      for (const { line } of keys) expect(line).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test('any bytes inside a private key', () => {
  const body = fc.oneof(
    mutated.map(bodiesOf),
    fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  );
  const damaged = fc.tuple(body, fc.nat(400), fc.nat(255)).map(([bytes, at, value]) => {
    if (at < bytes.length) bytes[at] = value;
    return bytes.toString('base64');
  });
  fc.assert(
    fc.property(fc.constantFrom(...labels), damaged, (label, text) => {
      orFormatError(() => parsePrivateKey(label, text));
    }),
    { numRuns: 400 },
  );
});

test('any bytes as a public key; what is read is the same when read again', () => {
  fc.assert(
    fc.property(mutated, (sample) => {
      orFormatError(() => {
        const key = parsePublicKey(bodiesOf(sample));
        expect(sha256Fingerprint(parsePublicKey(key.blob).blob)).toBe(sha256Fingerprint(key.blob));
      });
    }),
    { numRuns: 300 },
  );
});

test('any text as a line, as options, as a key of PuTTY, any bytes as DER', () => {
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc
      .array(
        fc.constantFrom(
          '"',
          '\\',
          ',',
          '=',
          ' ',
          'a',
          'ssh-rsa',
          'AAAA',
          '\t',
          '@revoked',
          'PuTTY-User-Key-File-3: ',
          '\n',
          'Public-Lines: 9999',
        ),
      )
      .map((words) => words.join('')),
  );
  fc.assert(
    fc.property(text, fc.uint8Array({ maxLength: 200 }), (line, bytes) => {
      for (const parse of [parseKeyLine, parseKnownHostLine, parseKeyOptions, parsePuttyKey])
        orFormatError(() => parse(line));
      orFormatError(() => parseDer(Buffer.from(bytes)));
    }),
    { numRuns: 150 },
  );
});

test.each<[string, KeyFileKind, string]>([
  ['a megabyte of A', 'any', 'A'.repeat(1 << 20)],
  ['a megabyte of AAAA words in one line', 'any', ' AAAA'.repeat(1 << 17)],
  ['many short lines with AAAA', 'any', 'ssh-rsa AAAA\n'.repeat(10_000)],
  ['many beginnings of private keys', 'any', '-----BEGIN RSA PRIVATE KEY-----\n'.repeat(1 << 13)],
  ['many indented beginnings', 'any', '  -----BEGIN OPENSSH PRIVATE KEY-----\nx:\n'.repeat(6000)],
  ['a megabyte of quotes', 'authorizedkeys', '"\\"'.repeat(1 << 18)],
  ['many beginnings of RFC 4716', 'any', '---- BEGIN SSH2 PUBLIC KEY ----\n'.repeat(1 << 13)],
  ['many ends of RFC 4716', 'any', '---- END SSH2 PUBLIC KEY ----\n'.repeat(1 << 13)],
])('%s is passed over at once', (_, kind, text) => {
  const startedMs = performance.now();
  parseKeyFile(Buffer.from(text), { kind, maxKeys: 20_000, wanted: allKeys });
  expect(performance.now() - startedMs).toBeLessThan(2000);
});

test('any modulus is judged without a failure', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      findRsaWeakness(Buffer.from(bytes));
    }),
  );
  expect(findRsaWeakness(Buffer.alloc(100_000, 255))).toBeUndefined();
});
