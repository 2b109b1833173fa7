/** NTP packets of version 4 in client mode. Sources: RFC 5905 (7.3 and 7.4), RFC 4330 (era), RFC 9109 and the data minimisation drafts (random origin). */
import { formatIp } from '../../src/base/ip-address.ts';

const packetBytes = 48;
/** Seconds from 1900, where NTP counts from, to 1970. */
const epochSeconds = 2_208_988_800;
const maxDistanceMs = 16_000;

/**
 * A question. What stands where the client's time belongs is random: it comes back in the answer, and who has not seen the question cannot guess it; the
 * server need not know the time of the client.
 */
export function createRequest(nonce: Uint8Array): Buffer {
  const packet = Buffer.alloc(packetBytes);
  packet.writeUInt8((4 << 3) | 3, 0);
  packet.set(nonce.subarray(0, 8), 40);
  return packet;
}

/** An answer that can be used. Times in milliseconds since 1970. */
export interface Reply {
  readonly stratum: number;
  readonly reference: string;
  /** When the question reached the server, and when the answer left it. */
  readonly receivedMs: number;
  readonly sentMs: number;
  /** How far the server's own time may be off: half its way to the reference clock, and its dispersion. */
  readonly distanceMs: number;
}

export type ParsedReply =
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** It answers the question, but its time must not be used. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** It answers no question of ours: forged, late, or no NTP. */
  | { readonly kind: 'foreign' };

export function parseReply(bytes: Buffer, nonce: Uint8Array): ParsedReply {
  if (bytes.length < packetBytes || !bytes.subarray(24, 32).equals(nonce.subarray(0, 8))) return { kind: 'foreign' };
  const [first = 0, stratum = 0] = bytes;
  const mode = first & 7;
  const version = (first >> 3) & 7;
  if (mode !== 4 || version < 1 || version > 4) return { kind: 'foreign' };
  if (stratum === 0) return unusable(describeKiss(bytes.toString('latin1', 12, 16)));
  if (first >> 6 === 3) return unusable('its clock is not synchronised');
  if (stratum > 15) return unusable(`its stratum ${stratum} means that its clock is not synchronised`);
  const distanceMs = readShort(bytes, 4) / 2 + readShort(bytes, 8);
  if (distanceMs >= maxDistanceMs) return unusable('it is too far from a reference clock');
  const receivedMs = readTimestamp(bytes, 32);
  const sentMs = readTimestamp(bytes, 40);
  if (receivedMs === undefined || sentMs === undefined) return unusable('it tells no time');
  if (sentMs < receivedMs) return unusable('it says that it answered before it was asked');
  return {
    kind: 'reply',
    reply: { stratum, reference: readReference(bytes, stratum), receivedMs, sentMs, distanceMs },
  };
}

function unusable(reason: string): ParsedReply {
  return { kind: 'unusable', reason };
}

/** A "kiss of death", RFC 5905 7.4. */
function describeKiss(code: string): string {
  const known: Readonly<Record<string, string>> = {
    RATE: 'it is asked too often (RATE)',
    DENY: 'it refuses to answer (DENY)',
    RSTR: 'it refuses to answer (RSTR)',
    INIT: 'its clock is not synchronised yet (INIT)',
    STEP: 'its clock was just stepped (STEP)',
  };
  if (Object.hasOwn(known, code)) return known[code] ?? code;
  return /^[A-Z0-9]{1,4}$/i.test(code.replaceAll('\0', ''))
    ? `it refuses to answer (${code.replaceAll('\0', '')})`
    : 'its clock is not synchronised';
}

/** 16 bits of seconds and 16 of fraction, as milliseconds. */
function readShort(bytes: Buffer, at: number): number {
  return (bytes.readUInt32BE(at) / 65_536) * 1000;
}

/** Undefined for zero, which means "not known". A time whose first bit is not set lies in the era that begins in 2036 (RFC 4330). */
function readTimestamp(bytes: Buffer, at: number): number | undefined {
  const seconds = bytes.readUInt32BE(at);
  const fraction = bytes.readUInt32BE(at + 4);
  if (seconds === 0 && fraction === 0) return undefined;
  const era = seconds >= 0x8000_0000 ? 0 : 2 ** 32;
  return (seconds + era - epochSeconds) * 1000 + (fraction / 2 ** 32) * 1000;
}

/** Stratum 1: the name of a clock. Beyond: an IPv4 address, or of an IPv6 server a part of a hash that looks like one. */
function readReference(bytes: Buffer, stratum: number): string {
  const name = bytes.toString('latin1', 12, 16).replace(/\0+$/, '');
  return stratum === 1 && /^[\x20-\x7e]*$/.test(name) ? name : formatIp(bytes.toString('hex', 12, 16));
}
