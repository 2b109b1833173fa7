/** Sockets as the kernel tells them by sock_diag(7), many times faster than it prints /proc/net/tcp. Source: linux/inet_diag.h, linux/netlink.h. */
import { endianness } from 'node:os';
import { socketStates, type Socket } from '../proc/parse-socket.ts';

export const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST_DUMP = 0x301;
const AF_INET = 2;
const AF_INET6 = 10;
const headerBytes = 16;
const messageBytes = 72;
/** States 1 to 12. The kernel knows a 13th, bound without listening, which the tables of /proc do not have. */
const allStates = 0x1fff;

/** True where numbers have the byte order that is read here. */
export const canParseDiagnoses = endianness() === 'LE';

export interface DumpOf {
  readonly protocol: Socket['protocol'];
  readonly family: 4 | 6;
}

/** The request for all sockets of one protocol and family: struct nlmsghdr and struct inet_diag_req_v2. */
export function createDumpRequest({ protocol, family }: DumpOf): Buffer {
  const request = Buffer.alloc(headerBytes + 56);
  request.writeUInt32LE(request.length, 0);
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
  request.writeUInt16LE(NLM_F_REQUEST_DUMP, 6);
  request.writeUInt8(family === 4 ? AF_INET : AF_INET6, headerBytes);
  request.writeUInt8(protocol === 'tcp' ? 6 : 17, headerBytes + 1);
  request.writeUInt32LE(allStates, headerBytes + 4);
  return request;
}

export interface Diagnoses {
  /** more: another receive brings more; end: that was the last; a number: the errno that the kernel refuses with. */
  readonly next: 'more' | 'end' | number;
  /** Messages that were not understood. */
  readonly skipped: number;
}

/** Reads the messages of one receive and calls back with each socket. A damaged message ends the dump, and is counted. */
export function parseDiagnoses(
  bytes: Buffer,
  protocol: Socket['protocol'],
  onSocket: (socket: Socket) => void,
): Diagnoses {
  let skipped = 0;
  for (let at = 0; at + headerBytes <= bytes.length;) {
    const length = bytes.readUInt32LE(at);
    const type = bytes.readUInt16LE(at + 4);
    if (length < headerBytes || length > bytes.length - at) return { next: 'end', skipped: skipped + 1 };
    if (type === NLMSG_DONE || type === NLMSG_ERROR) {
      const errno = length >= headerBytes + 4 ? -bytes.readInt32LE(at + headerBytes) : 0;
      return { next: errno > 0 ? errno : 'end', skipped };
    }
    const socket = length < headerBytes + messageBytes ? undefined : readSocket(bytes, at + headerBytes, protocol);
    if (socket) onSocket(socket);
    else skipped++;
    at += (length + 3) & ~3;
  }
  return { next: bytes.length === 0 ? 'end' : 'more', skipped };
}

/** struct inet_diag_msg. */
function readSocket(bytes: Buffer, at: number, protocol: Socket['protocol']): Socket | undefined {
  const words = bytes[at] === AF_INET ? 1 : bytes[at] === AF_INET6 ? 4 : 0;
  const state = socketStates[(bytes[at + 1] ?? 0) - 1];
  if (words === 0 || state === undefined) return undefined;
  return {
    protocol,
    localAddress: readAddress(bytes, at + 8, words),
    localPort: readPort(bytes, at + 4),
    remoteAddress: readAddress(bytes, at + 24, words),
    remotePort: readPort(bytes, at + 6),
    state,
    uid: bytes.readUInt32LE(at + 64),
    inode: bytes.readUInt32LE(at + 68),
  };
}

function readPort(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function readAddress(bytes: Buffer, at: number, words: number): string {
  if (words === 1) return readWord(bytes, at);
  const address = readWord(bytes, at) + readWord(bytes, at + 4) + readWord(bytes, at + 8) + readWord(bytes, at + 12);
  return address.startsWith('00000000000000000000ffff') ? address.slice(24) : address;
}

function readWord(bytes: Buffer, at: number): string {
  const word = bytes.readUInt32BE(at);
  return word === 0 ? '00000000' : word.toString(16).padStart(8, '0');
}
