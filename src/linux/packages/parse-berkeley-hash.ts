import type { ByteSource } from './byte-source.ts';

/**
 * The values of a Berkeley DB hash file, as rpm kept its Packages in until 2020 (Berkeley DB's db_page.h, formats 8 to 10): pages of one size, of which hash
 * pages hold keys and values in pairs; a long value stands on a chain of overflow pages. The whole file is in the byte order of the host that made it.
 */

const headSize = 26;
const magic = 0x00061561;
const pageTypes = { overflow: 7, hashUnsorted: 2, hashMeta: 8, hash: 13 } as const;
const itemTypes = { inline: 1, overflow: 3 } as const;
const checksumFlag = 1;

interface Format {
  readonly source: ByteSource;
  readonly pageSize: number;
  readonly pages: number;
  readonly u16: (bytes: Buffer, at: number) => number;
  readonly u32: (bytes: Buffer, at: number) => number;
  readonly maxBlobBytes: number;
}

/** Calls back for each value whose key is not zero, under which rpm keeps a counter. Throws an Error when it is no such file; damaged values are counted. */
export function parseBerkeleyHash(
  source: ByteSource,
  options: { readonly maxBlobBytes: number; readonly onBlob: (blob: Buffer) => void },
): { readonly damaged: number } {
  const format = readFormat(source, options.maxBlobBytes);
  let damaged = 0;
  for (let number = 1; number < format.pages; number++) {
    const page = readPage(format, number);
    const type = page?.[25];
    if (!page || (type !== pageTypes.hash && type !== pageTypes.hashUnsorted)) continue;
    // Kept while the chains are read.
    damaged += readHashPage(format, Buffer.from(page), options.onBlob);
  }
  return { damaged };
}

function readFormat(source: ByteSource, maxBlobBytes: number): Format {
  const head = source.read(0, 72);
  const isLittle = head.length === 72 && head.readUInt32LE(12) === magic;
  if (head.length < 72 || (!isLittle && head.readUInt32BE(12) !== magic))
    throw new Error('is not a hash of Berkeley DB');
  const u32: Format['u32'] = (bytes, at) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const u16: Format['u16'] = (bytes, at) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const pageSize = u32(head, 20);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) {
    throw new Error(`is damaged: pages of ${pageSize} bytes`);
  }
  if (head[24] !== 0 || ((head[26] ?? 0) & checksumFlag) !== 0)
    throw new Error('is encrypted or has checksums, which is not known');
  return { source, pageSize, pages: Math.floor(source.size / pageSize), u16, u32, maxBlobBytes };
}

function readPage({ source, pageSize }: Format, number: number): Buffer | undefined {
  const page = source.read(number * pageSize, pageSize);
  return page.length === pageSize ? page : undefined;
}

function readHashPage(format: Format, page: Buffer, onBlob: (blob: Buffer) => void): number {
  const count = format.u16(page, 20);
  if (headSize + count * 2 > format.pageSize) return 1;
  let damaged = 0;
  for (let index = 0; index + 1 < count; index += 2) {
    const key = itemAt(format, page, index);
    const value = itemAt(format, page, index + 1);
    if (key && key.length > 1 && key.subarray(1).every((byte) => byte === 0)) continue;
    const blob = value && readValue(format, value);
    if (blob) onBlob(blob);
    else damaged++;
  }
  return damaged;
}

/** An item with its type in front. Items stand from the end of the page downwards, one ending where the one before begins. */
function itemAt({ u16, pageSize }: Format, page: Buffer, index: number): Buffer | undefined {
  const from = u16(page, headSize + index * 2);
  const end = index === 0 ? pageSize : u16(page, headSize + (index - 1) * 2);
  return from >= headSize && from < end && end <= pageSize ? page.subarray(from, end) : undefined;
}

function readValue(format: Format, item: Buffer): Buffer | undefined {
  if (item[0] === itemTypes.inline) return item.subarray(1);
  if (item[0] !== itemTypes.overflow || item.length < 12) return undefined;
  const length = format.u32(item, 8);
  if (length > format.maxBlobBytes || length > format.source.size) return undefined;
  return readChain(format, format.u32(item, 4), length);
}

/** A value from its chain of pages; undefined when the chain is shorter, longer or leads elsewhere. */
function readChain(format: Format, first: number, length: number): Buffer | undefined {
  const value = Buffer.allocUnsafe(length);
  let filled = 0;
  for (let number = first; number !== 0 && filled < length;) {
    const page = readPage(format, number);
    if (!page || page[25] !== pageTypes.overflow) return undefined;
    const used = format.u16(page, 22);
    // Every page has a part of the value, so the chain cannot go in circles.
    if (used === 0 || headSize + used > format.pageSize || filled + used > length) return undefined;
    filled += page.copy(value, filled, headSize, headSize + used);
    number = format.u32(page, 16);
  }
  return filled === length ? value : undefined;
}
