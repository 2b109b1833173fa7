/**
 * IP addresses as lower-case hexadecimal text in network order: 8 digits for IPv4, 32 for IPv6. Two addresses of one family compare as text.
 * An IPv4 address mapped into IPv6 (::ffff:192.0.2.1) is that IPv4 address, as everywhere in Go's net package and so in MIG.
 */
import { isIPv4 } from 'node:net';

const mappedPrefix = '00000000000000000000ffff';

/** The address in hexadecimal; undefined for anything else. A zone ("fe80::1%eth0") is accepted and dropped. */
export function parseIp(text: string): string | undefined {
  if (!text.includes(':')) return isIPv4(text) ? parseDotted(text) : undefined;
  const plain = /^([\da-f:.]+)(?:%[\da-z.:-]+)?$/i.exec(text)?.[1];
  const expanded = plain === undefined ? undefined : expandGroups(plain);
  return expanded === undefined ? undefined : fromMapped(expanded);
}

/** "192.0.2.1" or "2001:db8::1" (RFC 5952) from hexadecimal of 8 or 32 digits. */
export function formatIp(hex: string): string {
  const plain = fromMapped(hex);
  if (plain.length === 8) return splitHex(plain, 2).join('.');
  const groups = splitHex(plain, 4).map((group) => group.toString(16));
  const { at, length } = longestZeroRun(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, at).join(':')}::${groups.slice(at + length).join(':')}`;
}

function splitHex(hex: string, digits: number): readonly number[] {
  return Array.from({ length: hex.length / digits }, (_, at) =>
    Number.parseInt(hex.slice(at * digits, at * digits + digits), 16),
  );
}

function fromMapped(hex: string): string {
  return hex.length === 32 && hex.startsWith(mappedPrefix) ? hex.slice(24) : hex;
}

function parseDotted(text: string): string {
  return text
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('');
}

/** An IPv6 address without a zone (RFC 4291 section 2.2); undefined for anything else. node:net knows too, by an expression that takes 5 ms to compile. */
function expandGroups(text: string): string | undefined {
  const plain = text.includes('.') ? withoutDots(text) : text;
  const [head = '', rest, ...more] = plain?.split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = rest === undefined || rest === '' ? [] : rest.split(':');
  const missing = 8 - before.length - after.length;
  const isWhole = rest === undefined ? missing === 0 : missing > 0 && more.length === 0;
  const groups = [...before, ...after];
  if (!isWhole || !groups.every((group) => /^[\da-fA-F]{1,4}$/.test(group))) return undefined;
  const zeros = Array.from({ length: missing }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.toLowerCase().padStart(4, '0')).join('');
}

/** With groups in place of an IPv4 address at the end. */
function withoutDots(text: string): string | undefined {
  const at = text.lastIndexOf(':') + 1;
  const dotted = text.slice(at);
  if (!isIPv4(dotted)) return undefined;
  const tail = parseDotted(dotted);
  return `${text.slice(0, at)}${tail.slice(0, 4)}:${tail.slice(4)}`;
}

/** The first of the longest runs of zero groups. */
function longestZeroRun(groups: readonly string[]): { readonly at: number; readonly length: number } {
  let best = { at: 0, length: 0 };
  let from = 0;
  groups.forEach((group, index) => {
    if (group !== '0') from = index + 1;
    else if (index + 1 - from > best.length) best = { at: from, length: index + 1 - from };
  });
  return best;
}
