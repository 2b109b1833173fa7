import { decodeSocketAddress } from './socket-address.ts';

const SOL_SOCKET = 1;
const SCM_TIMESTAMPNS = 35;
/** [level, type] of IP_RECVERR and IPV6_RECVERR. */
const errorMessages: readonly (readonly [number, number])[] = [
  [0, 11],
  [41, 25],
];
const origins = ['none', 'local', 'icmp', 'icmp6'] as const;

/** What the kernel's error queue says of a packet that was sent. Source: ip(7) IP_RECVERR, struct sock_extended_err of linux/errqueue.h. */
export interface PacketError {
  readonly errno: number;
  /** local: this host could not send it; icmp, icmp6: another host sent an error back. */
  readonly origin: (typeof origins)[number];
  /** Type and code of the ICMP error. */
  readonly type: number;
  readonly code: number;
  /** Who sent the ICMP error. */
  readonly from: string | undefined;
}

/** What stands beside a received packet. */
export interface ControlMessages {
  /** When the kernel received it, nanoseconds since 1970. */
  readonly receivedNs?: bigint;
  readonly error?: PacketError;
}

const headerBytes = 16;

/** Reads the control messages of recvmsg(2), struct cmsghdr of cmsg(3) on a 64-bit little-endian host. What is cut short or unknown is left out. */
export function parseControlMessages(control: Buffer): ControlMessages {
  let receivedNs: bigint | undefined;
  let error: PacketError | undefined;
  for (let at = 0; at + headerBytes <= control.length;) {
    const length = Number(control.readBigUInt64LE(at));
    if (length < headerBytes || length > control.length - at) break;
    const level = control.readInt32LE(at + 8);
    const type = control.readInt32LE(at + 12);
    const data = control.subarray(at + headerBytes, at + length);
    if (level === SOL_SOCKET && type === SCM_TIMESTAMPNS && data.length >= 16) {
      receivedNs = data.readBigInt64LE(0) * 1_000_000_000n + data.readBigInt64LE(8);
    } else if (errorMessages.some(([wanted, kind]) => wanted === level && kind === type) && data.length >= 16) {
      error = parsePacketError(data);
    }
    at += Math.ceil(length / 8) * 8;
  }
  return { ...(receivedNs === undefined ? {} : { receivedNs }), ...(error === undefined ? {} : { error }) };
}

function parsePacketError(data: Buffer): PacketError {
  return {
    errno: data.readUInt32LE(0),
    origin: origins[data.readUInt8(4)] ?? 'none',
    type: data.readUInt8(5),
    code: data.readUInt8(6),
    from: decodeSocketAddress(data.subarray(16)),
  };
}
