/** ICMP echo requests and replies. Sources: RFC 792, RFC 4443, RFC 1071 (checksum). */

const headerBytes = 8;
export const tokenBytes = 16;

export interface Echo {
  readonly id: number;
  readonly sequence: number;
  /** Random bytes that tell our replies from everyone else's. */
  readonly token: Uint8Array;
}

/** An echo request of one IP family, type 8 or 128. */
export function createEchoRequest({ id, sequence, token }: Echo, isIpv6: boolean): Buffer {
  const packet = Buffer.alloc(headerBytes + 48);
  packet.writeUInt8(isIpv6 ? 128 : 8, 0);
  packet.writeUInt16BE(id, 4);
  packet.writeUInt16BE(sequence & 0xffff, 6);
  packet.set(token, headerBytes);
  // The kernel puts in ICMPv6's, which covers addresses that are not known here.
  if (!isIpv6) packet.writeUInt16BE(checksum(packet), 2);
  return packet;
}

/** True when the packet is the reply to this request: the type, the sequence and the token are compared, and the id where the kernel did not choose it. */
export function isEchoReply(
  packet: Buffer,
  echo: Echo,
  options: { readonly isIpv6: boolean; readonly ownId: boolean },
) {
  return isEcho(packet, echo, options.isIpv6 ? 129 : 0, options.ownId) && hasToken(packet, echo.token);
}

/** True when an ICMP error quotes this request; an error may quote no more than the header. */
export function quotesRequest(
  packet: Buffer,
  echo: Echo,
  options: { readonly isIpv6: boolean; readonly ownId: boolean },
): boolean {
  const quoted = packet.length < headerBytes + tokenBytes || hasToken(packet, echo.token);
  return quoted && isEcho(packet, echo, options.isIpv6 ? 128 : 8, options.ownId);
}

/** What follows the header of an IPv4 packet, undefined when it is none or is cut short. */
export function stripIpv4Header(packet: Buffer): Buffer | undefined {
  const first = packet[0] ?? 0;
  const length = (first & 15) * 4;
  return first >> 4 === 4 && length >= 20 && packet.length >= length ? packet.subarray(length) : undefined;
}

function isEcho(packet: Buffer, { id, sequence }: Echo, type: number, ownId: boolean): boolean {
  return (
    packet.length >= headerBytes &&
    packet[0] === type &&
    packet[1] === 0 &&
    packet.readUInt16BE(6) === (sequence & 0xffff) &&
    (!ownId || packet.readUInt16BE(4) === id)
  );
}

function hasToken(packet: Buffer, token: Uint8Array): boolean {
  return packet.subarray(headerBytes, headerBytes + token.length).equals(token);
}

function checksum(packet: Buffer): number {
  let sum = 0;
  for (let at = 0; at < packet.length; at += 2) sum += packet.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
