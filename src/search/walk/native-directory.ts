import { constants } from 'node:fs';
import type { FileCalls } from '../../native/file-calls.ts';
import { createSystemError } from '../../native/system-error.ts';
import type { Entry, EntryCursor, OpenDirectory, RawEntryBytes } from './entry-cursor.ts';
import { decodePath, encodePath } from './path-text.ts';
import type { EntryKind } from './read-directory.ts';

/** struct linux_dirent64 of getdents64(2): its length, type and name. */
const lengthPlace = 16;
const typePlace = 18;
const namePlace = 19;
/** DT_UNKNOWN and others of readdir(3): the bits of S_IFMT, shifted. */
const types = { unknown: 0, directory: 4, file: 8, link: 10 } as const;
const typeShift = 12;
const dot = 46;
/** ENAMETOOLONG */
const nameTooLong = 36;

/**
 * The way of the C library: one buffer and one cursor for all directories, so only one of them may be open at a time. Root leaves the time of last
 * access as it was.
 */
export function createOpenNative(calls: FileCalls): OpenDirectory {
  // O_DIRECTORY: neither a FIFO nor a device is opened by mistake. O_NOFOLLOW: a link that took the place of a directory is none.
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const quietFlags = flags | calls.quietFlag;
  const { cursor, begin } = createNativeCursor(calls);
  return (path) => {
    const isPath = calls.setPath(encodePath(path));
    let fd = isPath ? calls.open(quietFlags) : -nameTooLong;
    // Some file systems refuse O_NOATIME even to root.
    if (fd < 0 && isPath && quietFlags !== flags) fd = calls.open(flags);
    if (fd < 0) throw createSystemError(path, -fd);
    begin(fd, path);
    return cursor;
  };
}

function createNativeCursor(calls: FileCalls) {
  const { entries } = calls;
  const none = -1;
  let fd = none;
  let directory = '';
  let at = 0;
  let nextAt = 0;
  let filled = 0;
  const present = {
    bytes: entries,
    from: 0,
    to: 0,
    isLink: false,
    stat: () => (calls.setName(entries, present.from, present.to) ? calls.stat() : -nameTooLong),
  };
  const close = (): void => {
    if (fd !== none) calls.close(fd);
    fd = none;
  };
  const readMore = (): boolean => {
    filled = fd === none ? 0 : calls.readEntries(fd);
    nextAt = 0;
    if (filled > 0) return true;
    close();
    if (filled < 0) throw createSystemError(directory, -filled);
    return false;
  };
  const look = (place: number): void => {
    at = place;
    nextAt = place + (entries[place + lengthPlace]! | (entries[place + lengthPlace + 1]! << 8));
    present.from = place + namePlace;
    let to = present.from;
    while (entries[to] !== 0) to++;
    present.to = to;
  };
  const kind = (): EntryKind => {
    const type = entries[at + typePlace]!;
    return kindOfType(type === types.unknown ? askType(calls, present) : type);
  };
  const name = (): string => decodeName(present);
  const cursor: EntryCursor = {
    // One loop for all that most entries need: it is hot before anything around it is.
    step: (skip) => {
      if (nextAt >= filled) return readMore() ? 'moment' : 'end';
      const end = filled;
      for (let place = nextAt; place < end; place = nextAt) {
        look(place);
        const type = entries[at + typePlace]!;
        present.isLink = type === types.link;
        if ((present.isLink || type === types.file) && skip?.(present)) continue;
        if (entries[present.from] === dot && isSelfOrParent(present)) continue;
        return 'entry';
      }
      return 'moment';
    },
    kind,
    name,
    takeHalf: () => {
      const [heldAt, heldNextAt] = [at, nextAt];
      const half = nextAt + ((filled - nextAt) >> 1);
      const end = filled;
      const taken: Entry[] = [];
      for (let place = nextAt; place < end; place = nextAt) {
        look(place);
        if (place < half) continue;
        filled = Math.min(filled, place);
        if (!isSelfOrParent(present)) taken.push({ name: name(), kind: kind() });
      }
      if (heldNextAt > 0) look(heldAt);
      nextAt = heldNextAt;
      return taken;
    },
    close,
  };
  const begin = (openFd: number, path: string): void => {
    [fd, directory] = [openFd, path];
    [at, nextAt, filled] = [0, 0, 0];
  };
  return { cursor, begin };
}

function isSelfOrParent({ bytes, from, to }: RawEntryBytes): boolean {
  return bytes[from] === dot && (to === from + 1 || (to === from + 2 && bytes[from + 1] === dot));
}

function decodeName({ bytes, from, to }: RawEntryBytes): string {
  for (let at = from; at < to; at++) if (bytes[at]! > 0x7f) return decodePath(bytes.subarray(from, to));
  return bytes.toString('latin1', from, to);
}

/** A file system that does not tell types is asked for each entry; what has vanished counts as no file. */
function askType(calls: FileCalls, { bytes, from, to }: RawEntryBytes): number {
  const type = calls.setName(bytes, from, to) ? calls.typeOf() : 0;
  return type > 0 ? type >> typeShift : 0;
}

function kindOfType(type: number): EntryKind {
  if (type === types.file) return 'file';
  if (type === types.directory) return 'directory';
  return type === types.link ? 'link' : 'other';
}
