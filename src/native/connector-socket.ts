/**
 * A socket of the kernel's connector, netlink(7), that takes many messages with one call, and what its reader needs of its own thread.
 * Linux on a 64-bit little-endian host. Sources: recvmmsg(2), socket(7), prctl(2), setns(2), include/uapi/linux/netlink.h.
 */
import { closeSync, openSync } from 'node:fs';
import { endianness } from 'node:os';
import { openLibrary, type NativeLibrary } from './open-library.ts';
import { createSystemError } from './system-error.ts';

const AF_NETLINK = 16;
const NETLINK_CONNECTOR = 11;
const SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_RCVBUF = 8;
const SO_RCVTIMEO = 20;
const SO_ATTACH_FILTER = 26;
const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
const MSG_DONTWAIT = 0x40;
const MSG_TRUNC = 0x20;
const MSG_WAITFORONE = 0x10000;
const CLONE_NEWNET = 0x40000000;
const PR_SET_NAME = 15;
const PR_GET_NAME = 16;

/** Messages that one call takes at most. */
export const mostMessages = 256;
/** Where a message stands in `words`: its number times this. */
export const wordsPerMessage = 32;
/** What of a message is taken; the address of its sender stands behind it, in the same place. */
const messageBytes = 96;
const slotBytes = wordsPerMessage * Int32Array.BYTES_PER_ELEMENT;
/** struct sockaddr_nl; its nl_pid is the second word. */
const addressBytes = 12;
const senderWord = messageBytes / Int32Array.BYTES_PER_ELEMENT + 1;
/** struct mmsghdr: where its flags and the length of its message stand, in words. */
const headerBytes = 64;
const wordsPerHeader = headerBytes / Int32Array.BYTES_PER_ELEMENT;
const flagsWord = 12;
const lengthWord = 14;
/** Places of SO_MEMINFO: what waits, in bytes as the kernel charges them, and how many messages it threw away. */
const memoryWords = 9;
const chargedWord = 0;
const dropsWord = 8;

const signatures = {
  socket: { return: 'i32', arguments: ['i32', 'i32', 'i32'] },
  bind: { return: 'i32', arguments: ['i32', 'buffer', 'u32'] },
  setsockopt: { return: 'i32', arguments: ['i32', 'i32', 'i32', 'buffer', 'u32'] },
  getsockopt: { return: 'i32', arguments: ['i32', 'i32', 'i32', 'buffer', 'buffer'] },
  send: { return: 'i64', arguments: ['i32', 'buffer', 'u64', 'i32'] },
  recvmmsg: { return: 'i32', arguments: ['i32', 'pointer', 'u32', 'i32', 'pointer'] },
  close: { return: 'i32', arguments: ['i32'] },
  prctl: { return: 'i32', arguments: ['i32', 'buffer'] },
  setns: { return: 'i32', arguments: ['i32', 'i32'] },
  usleep: { return: 'i32', arguments: ['u32'] },
} as const;
type Library = NativeLibrary<typeof signatures>;

export interface ConnectorSocket extends Disposable {
  readonly file: number;
  /** What the kernel granted for messages that wait: it counts its own overhead, too. */
  readonly receiveBufferBytes: number;
  /** The messages of the last `receive`, wordsPerMessage apart. */
  readonly words: Int32Array;
  /** Takes at most so many messages; waits up to 200 ms for the first where it may. How many, or minus the errno: -EAGAIN for none. */
  readonly receive: (most: number, mayWait: boolean) => number;
  /** Bytes of a message; -1 where it was longer than what is taken. */
  readonly lengthAt: (message: number) => number;
  /** The port of its sender: 0 is the kernel. */
  readonly senderAt: (message: number) => number;
  /** Throws a system error: ECONNREFUSED where nobody listens in this network namespace. */
  readonly send: (request: Uint8Array) => void;
  /** Lets pass only what a program of the classic packet filter lets pass: instructions of 8 bytes. Throws a system error. */
  readonly attachFilter: (program: Uint8Array) => void;
  /**
   * Messages that the kernel threw away since the socket was opened, the number that /proc/net/netlink shows as Drops, modulo 2^32; and the bytes that wait.
   * Source: SO_MEMINFO, Linux 4.12, sk_get_meminfo() in net/core/sock.c.
   */
  readonly memory: () => { readonly drops: number; readonly waitingBytes: number };
  /** The errno that the next `receive` would fail with, which it then does not; 0 for none. */
  readonly takeError: () => number;
}

/** The connector, and what depends on the thread that calls. */
export interface ConnectorPort {
  /** A bound socket. Throws a system error. */
  readonly open: (options: ConnectorOptions) => ConnectorSocket;
  /** CLOCK_MONOTONIC, nanoseconds: the clock of the events. */
  readonly nowNs: () => number;
  /** Sleeps. */
  readonly pause: (microseconds: number) => void;
  /** Gives the calling thread the name that it has: the kernel tells that as it tells any change, and has told it when this returns. */
  readonly renameThread: () => void;
  /** Does the work with the calling thread in another network namespace ("/proc/1/ns/net"), and comes back. Throws a system error, or what the work throws. */
  readonly within: <Result>(namespace: string, work: () => Result) => Result;
}

export interface ConnectorOptions {
  /** Bits of the groups to hear: bit 0 is the process connector. */
  readonly groups: number;
  /** Wanted for messages that wait; as much as the host allows without CAP_NET_ADMIN. */
  readonly receiveBufferBytes: number;
}

/** For the calling thread; undefined where this host or this Node cannot. */
export function loadConnector(): ConnectorPort | undefined {
  if (process.platform !== 'linux' || endianness() !== 'LE' || !['x64', 'arm64'].includes(process.arch)) {
    return undefined;
  }
  const library = openLibrary(signatures);
  if (!library) return undefined;
  return {
    open: (options) => openSocket(library, options),
    nowNs: () => Number(process.hrtime.bigint()),
    pause: (microseconds) => void library.call.usleep(microseconds),
    renameThread: () => renameThread(library),
    within: (namespace, work) => runWithin(library, namespace, work),
  };
}

function openSocket(library: Library, { groups, receiveBufferBytes }: ConnectorOptions): ConnectorSocket {
  const { call, errno } = library;
  const file = call.socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_CONNECTOR);
  if (file < 0) throw createSystemError('connector socket', errno());
  try {
    setReceiveBuffer(library, file, receiveBufferBytes);
    // A blocked call cannot be called off: a thread that is to end notices it after this.
    const limit = Buffer.alloc(16);
    limit.writeBigInt64LE(200_000n, 8);
    if (call.setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, limit, 16) < 0) throw createSystemError('setsockopt', errno());
    // Port 0: the kernel chooses one that is free. Another socket of this process may have its process id.
    const own = Buffer.alloc(addressBytes);
    own.writeUInt16LE(AF_NETLINK, 0);
    own.writeUInt32LE(groups, 8);
    if (call.bind(file, own, own.length) < 0) throw createSystemError('connector bind', errno());
    return createSocket(library, file);
  } catch (error) {
    call.close(file);
    throw error;
  }
}

function createSocket(library: Library, file: number): ConnectorSocket {
  const { call, errno } = library;
  const { words, headers, headersAt } = createMessages(library);
  const memory = new Uint32Array(memoryWords);
  let isOpen = true;
  return {
    file,
    receiveBufferBytes: readOption(library, file, SO_RCVBUF),
    words,
    receive: (most, mayWait) => {
      const taken = call.recvmmsg(file, headersAt, most, mayWait ? MSG_WAITFORONE : MSG_DONTWAIT, 0n);
      return taken < 0 ? -errno() : taken;
    },
    lengthAt: (message) => {
      const header = message * wordsPerHeader;
      return ((headers[header + flagsWord] ?? 0) & MSG_TRUNC) === 0 ? (headers[header + lengthWord] ?? -1) : -1;
    },
    senderAt: (message) => words[message * wordsPerMessage + senderWord] ?? -1,
    send: (request) => {
      const sent = call.send(file, request, BigInt(request.length), MSG_DONTWAIT);
      if (sent < 0n) throw createSystemError('connector send', errno());
    },
    attachFilter: (program) => attachFilter(library, file, program),
    memory: () => {
      const length = Buffer.from([memory.byteLength, 0, 0, 0]);
      if (call.getsockopt(file, SOL_SOCKET, SO_MEMINFO, memory, length) < 0) {
        throw createSystemError('getsockopt', errno());
      }
      return { drops: memory[dropsWord] ?? 0, waitingBytes: memory[chargedWord] ?? 0 };
    },
    takeError: () => readOption(library, file, SO_ERROR),
    [Symbol.dispose]: () => {
      // A number that was closed may be another file by now.
      if (isOpen) call.close(file);
      isOpen = false;
    },
  };
}

/** The array of struct mmsghdr with its struct iovec, and room for messages and senders. The two buffers live as long as somebody holds both views. */
function createMessages({ addressOf }: Library) {
  const words = new Int32Array(mostMessages * wordsPerMessage);
  const table = Buffer.from(new ArrayBuffer(mostMessages * (headerBytes + 16)));
  const [wordsAt, headersAt] = [addressOf(words), addressOf(table)];
  for (let message = 0; message < mostMessages; message++) {
    const header = message * headerBytes;
    const vector = mostMessages * headerBytes + message * 16;
    const slotAt = wordsAt + BigInt(message * slotBytes);
    table.writeBigUInt64LE(slotAt + BigInt(messageBytes), header);
    table.writeUInt32LE(addressBytes, header + 8);
    table.writeBigUInt64LE(headersAt + BigInt(vector), header + 16);
    table.writeBigUInt64LE(1n, header + 24);
    table.writeBigUInt64LE(slotAt, vector);
    table.writeBigUInt64LE(BigInt(messageBytes), vector + 8);
  }
  return { words, headers: new Int32Array(table.buffer), headersAt };
}

/** struct sock_fprog; the kernel copies the program. */
function attachFilter({ call, errno, addressOf }: Library, file: number, program: Uint8Array): void {
  const header = Buffer.alloc(16);
  header.writeUInt16LE(program.length / 8, 0);
  header.writeBigUInt64LE(addressOf(program), 8);
  if (call.setsockopt(file, SOL_SOCKET, SO_ATTACH_FILTER, header, header.length) < 0) {
    throw createSystemError('connector filter', errno());
  }
}

/** Beyond the host's limit with CAP_NET_ADMIN, otherwise up to it. */
function setReceiveBuffer({ call }: Library, file: number, bytes: number): void {
  const wanted = Buffer.alloc(4);
  wanted.writeInt32LE(bytes);
  if (call.setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, wanted, 4) < 0) {
    call.setsockopt(file, SOL_SOCKET, SO_RCVBUF, wanted, 4);
  }
}

/** An option of the socket that is a number; 0 where it cannot be read. */
function readOption({ call }: Library, file: number, option: number): number {
  const value = Buffer.alloc(4);
  const length = Buffer.from([4, 0, 0, 0]);
  return call.getsockopt(file, SOL_SOCKET, option, value, length) < 0 ? 0 : value.readInt32LE();
}

function renameThread({ call, errno }: Library): void {
  const name = Buffer.alloc(16);
  if (call.prctl(PR_GET_NAME, name) < 0 || call.prctl(PR_SET_NAME, name) < 0) {
    throw createSystemError('prctl', errno());
  }
}

function runWithin<Result>({ call, errno }: Library, namespace: string, work: () => Result): Result {
  const own = openSync('/proc/thread-self/ns/net', 'r');
  try {
    const other = openSync(namespace, 'r');
    const failed = call.setns(other, CLONE_NEWNET) < 0 ? errno() : 0;
    closeSync(other);
    if (failed !== 0) throw createSystemError(`setns ${namespace}`, failed);
    try {
      return work();
    } finally {
      call.setns(own, CLONE_NEWNET);
    }
  } finally {
    closeSync(own);
  }
}
