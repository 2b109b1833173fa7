import * as fc from 'fast-check';
import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import { formatIp, parseIp } from '../../../src/base/ip-address.ts';

test.each([
  ['0.0.0.0', '00000000'],
  ['127.0.0.1', '7f000001'],
  ['255.255.255.255', 'ffffffff'],
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000000000001'],
  ['2001:DB8::8:800:200C:417A', '20010db80000000000080800200c417a'],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['1::', '00010000000000000000000000000000'],
  ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221'],
])('%s is %s', (text, hex) => {
  expect(parseIp(text)).toBe(hex);
});

test('an IPv4 address mapped into IPv6 is that IPv4 address', () => {
  expect(parseIp('::ffff:192.0.2.1')).toBe('c0000201');
  expect(parseIp('::ffff:c000:201')).toBe('c0000201');
  expect(formatIp('00000000000000000000ffffc0000201')).toBe('192.0.2.1');
});

test.each([
  '',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4%eth0',
  ':::',
  '12345::',
  '1:2:3:4:5:6:7',
  'localhost',
  ' ::1',
])('%j is not an address', (text) => {
  expect(parseIp(text)).toBeUndefined();
});

test.each([
  ['7f000001', '127.0.0.1'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['00010000000000000000000000000000', '1::'],
  ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['20010db8000100010001000100000001', '2001:db8:1:1:1:1:0:1'],
])('%s is written %s, the shortest way', (hex, text) => {
  expect(formatIp(hex)).toBe(text);
});

test('every address is read back from how it is written', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 })),
      (bytes) => {
        const hex = Buffer.from(bytes).toString('hex');
        expect(parseIp(formatIp(hex))).toBe(parseIp(formatIp(hex))?.length === 8 ? hex.slice(-8) : hex);
      },
    ),
  );
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4Extended()), (text) => void parseIp(text)));
});

test('what is an address is what node:net takes for one', () => {
  const piece = fc.constantFrom(
    ':',
    '::',
    '0',
    '1f',
    'FFFF',
    '12345',
    '1.2.3.4',
    '01.2.3.4',
    '.',
    '%',
    '%eth0',
    '_',
    'g',
    ' ',
  );
  const made = fc.array(piece, { maxLength: 18 }).map((pieces) => pieces.join(''));
  const groups = fc
    .array(fc.constantFrom('', '0', 'ab', '1.2.3.4'), { minLength: 6, maxLength: 9 })
    .map((parts) => parts.join(':'));
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), fc.ipV4(), made, groups, fc.string()), (text) => {
      expect(parseIp(text) !== undefined).toBe(isIP(text) !== 0);
    }),
    { numRuns: 3000 },
  );
});
