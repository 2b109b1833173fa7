import { getSystemErrorMessage, getSystemErrorName } from 'node:util';
import type { PacketError } from '../../src/native/control-messages.ts';
import { messageOf } from '../../src/base/app-error.ts';
import { parseIp } from '../../src/base/ip-address.ts';
import type { Attempt } from './elements.ts';

type Words = readonly (string | undefined)[];

/** RFC 792 and RFC 1812, by code. */
const unreachable4: Words = [
  'network unreachable',
  'host unreachable',
  'protocol unreachable',
  'port unreachable',
  'fragmentation needed',
  'source route failed',
  'network unknown',
  'host unknown',
  undefined,
  'network prohibited',
  'host prohibited',
  'network unreachable for this type of service',
  'host unreachable for this type of service',
  'communication prohibited',
];
/** RFC 4443, by code. */
const unreachable6: Words = [
  'no route to destination',
  'communication prohibited',
  'beyond the scope of the source address',
  'address unreachable',
  'port unreachable',
  'source address failed a policy',
  'route rejected',
];

const refusals = new Set(['protocol unreachable', 'port unreachable']);

/**
 * An ICMP error, or one of this host's own, as what the attempt came to. Only the destination itself can refuse: what a firewall on the way says in
 * its place is that there is no way.
 */
export function describePacketError({ errno, origin, type, code, from }: PacketError, address: string): Attempt {
  const words =
    origin === 'icmp'
      ? describeIcmp4(type, code)
      : origin === 'icmp6'
        ? describeIcmp6(type, code)
        : describeErrno(errno);
  const reason = from === undefined ? words : `${words} (from ${from})`;
  const isDestination = from !== undefined && parseIp(from) === parseIp(address);
  return { outcome: isDestination && refusals.has(words) ? 'refused' : 'unreachable', reason };
}

/** True when the error ends the attempt. A redirect (type 5 of IPv4) or a source quench (4) is advice: the packet went on. */
export function isFinal({ origin, type }: PacketError): boolean {
  return origin !== 'icmp' || type === 3 || type >= 11;
}

function describeIcmp4(type: number, code: number): string {
  if (type === 3) return unreachable4[code] ?? `unreachable, code ${code}`;
  if (type === 11) return code === 1 ? 'fragments came too late' : 'time to live exceeded';
  return type === 12 ? 'parameter problem' : `ICMP error ${type}, code ${code}`;
}

function describeIcmp6(type: number, code: number): string {
  if (type === 1) return unreachable6[code] ?? `unreachable, code ${code}`;
  if (type === 2) return 'packet too big';
  if (type === 3) return code === 1 ? 'fragments came too late' : 'hop limit exceeded';
  return type === 4 ? 'parameter problem' : `ICMPv6 error ${type}, code ${code}`;
}

function describeErrno(errno: number): string {
  return `${getSystemErrorMessage(-errno)}, ${getSystemErrorName(-errno)}`;
}

const noWay = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ENONET']);

/** An error of Node or of a system call as what the attempt came to. */
export function describeSystemError(error: unknown): Attempt {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = messageOf(error);
  if (code === 'ECONNREFUSED') return { outcome: 'refused', reason: 'connection refused' };
  if (code === 'ETIMEDOUT') return { outcome: 'timeout' };
  if (code === 'EHOSTUNREACH') return { outcome: 'unreachable', reason: 'no route to host' };
  if (code === 'ENETUNREACH') return { outcome: 'unreachable', reason: 'network is unreachable' };
  return { outcome: noWay.has(code) ? 'unreachable' : 'error', reason };
}
