/** A netlink socket for dumps: one request, then as many answers as there are. Source: netlink(7). */
import { openLibrary } from './open-library.ts';
import { createSystemError } from './system-error.ts';

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0x80000;
const MSG_DONTWAIT = 0x40;
const MSG_TRUNC = 0x20;
const EMSGSIZE = 90;
/** The kernel fills at most 32 KiB at once. */
const bufferBytes = 64 * 1024;

export interface NetlinkSocket extends Disposable {
  /** Throws a system error. */
  readonly send: (request: Uint8Array) => void;
  /** The next messages, in a buffer that the next call fills again. The kernel makes them while it is asked: nothing is waited for. Throws a system error. */
  readonly receive: () => Buffer;
}

export type OpenNetlink = (protocol: number) => NetlinkSocket;

/** Opens such sockets; undefined where this host or this Node cannot. */
export function loadNetlink(): OpenNetlink | undefined {
  if (process.platform !== 'linux') return undefined;
  const library = openLibrary({
    socket: { return: 'i32', arguments: ['i32', 'i32', 'i32'] },
    send: { return: 'i32', arguments: ['i32', 'buffer', 'u32', 'i32'] },
    recv: { return: 'i32', arguments: ['i32', 'buffer', 'u32', 'i32'] },
    close: { return: 'i32', arguments: ['i32'] },
  });
  if (!library) return undefined;
  const { call, errno } = library;
  return (protocol) => {
    const file = call.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
    if (file < 0) throw createSystemError('netlink socket', errno());
    const buffer = Buffer.allocUnsafeSlow(bufferBytes);
    return {
      send: (request) => {
        if (call.send(file, request, request.length, 0) < 0) throw createSystemError('netlink send', errno());
      },
      receive: () => {
        const size = call.recv(file, buffer, bufferBytes, MSG_DONTWAIT | MSG_TRUNC);
        if (size < 0) throw createSystemError('netlink recv', errno());
        if (size > bufferBytes) throw createSystemError('netlink recv', EMSGSIZE);
        return buffer.subarray(0, size);
      },
      [Symbol.dispose]: () => void call.close(file),
    };
  };
}
