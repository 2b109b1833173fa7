import { generateKeyPairSync, generatePrimeSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { findRsaWeakness } from '../../../../src/linux/ssh/find-rsa-weakness.ts';

const toBytes = (number: bigint): Buffer => {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
};
const prime = (bits: number): bigint => generatePrimeSync(bits, { bigint: true });

test('an ordinary modulus has nothing that shows', () => {
  for (const modulusLength of [1024, 2048]) {
    const jwk = generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' });
    expect(findRsaWeakness(Buffer.from(String(jwk.n), 'base64url'))).toBeUndefined();
  }
});

test('a small factor is named', () => {
  expect(findRsaWeakness(toBytes(prime(512) * 131n))).toBe('its modulus can be divided by 131');
  expect(findRsaWeakness(toBytes(prime(512) << 1n))).toBe('its modulus can be divided by 2');
});

test('factors that lie close together are found', () => {
  const p = prime(512);
  // The next number above p without a small factor does as well as a prime.
  let q = p + 2n;
  while ([3n, 5n, 7n, 11n, 13n].some((small) => q % small === 0n)) q += 2n;
  const said = findRsaWeakness(toBytes(p * q));
  expect(said).toMatch(/CVE-2022-26320|can be divided by/);
});

test('the mark of ROCA is seen', () => {
  const primes = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
  ];
  const product = primes.reduce((all, one) => all * BigInt(one), 1n);
  let power = 1n;
  for (let times = 0; times < 12_345; times++) power = (power * 65_537n) % product;
  const modulus = (prime(600) / 2n) * 2n * product + (power % 2n === 1n ? power : power + product);
  expect(findRsaWeakness(toBytes(modulus))).toContain('CVE-2017-15361');
});
