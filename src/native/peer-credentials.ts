import { openLibrary } from './open-library.ts';

/** Who is at the other end of a connected unix socket, as the kernel noted it at connect(2). */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** Of socket(7) on Linux. */
const socketLevel = 1;
const peerCredentials = 17;
const ucredBytes = 12;

/** Undefined where it cannot be known: no Linux, no node:ffi, or no unix socket. */
export function readPeerCredentials(fd: number): PeerCredentials | undefined {
  if (process.platform !== 'linux' || fd < 0) return undefined;
  const library = openLibrary({
    getsockopt: { return: 'int32', arguments: ['int32', 'int32', 'int32', 'pointer', 'pointer'] },
  });
  if (!library) return undefined;
  const { call, addressOf } = library;
  const ucred = Buffer.alloc(ucredBytes);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(ucredBytes);
  const failed = call.getsockopt(fd, socketLevel, peerCredentials, addressOf(ucred), addressOf(length));
  if (failed !== 0 || length.readUInt32LE() !== ucredBytes) return undefined;
  const [pid, uid, gid] = [ucred.readInt32LE(0), ucred.readUInt32LE(4), ucred.readUInt32LE(8)];
  // Any socket has the option: one that is no unix socket answers with pid 0 and uid -1.
  return uid === 0xff_ff_ff_ff ? undefined : { pid, uid, gid };
}
