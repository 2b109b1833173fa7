/**
 * Files and directories through the C library itself: no object for each entry, no text for a name that nobody wants, no second look at what a
 * directory is. It takes half the time of node:fs for a walk.
 */
import { constants } from 'node:fs';
import { openLibrary } from './open-library.ts';

/** The calls of one thread, all about the path that was set last. Each answers what the system does, or minus its errno. */
export interface FileCalls {
  /** False for what no path may be: longer than PATH_MAX or with a NUL. */
  readonly setPath: (path: string | Uint8Array) => boolean;
  /** The path is now this entry of the directory that `setPath` set last; `names` from `from` to `to`. False where that is longer than any path may be. */
  readonly setName: (names: Uint8Array, from: number, to: number) => boolean;
  /** O_NOATIME for root, who may always leave the time of last access as it was; 0 for others. */
  readonly quietFlag: number;
  /** Opens the path without ever waiting for it; O_CLOEXEC, O_NONBLOCK and O_NOCTTY are added. */
  readonly open: (flags: number) => number;
  readonly close: (fd: number) => void;
  /** Reads on into native memory; see `addressOf`. */
  readonly read: (fd: number, address: bigint, length: number) => number;
  /** lseek(2): the new place, or minus the errno. */
  readonly seek: (fd: number, offset: number, whence: number) => number;
  /** Fills `entries` with struct linux_dirent64 (getdents64(2)); 0 at the end. */
  readonly readEntries: (fd: number) => number;
  readonly entries: Buffer<ArrayBuffer>;
  /** Of what the path leads to, links followed, as node:fs would tell; or minus the errno. */
  readonly stat: () => FileNumbers | number;
  /** The type of the path itself, a link not followed: the bits of S_IFMT; or minus the errno. */
  readonly typeOf: () => number;
  /** Valid as long as the buffer is referenced. */
  readonly addressOf: (buffer: Buffer) => bigint;
}

/** As in fs.Stats. */
export interface FileNumbers {
  readonly mode: number;
  readonly size: number;
  readonly mtimeMs: number;
}

/** PATH_MAX, with the NUL. */
const mostPathBytes = 4096;
const entriesBytes = 1 << 16;
const badAddress = -14;
const closeOnExec = 0o2_000_000;
const fileType = 0o170_000;

/** struct stat(2) of the kernel's two 64-bit architectures that Node is built for: they differ in where the mode stands. */
const modePlaces: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 24, arm64: 16 };
const sizePlace = 48;
const mtimePlace = 88;
const slash = 47;
/** EINTR */
const interrupted = 4;

/** Undefined where this is not 64-bit Linux with a C library that has them all, or where native calls are forbidden: node:fs does the same then. */
export function openFileCalls(): FileCalls | undefined {
  const modePlace = process.platform === 'linux' ? modePlaces[process.arch] : undefined;
  if (modePlace === undefined) return undefined;
  const library = openLibrary({
    open: { return: 'int32', arguments: ['pointer', 'int32'] },
    close: { return: 'int32', arguments: ['int32'] },
    read: { return: 'int32', arguments: ['int32', 'pointer', 'uint32'] },
    lseek: { return: 'int64', arguments: ['int32', 'int64', 'int32'] },
    getdents64: { return: 'int32', arguments: ['int32', 'pointer', 'uint32'] },
    stat: { return: 'int32', arguments: ['pointer', 'pointer'] },
    lstat: { return: 'int32', arguments: ['pointer', 'pointer'] },
  });
  if (library === undefined) return undefined;
  const { call, errno, addressOf } = library;
  const place = createPathPlace();
  const pathAddress = addressOf(place.bytes);
  const entries = Buffer.allocUnsafeSlow(entriesBytes);
  const entriesAddress = addressOf(entries);
  const facts = Buffer.allocUnsafeSlow(256);
  const factsAddress = addressOf(facts);
  const answer = (result: number): number => (result < 0 ? -errno() || badAddress : result);
  /** Signals interrupt the calls of some file systems. */
  const persist = (attempt: () => number): number => {
    for (;;) {
      const result = answer(attempt());
      if (result !== -interrupted) return result;
    }
  };
  const alwaysFlags = closeOnExec | constants.O_NONBLOCK | constants.O_NOCTTY;
  return {
    setPath: place.setPath,
    setName: place.setName,
    entries,
    addressOf,
    // Asked once: it costs as much as opening a file.
    quietFlag: process.geteuid?.() === 0 ? constants.O_NOATIME : 0,
    open: (flags) => persist(() => call.open(pathAddress, flags | alwaysFlags)),
    close: (fd) => void call.close(fd),
    read: (fd, address, length) => persist(() => call.read(fd, address, length)),
    seek: (fd, offset, whence) => {
      const place = Number(call.lseek(fd, BigInt(offset), whence));
      return place < 0 ? answer(place) : place;
    },
    readEntries: (fd) => answer(call.getdents64(fd, entriesAddress, entriesBytes)),
    stat: () => {
      const failed = answer(call.stat(pathAddress, factsAddress));
      return failed < 0 ? failed : readNumbers(facts, modePlace);
    },
    typeOf: () => {
      const failed = answer(call.lstat(pathAddress, factsAddress));
      return failed < 0 ? failed : facts.readUInt32LE(modePlace) & fileType;
    },
  };
}

/** The bytes of a path where the calls find them. */
function createPathPlace() {
  // Room for a text of as many characters as a path has bytes.
  const bytes = Buffer.allocUnsafeSlow(4 * mostPathBytes);
  let directoryEnd = 0;
  const end = (length: number): boolean => {
    const isPath = length < mostPathBytes;
    bytes[isPath ? length : 0] = 0;
    return isPath;
  };
  return {
    bytes,
    setPath: (path: string | Uint8Array): boolean => {
      if (path.length >= mostPathBytes || hasNul(path)) return end(mostPathBytes);
      if (typeof path === 'string') directoryEnd = bytes.write(path);
      else {
        directoryEnd = path.length;
        bytes.set(path);
      }
      return end(directoryEnd);
    },
    setName: (names: Uint8Array, from: number, to: number): boolean => {
      let at = directoryEnd;
      if (bytes[at - 1] !== slash) bytes[at++] = slash;
      if (at + to - from >= mostPathBytes) return end(mostPathBytes);
      for (let read = from; read < to; read++) bytes[at++] = names[read] ?? 0;
      return end(at);
    },
  };
}

function hasNul(path: string | Uint8Array): boolean {
  return typeof path === 'string' ? path.includes('\0') : path.includes(0);
}

function readNumbers(facts: Buffer, modePlace: number): FileNumbers {
  // 64-bit numbers in two halves: a bigint costs more than the call.
  const whole = (at: number): number => facts.readInt32LE(at + 4) * 2 ** 32 + facts.readUInt32LE(at);
  return {
    mode: facts.readUInt32LE(modePlace),
    size: whole(sizePlace),
    mtimeMs: whole(mtimePlace) * 1000 + facts.readUInt32LE(mtimePlace + 8) / 1e6,
  };
}
