import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIp } from '../../../src/base/ip-address.ts';
import { checkRange, isInRange, parseRange } from '../../../modules/netstat/ip-range.ts';

const contains = (range: string, address: string): boolean => {
  const parsed = parseRange(range);
  return parsed !== undefined && isInRange(parseIp(address) ?? '', parsed);
};

test.each([
  ['10.0.0.0/8', '10.255.1.2', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.1.2.3/8', '10.9.9.9', true],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7/32', '192.0.2.8', false],
  ['192.0.2.128/25', '192.0.2.127', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', '::1', false],
  ['::/0', '2001:db8::1', true],
  ['::/0', '10.0.0.1', false],
  ['::/0', '::ffff:10.0.0.1', false],
  ['2001:db8::/33', '2001:db8:8000::', false],
  ['2001:db8::/33', '2001:db8:7fff::1', true],
  ['::ffff:10.0.0.0/104', '10.1.2.3', true],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['fe80::%eth0/64', 'fe80::1', true],
  ['fe80::1%2', 'fe80::1', true],
])('%s contains %s: %s', (range, address, expected) => {
  expect(contains(range, address)).toBe(expected);
});

test.each([
  '',
  '/',
  '/8',
  '10.0.0.0/',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '::/129',
  '10.0.0.0/ 8',
  'localhost',
  '10.0.0',
])('%j is refused with an example of what is expected', (text) => {
  expect(checkRange(text)).toBe(
    `expected an address or a network such as 192.0.2.7, 10.0.0.0/8, ::1 or 2001:db8::/32, got ${JSON.stringify(text)}`,
  );
});

test('a long wrong text is not repeated whole', () => {
  expect(checkRange('x'.repeat(1_000_000))?.length).toBeLessThan(250);
});

test('a network contains exactly the addresses that share its prefix', () => {
  const address = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => bytes.join('.'));
  const bitsOf = (text: string): string =>
    text
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  fc.assert(
    fc.property(address, address, fc.nat(32), (network, candidate, prefix) => {
      const same = bitsOf(network).slice(0, prefix) === bitsOf(candidate).slice(0, prefix);
      expect(contains(`${network}/${prefix}`, candidate)).toBe(same);
    }),
  );
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:/%'.split('')) })),
      (text) => void parseRange(text),
    ),
  );
});
