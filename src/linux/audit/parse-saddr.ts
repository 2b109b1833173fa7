/** A socket address as audit writes it, in hexadecimal. Pure. Source: linux/socket.h, netinet/in.h, linux/un.h, linux/netlink.h. */
import { endianness } from 'node:os';

/** "inet 192.0.2.7:443", "inet6 [::1]:22", "unix /run/x.sock", "netlink pid 0"; undefined for what is not understood. */
export function parseSaddr(hex: string): string | undefined {
  if (!/^(?:[0-9A-Fa-f]{2}){2,128}$/.test(hex)) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  const family = endianness() === 'LE' ? bytes.readUInt16LE(0) : bytes.readUInt16BE(0);
  if (family === 1) return `unix ${readUnixPath(bytes)}`;
  if (family === 2 && bytes.length >= 8) return `inet ${bytes.subarray(4, 8).join('.')}:${bytes.readUInt16BE(2)}`;
  if (family === 10 && bytes.length >= 24) return `inet6 [${readIpv6(bytes)}]:${bytes.readUInt16BE(2)}`;
  if (family === 16 && bytes.length >= 8) return `netlink pid ${bytes.readUInt32LE(4)}`;
  return undefined;
}

/** An abstract name begins with NUL, which is shown as @. */
function readUnixPath(bytes: Buffer): string {
  const path = bytes.subarray(2);
  if (path.length === 0) return 'unnamed';
  if (path[0] === 0) return path.length > 1 ? `@${path.subarray(1).toString('utf8').replace(/\0+$/, '')}` : 'unnamed';
  const end = path.indexOf(0);
  return path.subarray(0, end < 0 ? path.length : end).toString('utf8');
}

function readIpv6(bytes: Buffer): string {
  const words = Array.from({ length: 8 }, (_, word) => bytes.readUInt16BE(8 + 2 * word).toString(16)).join(':');
  return new URL(`http://[${words}]`).hostname.slice(1, -1);
}
