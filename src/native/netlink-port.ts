/** A netlink socket that is read again and again without ever waiting: answers of the kernel, or what it tells a group. Source: netlink(7), socket(7). */
import { endianness } from 'node:os';
import { openLibrary, type NativeLibrary } from './open-library.ts';
import { createSystemError } from './system-error.ts';

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0x80000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
/** The last of its nine words: messages that were thrown away. */
const dropsAt = 32;
const MSG_DONTWAIT = 0x40;
const MSG_TRUNC = 0x20;
const EAGAIN = 11;
const EINTR = 4;
const EMSGSIZE = 90;
const addressBytes = 12;
const bufferBytes = 64 * 1024;

const signatures = {
  socket: { return: 'i32', arguments: ['i32', 'i32', 'i32'] },
  bind: { return: 'i32', arguments: ['i32', 'buffer', 'u32'] },
  setsockopt: { return: 'i32', arguments: ['i32', 'i32', 'i32', 'buffer', 'u32'] },
  getsockopt: { return: 'i32', arguments: ['i32', 'i32', 'i32', 'buffer', 'buffer'] },
  send: { return: 'i64', arguments: ['i32', 'buffer', 'u64', 'i32'] },
  recvfrom: { return: 'i64', arguments: ['i32', 'pointer', 'u64', 'i32', 'pointer', 'pointer'] },
  close: { return: 'i32', arguments: ['i32'] },
} as const;
type Library = NativeLibrary<typeof signatures>;

export interface NetlinkPort extends Disposable {
  /** Throws a system error. */
  readonly send: (request: Uint8Array) => void;
  /**
   * The next message of the kernel, in a buffer that the next call fills again; undefined when there is none now. What other processes sent is left out.
   * Throws a system error: ENOBUFS says that messages were lost because the buffer was full, and the next call goes on.
   */
  readonly receive: () => Buffer | undefined;
  /** What the kernel granted for messages that wait: it counts its own overhead, too. */
  readonly receiveBufferBytes: number;
  /** Messages that the kernel threw away for this socket since it was opened, modulo 2^32: as /proc/net/netlink has it. */
  readonly drops: () => number;
}

export interface NetlinkPortOptions {
  readonly protocol: number;
  /** Bits of the groups to hear. */
  readonly groups?: number;
  /** Wanted for messages that wait; as much as the host allows without CAP_NET_ADMIN. */
  readonly receiveBufferBytes?: number;
}

export type OpenNetlinkPort = (options: NetlinkPortOptions) => NetlinkPort;

/** Opens such sockets; undefined where this host or this Node cannot. */
export function loadNetlinkPorts(): OpenNetlinkPort | undefined {
  if (process.platform !== 'linux' || endianness() !== 'LE') return undefined;
  const library = openLibrary(signatures);
  return library && ((options) => openPort(library, options));
}

function openPort(library: Library, { protocol, groups = 0, receiveBufferBytes }: NetlinkPortOptions): NetlinkPort {
  const { call, errno, addressOf } = library;
  const file = call.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
  if (file < 0) throw createSystemError('netlink socket', errno());
  const fail = (what: string): never => {
    const error = createSystemError(what, errno());
    call.close(file);
    throw error;
  };
  if (receiveBufferBytes !== undefined) setReceiveBuffer(library, file, receiveBufferBytes);
  const own = Buffer.alloc(addressBytes);
  own.writeUInt16LE(AF_NETLINK, 0);
  own.writeUInt32LE(groups, 8);
  if (call.bind(file, own, own.length) < 0) fail('netlink bind');
  const buffer = Buffer.allocUnsafeSlow(bufferBytes);
  // The address of the sender stands behind the place of its length.
  const sender = Buffer.alloc(4 + addressBytes);
  const [bufferAt, senderAt] = [addressOf(buffer), addressOf(sender)];
  let isOpen = true;
  const receive = (): Buffer | undefined => {
    for (;;) {
      if (!isOpen) return undefined;
      sender.writeUInt32LE(addressBytes, 0);
      const flags = MSG_DONTWAIT | MSG_TRUNC;
      const size = Number(call.recvfrom(file, bufferAt, BigInt(bufferBytes), flags, senderAt + 4n, senderAt));
      if (size < 0) {
        const code = errno();
        if (code === EAGAIN || code === EINTR) return undefined;
        throw createSystemError('netlink recv', code);
      }
      if (size > bufferBytes) throw createSystemError('netlink recv', EMSGSIZE);
      if (sender.readUInt32LE(8) === 0) return buffer.subarray(0, size);
    }
  };
  return {
    send: (request) => {
      if (call.send(file, request, BigInt(request.length), MSG_DONTWAIT) < 0n) {
        throw createSystemError('netlink send', errno());
      }
    },
    receive,
    receiveBufferBytes: readReceiveBuffer(library, file),
    drops: () => (isOpen ? readDrops(library, file) : 0),
    [Symbol.dispose]: () => {
      // A number that was closed may be another file by now.
      if (isOpen) call.close(file);
      isOpen = false;
    },
  };
}

/** Beyond the host's limit with CAP_NET_ADMIN, otherwise up to it. */
function setReceiveBuffer({ call }: Library, file: number, bytes: number): void {
  const wanted = Buffer.alloc(4);
  wanted.writeInt32LE(bytes);
  if (call.setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, wanted, 4) < 0) {
    call.setsockopt(file, SOL_SOCKET, SO_RCVBUF, wanted, 4);
  }
}

function readReceiveBuffer({ call }: Library, file: number): number {
  const granted = Buffer.alloc(4);
  const length = Buffer.from([4, 0, 0, 0]);
  return call.getsockopt(file, SOL_SOCKET, SO_RCVBUF, granted, length) < 0 ? 0 : granted.readInt32LE();
}

function readDrops({ call }: Library, file: number): number {
  const memory = Buffer.alloc(dropsAt + 4);
  const length = Buffer.from([memory.length, 0, 0, 0]);
  return call.getsockopt(file, SOL_SOCKET, SO_MEMINFO, memory, length) < 0 ? 0 : memory.readUInt32LE(dropsAt);
}
