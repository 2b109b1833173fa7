/**
 * The kernel's notices of changes on whole file systems, with the process that made them. Source: fanotify(7), fanotify_init(2), fanotify_mark(2).
 * One thread opens it and waits for it: nothing here may be used by another.
 */
import { constants } from 'node:fs';
import { openLibrary } from './open-library.ts';
import { createSystemError } from './system-error.ts';

/** What woke a wait. */
export interface Woken {
  readonly hasEvents: boolean;
  /** Something was mounted or unmounted since the last wait. */
  readonly hasMountNews: boolean;
}

export interface Fanotify {
  /** Hears of the whole file system on which the path lies, wherever it is mounted. 0, or minus the errno. */
  readonly mark: (path: string) => number;
  /** Fills the buffer with whole events; 0 where none wait. Opens a pidfd for each process that still lives. Throws a system error. */
  readonly read: (buffer: Buffer) => number;
  /** Waits, blocking the thread, until there are events or news of mounts, or the time is over. Throws a system error. */
  readonly wait: (limitMs: number) => Woken;
  readonly close: () => void;
}

/** What is asked of the descriptors that events bring, and of the handles in them. */
export interface HandleCalls {
  /** An O_PATH descriptor of what a struct file_handle leads to, through any descriptor of its file system; or minus the errno. */
  readonly openHandle: (mountFile: number, handle: Buffer) => number;
  /** A descriptor of a directory to reach others through, or minus the errno. Paths are latin1, one character a byte. */
  readonly openFolder: (path: string) => number;
  /** f_fsid of statfs(2) as in events, 8 bytes as latin1; undefined where it cannot be asked. */
  readonly fileSystemId: (path: string) => string | undefined;
  /** True while the process of the pidfd has not been waited for. */
  readonly isThere: (pidfd: number) => boolean;
  /** True where each process has a pidfd inode of its own, for ever (Linux 6.9). */
  readonly isNumbered: (pidfd: number) => boolean;
  readonly closeAll: (files: readonly number[]) => void;
}

const closeOnExec = 0x1;
const nonBlocking = 0x2;
/** FAN_REPORT_PIDFD, FID, DIR_FID, NAME and TARGET_FID: who, what, in which directory, by which name. */
const report = 0x80 | 0x200 | 0x400 | 0x800 | 0x1000;
/** FAN_MODIFY, CLOSE_WRITE, CREATE, DELETE, OPEN_EXEC, RENAME; FAN_ONDIR: of directories, too. */
const mask = 0x2n | 0x8n | 0x100n | 0x200n | 0x1000n | 0x1000_0000n | 0x4000_0000n;
const addFileSystem = 0x1 | 0x100;
const currentFolder = -100;
const again = 11;
const interrupted = 4;
const pollIn = 0x1;
const pollPriority = 0x2;
const statfsBytes = 256;
const fsidPlace = 56;
/** PID_FS_MAGIC of linux/magic.h. */
const pidfsMagic = 0x5049_4446;

function openCalls() {
  if (process.platform !== 'linux') return undefined;
  return openLibrary({
    fanotify_init: { return: 'i32', arguments: ['u32', 'u32'] },
    fanotify_mark: { return: 'i32', arguments: ['i32', 'u32', 'u64', 'i32', 'buffer'] },
    read: { return: 'i64', arguments: ['i32', 'pointer', 'u64'] },
    poll: { return: 'i32', arguments: ['pointer', 'u64', 'i32'] },
    open: { return: 'i32', arguments: ['buffer', 'i32'] },
    close: { return: 'i32', arguments: ['i32'] },
    open_by_handle_at: { return: 'i32', arguments: ['i32', 'buffer', 'i32'] },
    statfs: { return: 'i32', arguments: ['buffer', 'buffer'] },
    fstatfs: { return: 'i32', arguments: ['i32', 'buffer'] },
    pidfd_send_signal: { return: 'i32', arguments: ['i32', 'i32', 'pointer', 'u32'] },
  });
}

/** Opens a group, and the calls beside it; undefined where this host or this Node has none of them. Throws a system error (EPERM: no CAP_SYS_ADMIN; EINVAL: before Linux 5.17). */
export function openFanotify(): { readonly group: Fanotify; readonly calls: HandleCalls } | undefined {
  const library = openCalls();
  if (!library) return undefined;
  const { call, errno } = library;
  const file = call.fanotify_init(closeOnExec | nonBlocking | report, constants.O_RDONLY | 0x8_0000);
  if (file < 0) throw createSystemError('fanotify_init', errno());
  return { group: createGroup(library, file), calls: createHandleCalls(library) };
}

type Library = NonNullable<ReturnType<typeof openCalls>>;

function createGroup({ call, errno, addressOf }: Library, file: number): Fanotify {
  const mounts = call.open(endWithNul('/proc/self/mountinfo'), constants.O_RDONLY | 0x8_0000);
  // struct pollfd: descriptor, wanted and found events. A negative descriptor is passed over.
  const polled = Buffer.alloc(16);
  polled.writeInt32LE(file, 0);
  polled.writeInt16LE(pollIn, 4);
  polled.writeInt32LE(mounts, 8);
  polled.writeInt16LE(pollPriority, 12);
  const polledAddress = addressOf(polled);
  return {
    mark: (path) =>
      call.fanotify_mark(file, addFileSystem, mask, currentFolder, endWithNul(path)) < 0 ? -(errno() || 1) : 0,
    read: (buffer) => {
      for (;;) {
        const size = Number(call.read(file, addressOf(buffer), BigInt(buffer.length)));
        if (size >= 0) return size;
        const failed = errno();
        if (failed === again) return 0;
        if (failed !== interrupted) throw createSystemError('fanotify read', failed);
      }
    },
    wait: (limitMs) => {
      const found = call.poll(polledAddress, 2n, limitMs);
      if (found < 0 && errno() !== interrupted) throw createSystemError('fanotify poll', errno());
      if (found <= 0) return { hasEvents: false, hasMountNews: false };
      return { hasEvents: polled.readInt16LE(6) !== 0, hasMountNews: polled.readInt16LE(14) !== 0 };
    },
    close: () => {
      call.close(file);
      if (mounts >= 0) call.close(mounts);
    },
  };
}

function createHandleCalls({ call, errno }: Library): HandleCalls {
  const facts = Buffer.alloc(statfsBytes);
  const answer = (result: number): number => (result < 0 ? -(errno() || 1) : result);
  // O_PATH looks at nothing but the place: no device is opened, no time of access changed, nobody's lease broken.
  const path = 0o10_000_000 | constants.O_DIRECTORY | 0x8_0000;
  // open_by_handle_at(2) takes none with O_PATH for the mount.
  const mount = constants.O_DIRECTORY | constants.O_NONBLOCK | 0x8_0000;
  return {
    openHandle: (mountFile, handle) => answer(call.open_by_handle_at(mountFile, handle, path)),
    openFolder: (folder) => answer(call.open(endWithNul(folder), mount)),
    fileSystemId: (folder) =>
      call.statfs(endWithNul(folder), facts) < 0 ? undefined : facts.toString('latin1', fsidPlace, fsidPlace + 8),
    isThere: (pidfd) => call.pidfd_send_signal(pidfd, 0, 0n, 0) === 0,
    isNumbered: (pidfd) => call.fstatfs(pidfd, facts) === 0 && facts.readUInt32LE(0) === pidfsMagic,
    closeAll: (files) => {
      for (const file of files) call.close(file);
    },
  };
}

function endWithNul(path: string): Buffer {
  return Buffer.from(`${path}\0`, 'latin1');
}
