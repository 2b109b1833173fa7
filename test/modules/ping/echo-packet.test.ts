import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEchoRequest, isEchoReply, quotesRequest, stripIpv4Header } from '../../../modules/ping/echo-packet.ts';

const echo = { id: 0x1234, sequence: 2, token: Buffer.from('0123456789abcdef') };
const raw4 = { isIpv6: false, ownId: true };

/** The reply to the request: another type; its checksum is the kernel's business. */
function replyTo(request: Buffer, type = 0): Buffer {
  const reply = Buffer.from(request);
  reply[0] = type;
  return reply;
}

test('a request is what RFC 792 describes, with a checksum that sums up to all ones', () => {
  const request = createEchoRequest(echo, false);
  expect(request.subarray(0, 2).toString('hex')).toBe('0800');
  expect(request.subarray(4, 24).toString('latin1')).toBe('\x12\x34\x00\x020123456789abcdef'.slice(0, 20));
  let sum = 0;
  for (let at = 0; at < request.length; at += 2) sum += request.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  expect(sum).toBe(0xffff);
  expect(createEchoRequest(echo, true).subarray(0, 4).toString('hex')).toBe('80000000');
});

test('its reply is recognised, over IPv4 and IPv6', () => {
  const request = createEchoRequest(echo, false);
  expect(isEchoReply(replyTo(request), echo, raw4)).toBe(true);
  expect(isEchoReply(replyTo(request, 129), echo, { isIpv6: true, ownId: true })).toBe(true);
});

test.each([
  ['our own request, as a raw socket hears it on loopback', (packet: Buffer) => void (packet[0] = 8)],
  ['a destination unreachable', (packet: Buffer) => void (packet[0] = 3)],
  ['the reply to an earlier attempt', (packet: Buffer) => void packet.writeUInt16BE(1, 6)],
  ['the reply to another ping', (packet: Buffer) => void packet.writeUInt16BE(0x1235, 4)],
  ['the reply to another ping of the same numbers', (packet: Buffer) => void (packet[20] = 0)],
])('%s is no reply', (_, change) => {
  const packet = replyTo(createEchoRequest(echo, false));
  change(packet);
  expect(isEchoReply(packet, echo, raw4)).toBe(false);
});

test('the id is the kernel’s own with a datagram socket, and is not compared', () => {
  const packet = replyTo(createEchoRequest(echo, false));
  packet.writeUInt16BE(7, 4);
  expect(isEchoReply(packet, echo, { isIpv6: false, ownId: false })).toBe(true);
});

test('an error that quotes the request is ours, even when it quotes only its header', () => {
  const request = createEchoRequest(echo, false);
  expect(quotesRequest(request, echo, raw4)).toBe(true);
  expect(quotesRequest(request.subarray(0, 8), echo, raw4)).toBe(true);
  expect(quotesRequest(createEchoRequest({ ...echo, sequence: 3 }, false), echo, raw4)).toBe(false);
  expect(quotesRequest(Buffer.alloc(0), echo, raw4)).toBe(false);
});

test('the header of IPv4 is taken off by its own length', () => {
  expect(stripIpv4Header(Buffer.from([0x46, ...Array<number>(23).fill(0), 1, 2]))).toEqual(Buffer.from([1, 2]));
  expect(stripIpv4Header(Buffer.from([0x46, 0]))).toBeUndefined();
  expect(stripIpv4Header(Buffer.alloc(40))).toBeUndefined();
});

test('any bytes are looked at without an error, and are no reply', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const packet = Buffer.from(bytes);
      const inner = stripIpv4Header(packet);
      expect(isEchoReply(inner ?? packet, echo, raw4)).toBe(false);
      quotesRequest(packet, echo, raw4);
    }),
  );
});
