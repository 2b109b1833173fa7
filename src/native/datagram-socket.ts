/**
 * Sockets for probes that Node does not offer: ICMP, and UDP with the errors that other hosts send back. A socket is connected to one address, never
 * blocks, and tells for each packet when the kernel sent or received it. Linux on a 64-bit little-endian host. Sources: socket(2), recvmsg(2), icmp(7),
 * ip(7), ipv6(7).
 */
import { endianness } from 'node:os';
import { parseControlMessages, type ControlMessages, type PacketError } from './control-messages.ts';
import { openLibrary, type NativeLibrary } from './open-library.ts';
import { AF_INET, AF_INET6, encodeSocketAddress } from './socket-address.ts';
import { createSystemError } from './system-error.ts';

const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SOCK_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
const SOL_SOCKET = 1;
const SO_TIMESTAMPNS = 35;
const MSG_DONTWAIT = 0x40;
const MSG_ERRQUEUE = 0x2000;
const EAGAIN = 11;
const ENODEV = 19;
const EINVAL = 22;
/** sizeof(struct msghdr). */
const headerBytes = 56;

const signatures = {
  socket: { return: 'i32', arguments: ['i32', 'i32', 'i32'] },
  setsockopt: { return: 'i32', arguments: ['i32', 'i32', 'i32', 'buffer', 'u32'] },
  connect: { return: 'i32', arguments: ['i32', 'buffer', 'u32'] },
  send: { return: 'i64', arguments: ['i32', 'buffer', 'u64', 'i32'] },
  recvmsg: { return: 'i64', arguments: ['i32', 'buffer', 'i32'] },
  close: { return: 'i32', arguments: ['i32'] },
  clock_gettime: { return: 'i32', arguments: ['i32', 'buffer'] },
  if_nametoindex: { return: 'u32', arguments: ['string'] },
} as const;
type Library = NativeLibrary<typeof signatures>;

export const protocols = { icmp: 1, udp: 17, icmp6: 58 } as const;

export interface ReceivedPacket {
  /** Raw IPv4: with the IP header. Otherwise from the header of ICMP, or the payload of UDP. */
  readonly bytes: Buffer;
  /** Nanoseconds since 1970. */
  readonly receivedNs: bigint | undefined;
}

export interface FailedPacket {
  /** The packet that failed, as far as the error quotes it, from the header of ICMP or the payload of UDP. */
  readonly bytes: Buffer;
  readonly error: PacketError;
}

export interface DatagramSocket extends Disposable {
  /** Sends; nanoseconds since 1970 directly before. Throws a system error. */
  readonly send: (bytes: Uint8Array) => bigint;
  /** The next packet that has come; undefined when there is none. Throws a system error. */
  readonly receive: () => ReceivedPacket | undefined;
  /** The next error about a packet that was sent; undefined when there is none. */
  readonly receiveError: () => FailedPacket | undefined;
}

export interface DatagramSocketOptions {
  readonly type: 'datagram' | 'raw';
  readonly protocol: keyof typeof protocols;
  /** An IP address; an IPv6 one may have a zone: a name of an interface, or its number. */
  readonly address: string;
  readonly port?: number;
}

/** Opens such sockets; undefined where this host or this Node cannot. */
export function loadDatagramSockets(): ((options: DatagramSocketOptions) => DatagramSocket) | undefined {
  if (process.platform !== 'linux' || endianness() !== 'LE' || !['x64', 'arm64'].includes(process.arch)) {
    return undefined;
  }
  const library = openLibrary(signatures);
  return library && ((options) => openSocket(library, options));
}

/** Throws a system error (EACCES, EPERM where the kernel refuses the type of socket; ENETUNREACH, EHOSTUNREACH without a route). */
function openSocket(library: Library, { type, protocol, address, port = 0 }: DatagramSocketOptions): DatagramSocket {
  const { call, errno } = library;
  const peer = encodeSocketAddress(address, port, readScopeId(library, address));
  if (!peer) throw createSystemError('connect', EINVAL);
  const isIpv6 = peer.length > 16;
  const kind = (type === 'raw' ? SOCK_RAW : SOCK_DGRAM) | SOCK_NONBLOCK_CLOEXEC;
  const file = call.socket(isIpv6 ? AF_INET6 : AF_INET, kind, protocols[protocol]);
  if (file < 0) throw createSystemError('socket', errno());
  const on = Buffer.from([1, 0, 0, 0]);
  call.setsockopt(file, SOL_SOCKET, SO_TIMESTAMPNS, on, on.length);
  call.setsockopt(file, isIpv6 ? 41 : 0, isIpv6 ? 25 : 11, on, on.length);
  if (call.connect(file, peer, peer.length) < 0) {
    const error = createSystemError('connect', errno());
    call.close(file);
    throw error;
  }
  const receiver = createReceiver(library, file);
  return {
    send: (bytes) => {
      const sentNs = readRealTime(library);
      if (call.send(file, bytes, BigInt(bytes.length), MSG_DONTWAIT) < 0n) throw createSystemError('send', errno());
      return sentNs;
    },
    receive: () => {
      const received = receiver(0);
      return received && { bytes: received.bytes, receivedNs: received.control.receivedNs };
    },
    receiveError: () => {
      const received = receiver(MSG_ERRQUEUE);
      return received?.control.error && { bytes: received.bytes, error: received.control.error };
    },
    [Symbol.dispose]: () => void call.close(file),
  };
}

interface Received {
  readonly bytes: Buffer;
  readonly control: ControlMessages;
}

/** recvmsg with one struct msghdr, whose buffers are used again and again. */
function createReceiver({ call, errno, addressOf }: Library, file: number): (flags: number) => Received | undefined {
  const data = Buffer.alloc(4096);
  const control = Buffer.alloc(512);
  // The struct iovec stands behind the struct msghdr in one buffer, so that it lives as long.
  const header = Buffer.alloc(headerBytes + 16);
  header.writeBigUInt64LE(addressOf(data), headerBytes);
  header.writeBigUInt64LE(BigInt(data.length), headerBytes + 8);
  header.writeBigUInt64LE(addressOf(header) + BigInt(headerBytes), 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(addressOf(control), 32);
  return (flags) => {
    header.writeBigUInt64LE(BigInt(control.length), 40);
    const size = Number(call.recvmsg(file, header, flags | MSG_DONTWAIT));
    if (size < 0 && errno() === EAGAIN) return undefined;
    if (size < 0) throw createSystemError('recvmsg', errno());
    const controlBytes = Number(header.readBigUInt64LE(40));
    return {
      bytes: Buffer.from(data.subarray(0, size)),
      control: parseControlMessages(control.subarray(0, controlBytes)),
    };
  };
}

function readRealTime({ call }: Library): bigint {
  const time = Buffer.alloc(16);
  call.clock_gettime(0, time);
  return time.readBigInt64LE(0) * 1_000_000_000n + time.readBigInt64LE(8);
}

function readScopeId({ call }: Library, address: string): number {
  const zone = /%(.+)$/s.exec(address)?.[1];
  if (zone === undefined) return 0;
  const index = /^\d{1,9}$/.test(zone) ? Number(zone) : call.if_nametoindex(zone);
  if (index === 0) throw createSystemError(`interface ${zone}`, ENODEV);
  return index;
}
