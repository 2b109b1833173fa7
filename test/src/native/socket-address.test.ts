import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSocketAddress, encodeSocketAddress } from '../../../src/native/socket-address.ts';

test.each([
  ['192.0.2.7', 443, 0, '020001bbc00002070000000000000000'],
  ['::1', 53, 0, '0a000035000000000000000000000000000000000000000100000000'],
  ['fe80::1%eth0', 0, 3, '0a00000000000000fe80000000000000000000000000000103000000'],
  ['::ffff:192.0.2.7', 1, 0, '0a0000010000000000000000000000000000ffffc000020700000000'],
])('%s port %i is what the kernel reads', (address, port, scopeId, bytes) => {
  expect(encodeSocketAddress(address, port, scopeId)?.toString('hex')).toBe(bytes);
});

test('an address comes back from its bytes, whatever it was', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(decodeSocketAddress(encodeSocketAddress(address, 0) ?? Buffer.alloc(0))).toBe(address);
    }),
  );
  expect(decodeSocketAddress(encodeSocketAddress('2001:db8::1', 9) ?? Buffer.alloc(0))).toBe('2001:db8::1');
});

test('what is no address has no bytes, and other bytes are no address', () => {
  expect(encodeSocketAddress('localhost', 1)).toBeUndefined();
  expect(decodeSocketAddress(Buffer.alloc(0))).toBeUndefined();
  expect(decodeSocketAddress(Buffer.from('0a000000', 'hex'))).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void decodeSocketAddress(Buffer.from(bytes))));
});
