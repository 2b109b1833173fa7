import { formatIp, parseIp } from '../base/ip-address.ts';

export const AF_INET = 2;
export const AF_INET6 = 10;

/**
 * A struct sockaddr_in or sockaddr_in6 of Linux, ip(7) and ipv6(7); the family follows from the address. `scopeId` is the index of the interface that a
 * link-local address belongs to. Undefined when the text is no address; a zone in it is not looked at.
 */
export function encodeSocketAddress(address: string, port: number, scopeId = 0): Buffer | undefined {
  const isIpv6 = address.includes(':');
  const hex = parseIp(address);
  if (hex === undefined) return undefined;
  const bytes = Buffer.alloc(isIpv6 ? 28 : 16);
  bytes.writeUInt16LE(isIpv6 ? AF_INET6 : AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  if (!isIpv6) {
    bytes.write(hex, 4, 'hex');
    return bytes;
  }
  bytes.write(hex.length === 8 ? `${'0'.repeat(20)}ffff${hex}` : hex, 8, 'hex');
  bytes.writeUInt32LE(scopeId, 24);
  return bytes;
}

/** The address in such a struct; undefined for another family, or when it is cut short. */
export function decodeSocketAddress(bytes: Buffer): string | undefined {
  const family = bytes.length < 2 ? 0 : bytes.readUInt16LE(0);
  if (family === AF_INET && bytes.length >= 8) return formatIp(bytes.toString('hex', 4, 8));
  if (family === AF_INET6 && bytes.length >= 24) return formatIp(bytes.toString('hex', 8, 24));
  return undefined;
}
