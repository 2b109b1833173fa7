import { constants } from 'node:fs';
import { openLibrary } from './open-library.ts';

/** The links in one folder at a time, through the C library: a third of the time that node:fs needs for each. */
export interface LinkCalls {
  /** A descriptor of the folder, or minus its errno. */
  readonly open: (folder: string) => number;
  /** Fills `entries` with struct linux_dirent64 (getdents64(2)): their bytes, 0 at the end, or minus the errno. */
  readonly readEntries: (fd: number) => number;
  readonly entries: Buffer;
  /** Fills `target` with what the entry whose name stands at that place of `entries` links to: its length, or minus the errno. */
  readonly readLink: (fd: number, nameAt: number) => number;
  readonly target: Buffer;
  readonly close: (fd: number) => void;
}

const entriesBytes = 32 * 1024;
const targetBytes = 64;
/** NAME_MAX, with the NUL. */
const nameBytes = 256;

/** Undefined where this host or this Node cannot: node:fs does the same then. */
export function openLinkCalls(): LinkCalls | undefined {
  if (process.platform !== 'linux') return undefined;
  const library = openLibrary({
    open: { return: 'i32', arguments: ['string', 'i32'] },
    getdents64: { return: 'i32', arguments: ['i32', 'pointer', 'u32'] },
    readlinkat: { return: 'i32', arguments: ['i32', 'pointer', 'pointer', 'u32'] },
    close: { return: 'i32', arguments: ['i32'] },
  });
  if (!library) return undefined;
  const { call, errno, addressOf } = library;
  const entries = Buffer.allocUnsafeSlow(entriesBytes);
  const entriesAddress = addressOf(entries);
  // The name is copied to a place whose address is known: an address made for each call costs more.
  const name = Buffer.alloc(nameBytes);
  const nameAddress = addressOf(name);
  const target = Buffer.allocUnsafeSlow(targetBytes);
  const targetAddress = addressOf(target);
  const answer = (result: number): number => (result < 0 ? -errno() : result);
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK | 0o2_000_000;
  return {
    open: (folder) => answer(call.open(folder, flags)),
    readEntries: (fd) => answer(call.getdents64(fd, entriesAddress, entriesBytes)),
    entries,
    readLink: (fd, nameAt) => {
      let length = 0;
      for (
        let byte = entries[nameAt] ?? 0;
        byte !== 0 && length < nameBytes - 1;
        byte = entries[nameAt + length] ?? 0
      ) {
        name[length++] = byte;
      }
      name[length] = 0;
      return answer(call.readlinkat(fd, nameAddress, targetAddress, targetBytes));
    },
    target,
    close: (fd) => void call.close(fd),
  };
}
