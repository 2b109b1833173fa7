import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { openLibrary } from '../../src/native/open-library.ts';

/** A socket of the kernel's connector that a process has open. */
export interface OpenConnectorSocket {
  readonly file: number;
  /** Its port, and the messages that it lost, as /proc/net/netlink has them. */
  readonly port: number;
  readonly drops: number;
}

const connectorProtocol = '11';

export function findConnectorSockets(pid: number | 'self' = 'self'): readonly OpenConnectorSocket[] {
  const [, ...lines] = readFileSync(`/proc/${pid}/net/netlink`, 'latin1').trim().split('\n');
  const sockets = new Map(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter(([, protocol]) => protocol === connectorProtocol)
      .map((fields) => [`socket:[${fields[9]}]`, { port: Number(fields[2]), drops: Number(fields[8]) }]),
  );
  return listFiles(pid).flatMap(({ file, target }) => {
    const socket = sockets.get(target);
    return socket ? [{ file, ...socket }] : [];
  });
}

/** The open files of a process, by number. */
export function listFiles(
  pid: number | 'self' = 'self',
): readonly { readonly file: number; readonly target: string }[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [{ file: Number(name), target: readlinkSync(`/proc/${pid}/fd/${name}`) }];
    } catch {
      // The one that the folder was read with.
      return [];
    }
  });
}

/** What goes wrong with sockets, done to them from outside. */
export function loadSabotage(): {
  /** Puts /dev/null in the place of an open file. */
  readonly replace: (file: number) => void;
  /** Sends over an open socket of netlink; to the kernel, or to the socket with a port. */
  readonly send: (file: number, message: Uint8Array, port?: number) => void;
} {
  const library = openLibrary({
    open: { return: 'i32', arguments: ['buffer', 'i32'] },
    dup3: { return: 'i32', arguments: ['i32', 'i32', 'i32'] },
    close: { return: 'i32', arguments: ['i32'] },
    sendto: { return: 'i64', arguments: ['i32', 'buffer', 'u64', 'i32', 'buffer', 'u32'] },
  });
  if (!library) throw new Error('expected node:ffi, got none');
  const { call, errno } = library;
  return {
    replace: (file) => {
      const nothing = call.open(Buffer.from('/dev/null\0'), 0);
      if (call.dup3(nothing, file, 0o2_000_000) < 0) throw new Error(`dup3 failed with ${errno()}`);
      call.close(nothing);
    },
    send: (file, message, port = 0) => {
      const address = Buffer.alloc(12);
      address.writeUInt16LE(16, 0);
      address.writeUInt32LE(port, 4);
      if (call.sendto(file, message, BigInt(message.length), 0, address, 12) < 0n) {
        throw new Error(`sendto failed with ${errno()}`);
      }
    },
  };
}
