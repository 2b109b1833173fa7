import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseControlMessages } from '../../../src/native/control-messages.ts';

function message(level: number, type: number, data: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeBigUInt64LE(BigInt(16 + data.length), 0);
  header.writeInt32LE(level, 8);
  header.writeInt32LE(type, 12);
  return Buffer.concat([header, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

const time = Buffer.alloc(16);
time.writeBigInt64LE(1_795_000_000n, 0);
time.writeBigInt64LE(5n, 8);

/** EHOSTUNREACH, of ICMP, type 3 code 1, by 198.51.100.2. */
const unreachable = Buffer.from('7100000002030100000000000000000002000000c63364020000000000000000', 'hex');
/** EACCES, of ICMPv6, type 1 code 0, by 2001:db8:1::2. */
const noRoute = Buffer.from(
  '0d0000000301000000000000000000000a0000000000000020010db800010000000000000000000200000000',
  'hex',
);

test('the time of a packet and the error about another are read side by side', () => {
  const control = Buffer.concat([message(1, 35, time), message(7, 7, Buffer.alloc(3)), message(0, 11, unreachable)]);
  expect(parseControlMessages(control)).toEqual({
    receivedNs: 1_795_000_000_000_000_005n,
    error: { errno: 113, origin: 'icmp', type: 3, code: 1, from: '198.51.100.2' },
  });
  expect(parseControlMessages(message(41, 25, noRoute))).toEqual({
    error: { errno: 13, origin: 'icmp6', type: 1, code: 0, from: '2001:db8:1::2' },
  });
});

test('an error of this host has no sender', () => {
  const local = Buffer.from('5a0000000100000000000000000000000000000000000000', 'hex');
  expect(parseControlMessages(message(0, 11, local)).error).toEqual({
    errno: 90,
    origin: 'local',
    type: 0,
    code: 0,
    from: undefined,
  });
});

test('what is cut short is left out', () => {
  const control = Buffer.concat([message(1, 35, time), message(0, 11, unreachable)]);
  for (let length = 0; length < control.length; length++) {
    const found = parseControlMessages(control.subarray(0, length));
    expect(found.error).toBeUndefined();
    expect(found.receivedNs === undefined).toBe(length < 32);
  }
});

test('any bytes are read to an end without an error', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseControlMessages(Buffer.from(bytes))));
});
