/** One struct inotify_event of inotify(7). */
export interface InotifyEvent {
  /** The watch it belongs to; -1 for an overflow of the queue. */
  readonly watch: number;
  readonly mask: number;
  /** The same in the two halves of one rename; 0 otherwise. */
  readonly cookie: number;
  /** The bytes of the entry's name; empty where the event is about the watched object itself. */
  readonly name: Buffer;
}

/** Bits of `mask`, linux/inotify.h. */
export const eventBits = {
  modify: 0x2,
  attributes: 0x4,
  closeWrite: 0x8,
  movedFrom: 0x40,
  movedTo: 0x80,
  create: 0x100,
  delete: 0x200,
  deleteSelf: 0x400,
  moveSelf: 0x800,
  unmount: 0x2000,
  overflow: 0x4000,
  ignored: 0x8000,
  isFolder: 0x4000_0000,
} as const;

const headerBytes = 16;
/** NAME_MAX with its NUL, rounded up to the next header: more is no event of the kernel. */
const mostNameBytes = 4096;

/**
 * The events in what was read from an inotify instance, and the bytes behind the last whole one: they go in front of what is read next. What cannot be an
 * event ends it, `isBroken`: nothing behind it can be trusted. The bytes of a name are a copy.
 */
export function parseInotifyEvents(bytes: Buffer): {
  readonly events: readonly InotifyEvent[];
  readonly rest: Buffer;
  readonly isBroken: boolean;
} {
  const events: InotifyEvent[] = [];
  let at = 0;
  while (at + headerBytes <= bytes.length) {
    const length = bytes.readUInt32LE(at + 12);
    if (length > mostNameBytes) return { events, rest: Buffer.alloc(0), isBroken: true };
    const end = at + headerBytes + length;
    if (end > bytes.length) break;
    const padded = bytes.subarray(at + headerBytes, end);
    const nul = padded.indexOf(0);
    events.push({
      watch: bytes.readInt32LE(at),
      mask: bytes.readUInt32LE(at + 4),
      cookie: bytes.readUInt32LE(at + 8),
      name: Buffer.from(nul < 0 ? padded : padded.subarray(0, nul)),
    });
    at = end;
  }
  return { events, rest: Buffer.from(bytes.subarray(at)), isBroken: false };
}
