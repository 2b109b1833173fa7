import type { ByteSource } from './byte-source.ts';

/**
 * rpm's own database, Packages.db, as SUSE uses it (rpm's lib/backend/ndb/rpmpkg.c), little-endian: a header, pages of slots that say where each package's
 * blob is in blocks of 16 bytes, and the blobs, each with a head and a tail of its own.
 */

const slotSize = 16;
const blockSize = 16;
const slotsPerPage = 4096 / slotSize;
/** The first slots are the header. */
const firstSlot = 2;
const headSize = 16;
const tailSize = 12;
const maxSlotPages = 4096;

/** The package headers in the database. Throws an Error when it is not such a database; blobs that are damaged are counted. */
export function parseNdb(
  source: ByteSource,
  options: { readonly maxBlobBytes: number; readonly onBlob: (blob: Buffer) => void },
): { readonly damaged: number } {
  const head = source.read(0, 32);
  if (head.length < 32 || head.toString('latin1', 0, 4) !== 'RpmP') throw new Error('is not a database of rpm (ndb)');
  if (head.readUInt32LE(4) !== 0) throw new Error(`has version ${head.readUInt32LE(4)}, only 0 is known`);
  const pages = head.readUInt32LE(12);
  if (pages > maxSlotPages || pages * 4096 > source.size) throw new Error('is damaged: it is shorter than its index');
  let damaged = 0;
  for (let slot = firstSlot; slot < pages * slotsPerPage; slot++) {
    const place = readSlot(source, slot);
    if (place === 'free') continue;
    const blob = place === undefined ? undefined : readBlob(source, place, options.maxBlobBytes);
    if (blob) options.onBlob(blob);
    else damaged++;
  }
  return { damaged };
}

interface Place {
  readonly index: number;
  readonly block: number;
  readonly blocks: number;
}

function readSlot(source: ByteSource, slot: number): Place | 'free' | undefined {
  const bytes = source.read(slot * slotSize, slotSize);
  if (bytes.length < slotSize || bytes.toString('latin1', 0, 4) !== 'Slot') return undefined;
  const block = bytes.readUInt32LE(8);
  return block === 0 ? 'free' : { index: bytes.readUInt32LE(4), block, blocks: bytes.readUInt32LE(12) };
}

function readBlob(source: ByteSource, { index, block, blocks }: Place, maxBytes: number): Buffer | undefined {
  const head = source.read(block * blockSize, headSize);
  if (head.length < headSize || head.toString('latin1', 0, 4) !== 'BlbS' || head.readUInt32LE(4) !== index) {
    return undefined;
  }
  const length = head.readUInt32LE(12);
  const end = block * blockSize + headSize + length;
  if (length > maxBytes || headSize + length + tailSize > blocks * blockSize || end > source.size) return undefined;
  return source.read(end - length, length);
}
