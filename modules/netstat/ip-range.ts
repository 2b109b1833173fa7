import { parseIp } from '../../src/base/ip-address.ts';

/** An address or a network: its first and last address in hexadecimal (src/base/ip-address.ts). */
export interface IpRange {
  readonly low: string;
  readonly high: string;
}

/** The range that "192.0.2.7", "10.0.0.0/8", "::1" or "2001:db8::/32" means; undefined for anything else. Bits behind the prefix are ignored. */
export function parseRange(text: string): IpRange | undefined {
  const [address = '', length, ...more] = text.split('/');
  const parsed = parseIp(address);
  if (parsed === undefined || more.length > 0) return undefined;
  if (length === undefined) return { low: parsed, high: parsed };
  if (!/^\d{1,3}$/.test(length)) return undefined;
  // A network around mapped IPv4 addresses counts its prefix in 128 bits: ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const isMapped = parsed.length === 8 && address.includes(':');
  if (!isMapped) return rangeOf(parsed, Number(length));
  return Number(length) >= 96
    ? rangeOf(parsed, Number(length) - 96)
    : rangeOf(`${'0'.repeat(20)}ffff${parsed}`, Number(length));
}

function rangeOf(hex: string, prefixBits: number): IpRange | undefined {
  const bits = hex.length * 4;
  if (prefixBits > bits) return undefined;
  const hostMask = (1n << BigInt(bits - prefixBits)) - 1n;
  const value = BigInt(`0x${hex}`);
  const format = (number: bigint): string => number.toString(16).padStart(hex.length, '0');
  return { low: format(value - (value & hostMask)), high: format(value | hostMask) };
}

/** True when the address (hexadecimal) lies in the range. An IPv4 address is in no IPv6 range, ::/0 included. */
export function isInRange(hex: string, { low, high }: IpRange): boolean {
  return hex.length === low.length && hex >= low && hex <= high;
}

/** What is wrong with a typed address or network; undefined when nothing is. */
export function checkRange(text: string): string | undefined {
  if (parseRange(text)) return undefined;
  return `expected an address or a network such as 192.0.2.7, 10.0.0.0/8, ::1 or 2001:db8::/32, got ${JSON.stringify(text.slice(0, 100))}`;
}
