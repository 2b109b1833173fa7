/**
 * Events of fanotify as a group with FAN_REPORT_DFID_NAME_TARGET and FAN_REPORT_PIDFD reads them. Source: fanotify(7), include/uapi/linux/fanotify.h.
 * Texts are latin1, one character a byte.
 */

/** Bits of `mask`. */
export const fanotifyBits = {
  modify: 0x2,
  closeWrite: 0x8,
  create: 0x100,
  delete: 0x200,
  openExec: 0x1000,
  overflow: 0x4000,
  rename: 0x1000_0000,
  isFolder: 0x4000_0000,
} as const;

/** A name in a directory. */
export interface FanotifyPlace {
  /** The directory, see `splitKey`. */
  readonly folder: string;
  readonly name: string;
}

/** The kernel merges what one process does with one object under one name while nobody reads: `mask` has a bit for each kind of change. */
export interface FanotifyEvent {
  readonly mask: number;
  /** 0 where the process is in no pid namespace that the reader sees. */
  readonly pid: number;
  /** A descriptor that the reader must close; undefined where the process was gone, or none could be opened. */
  readonly pidfd: number | undefined;
  /** Of a rename, the old one. */
  readonly place: FanotifyPlace | undefined;
  readonly newPlace: FanotifyPlace | undefined;
  /** The file or directory itself. */
  readonly object: string | undefined;
}

const headerBytes = 24;
const version = 3;
/** Info records: header, 8 bytes of file system, struct file_handle with its two numbers, the handle, and where it is one with a name, that with its NUL. */
const recordBytes = 4;
const fsidBytes = 8;
const handleHeaderBytes = 8;
/** MAX_HANDLE_SZ. */
const mostHandleBytes = 128;
const recordTypes = { object: 1, place: 2, folder: 3, pidfd: 4, oldPlace: 10, newPlace: 12 } as const;

/**
 * All events in the first `length` bytes. Whatever cannot be an event ends it, `isBroken`: the kernel gives whole events alone, nothing behind it can be trusted.
 * Descriptors of events before it are still to be closed.
 */
export function parseFanotifyEvents(
  bytes: Buffer,
  length: number = bytes.length,
): { readonly events: readonly FanotifyEvent[]; readonly isBroken: boolean } {
  const events: FanotifyEvent[] = [];
  let at = 0;
  while (at < length) {
    if (at + headerBytes > length) return { events, isBroken: true };
    const end = at + bytes.readUInt32LE(at);
    const recordsFrom = at + bytes.readUInt16LE(at + 6);
    const isEvent = bytes[at + 4] === version && recordsFrom >= at + headerBytes && recordsFrom <= end && end <= length;
    const event = isEvent ? parseEvent(bytes, at, recordsFrom, end) : undefined;
    if (!event) return { events, isBroken: true };
    events.push(event);
    at = end;
  }
  return { events, isBroken: false };
}

function parseEvent(bytes: Buffer, start: number, recordsFrom: number, end: number): FanotifyEvent | undefined {
  const event = {
    // Of the 64 bits the kernel uses the lower 32.
    mask: bytes.readUInt32LE(start + 8),
    pid: bytes.readInt32LE(start + 20),
    pidfd: undefined as number | undefined,
    place: undefined as FanotifyPlace | undefined,
    newPlace: undefined as FanotifyPlace | undefined,
    object: undefined as string | undefined,
  };
  let at = recordsFrom;
  while (at < end) {
    if (at + recordBytes > end) return undefined;
    const type = bytes[at];
    const next = at + bytes.readUInt16LE(at + 2);
    if (next < at + recordBytes || next > end) return undefined;
    if (type === recordTypes.pidfd) {
      if (next < at + recordBytes + 4) return undefined;
      const pidfd = bytes.readInt32LE(at + recordBytes);
      if (pidfd >= 0) event.pidfd = pidfd;
    } else if (type === recordTypes.object || type === recordTypes.folder) {
      const key = readKey(bytes, at, next);
      if (key === undefined) return undefined;
      if (type === recordTypes.object) event.object = key;
      else event.place = { folder: key, name: '.' };
    } else if (type === recordTypes.place || type === recordTypes.oldPlace || type === recordTypes.newPlace) {
      const place = readPlace(bytes, at, next);
      if (!place) return undefined;
      if (type === recordTypes.newPlace) event.newPlace = place;
      else event.place = place;
    }
    at = next;
  }
  return event;
}

function readKey(bytes: Buffer, at: number, end: number): string | undefined {
  const from = at + recordBytes;
  const handleFrom = from + fsidBytes + handleHeaderBytes;
  if (handleFrom > end) return undefined;
  const handleBytes = bytes.readUInt32LE(from + fsidBytes);
  if (handleBytes > mostHandleBytes || handleFrom + handleBytes > end) return undefined;
  return bytes.toString('latin1', from, handleFrom + handleBytes);
}

function readPlace(bytes: Buffer, at: number, end: number): FanotifyPlace | undefined {
  const folder = readKey(bytes, at, end);
  if (folder === undefined) return undefined;
  const from = at + recordBytes + folder.length;
  const nul = bytes.indexOf(0, from);
  if (nul < 0 || nul >= end) return undefined;
  return { folder, name: bytes.toString('latin1', from, nul) };
}

/** What a key names: f_fsid of statfs(2), and the struct file_handle for open_by_handle_at(2). */
export function splitKey(key: string): { readonly fileSystem: string; readonly handle: Buffer } {
  return { fileSystem: key.slice(0, fsidBytes), handle: Buffer.from(key.slice(fsidBytes), 'latin1') };
}
