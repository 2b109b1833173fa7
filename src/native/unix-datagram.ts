/** Datagrams to a unix socket, as /dev/log is one: node:dgram has none. Sources: unix(7), sendto(2). Linux, little-endian. */
import { openLibrary } from './open-library.ts';
import { createSystemError } from './system-error.ts';

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const ENOSYS = 38;

const signatures = {
  socket: { return: 'i32', arguments: ['i32', 'i32', 'i32'] },
  sendto: { return: 'i64', arguments: ['i32', 'buffer', 'u64', 'i32', 'buffer', 'u32'] },
  close: { return: 'i32', arguments: ['i32'] },
} as const;

/** Sends one, without waiting. `path` has at most 107 bytes. Throws a system error: ENOENT, ECONNREFUSED (nobody listens), EAGAIN (its queue is full). */
export function sendUnixDatagram(path: string, message: Uint8Array): void {
  const library = process.platform === 'linux' ? openLibrary(signatures) : undefined;
  if (!library) throw createSystemError(path, ENOSYS);
  const { call, errno } = library;
  // struct sockaddr_un: the family and the path, which a NUL ends.
  const address = Buffer.alloc(110);
  address.writeUInt16LE(AF_UNIX, 0);
  const length = address.write(path, 2, 107);
  const file = call.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
  if (file < 0) throw createSystemError('socket', errno());
  try {
    const sent = call.sendto(file, message, BigInt(message.length), MSG_DONTWAIT | MSG_NOSIGNAL, address, length + 3);
    if (sent < 0n) throw createSystemError(path, errno());
  } finally {
    call.close(file);
  }
}
