import type { ByteSource } from './byte-source.ts';
import { readVarint } from './sqlite-varint.ts';

/**
 * The rows of a table in an SQLite file that nobody writes to (sqlite.org/fileformat2.html), without SQLite: for rows of large blobs it is several times
 * as fast, because nothing is copied twice. Each page of a tree is visited once, so that a damaged file cannot lead in circles.
 */
export interface SqliteFile {
  readonly source: ByteSource;
  readonly pageSize: number;
  /** Bytes of a page that hold content. */
  readonly usable: number;
}

const leafTable = 0x0d;
const interiorTable = 0x05;
const maxDepth = 20;

export type OnPayload = (payload: Buffer) => void;

/** Throws an Error when the bytes are no SQLite file with text in UTF-8. */
export function openSqlite(source: ByteSource): SqliteFile {
  const head = source.read(0, 100);
  if (head.length < 100 || head.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw new Error('is not an SQLite file');
  const stored = head.readUInt16BE(16);
  const pageSize = stored === 1 ? 65_536 : stored;
  const usable = pageSize - (head[20] ?? 0);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480) {
    throw new Error(`is damaged: pages of ${pageSize} bytes`);
  }
  if (head.readUInt32BE(56) !== 1) throw new Error('is not in UTF-8, which rpm never makes');
  return { source, pageSize, usable };
}

/**
 * Calls back with the record of each row in the tree of a table, in the order of row ids. The buffer is used again for the next row. Rows that are larger
 * than maxPayloadBytes or whose pages are damaged are counted.
 */
export function readTable(
  file: SqliteFile,
  rootPage: number,
  options: { readonly maxPayloadBytes: number; readonly onPayload: OnPayload },
): { readonly damaged: number } {
  const seen = new Set<number>();
  const payloads = createBuffer();
  let damaged = 0;
  const visit = (number: number, depth: number): void => {
    const read = seen.has(number) || depth > maxDepth ? undefined : readPage(file, number);
    // Kept while other pages are read.
    const page = read && Buffer.from(read);
    seen.add(number);
    // The first page begins with the header of the file.
    const at = number === 1 ? 100 : 0;
    const type = page?.[at];
    if (!page || (type !== leafTable && type !== interiorTable)) {
      damaged++;
      return;
    }
    const cellsAt = at + (type === leafTable ? 8 : 12);
    const count = Math.min(page.readUInt16BE(at + 3), (file.usable - cellsAt) >> 1);
    for (let index = 0; index < count; index++) {
      const cell = page.readUInt16BE(cellsAt + index * 2);
      if (cell + 4 > file.usable) damaged++;
      else if (type === interiorTable) visit(page.readUInt32BE(cell), depth + 1);
      else {
        const payload = readPayload(file, page, cell, { maxBytes: options.maxPayloadBytes, payloads });
        if (payload) options.onPayload(payload);
        else damaged++;
      }
    }
    if (type === interiorTable) visit(page.readUInt32BE(at + 8), depth + 1);
  };
  visit(rootPage, 0);
  return { damaged };
}

function readPage({ source, pageSize }: SqliteFile, number: number): Buffer | undefined {
  if (number === 0) return undefined;
  const page = source.read((number - 1) * pageSize, pageSize);
  return page.length === pageSize ? page : undefined;
}

/** What a cell of a leaf holds: in the page itself, or the beginning there and the rest on a chain of overflow pages. */
function readPayload(
  file: SqliteFile,
  page: Buffer,
  cell: number,
  { maxBytes, payloads }: { readonly maxBytes: number; readonly payloads: GrowingBuffer },
): Buffer | undefined {
  const { usable, source } = file;
  const size = readVarint(page, cell);
  const row = size && readVarint(page, size.end);
  if (!size || !row || size.value > maxBytes || size.value > source.size) return undefined;
  const local = localBytes(size.value, usable);
  const chainAt = row.end + local;
  if (chainAt + (local < size.value ? 4 : 0) > usable) return undefined;
  if (local === size.value) return page.subarray(row.end, chainAt);
  const payload = payloads.ofLength(size.value);
  let filled = page.copy(payload, 0, row.end, chainAt);
  let next = page.readUInt32BE(chainAt);
  while (filled < payload.length) {
    const overflow = readPage(file, next);
    if (!overflow) return undefined;
    next = overflow.readUInt32BE(0);
    filled += overflow.copy(payload, filled, 4, Math.min(usable, 4 + payload.length - filled));
  }
  return payload;
}

/** One buffer for payloads of any size. */
interface GrowingBuffer {
  readonly ofLength: (length: number) => Buffer;
}

function createBuffer(): GrowingBuffer {
  let buffer = Buffer.allocUnsafeSlow(65_536);
  return {
    ofLength: (length) => {
      if (buffer.length < length) buffer = Buffer.allocUnsafeSlow(length * 2);
      return buffer.subarray(0, length);
    },
  };
}

/** How much of a payload stands in its cell, as the format's section "cell payload overflow pages" has it for tables. */
function localBytes(size: number, usable: number): number {
  const most = usable - 35;
  if (size <= most) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((size - least) % (usable - 4));
  return wanted <= most ? wanted : least;
}
