/**
 * The header of an rpm package as rpm's databases keep it (rpm's docs/manual/format_header.md, hregions.md): the number of tags and of bytes of data,
 * big-endian, an index of 16 bytes a tag, then the data.
 */
export interface RpmHeader {
  /** A text, of a translated one the first; undefined without the tag. One character a byte. */
  readonly text: (tag: number) => string | undefined;
  /** A list of texts, empty without the tag. */
  readonly texts: (tag: number) => readonly string[];
  /** The same list as one text, each text with a NUL behind it: for long lists of which few are needed. */
  readonly joined: (tag: number) => string;
  /** A list of whole numbers of 8, 16 or 32 bits, unsigned; empty without the tag. */
  readonly numbers: (tag: number) => readonly number[];
}

/** The tags that are used here, by rpm's names (rpmtag.h). */
export const rpmTags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  installTime: 1008,
  arch: 1022,
  oldFileNames: 1027,
  fileDigests: 1035,
  fileFlags: 1037,
  sourceRpm: 1044,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  fileDigestAlgorithm: 5011,
} as const;

/** rpm's own limit (HEADER_TAGS_MAX). */
const maxTags = 65_535;
/** No package has as many files. */
const maxValues = 1_000_000;
const entrySize = 16;
const types = { int8: 2, int16: 3, int32: 4, string: 6, stringArray: 8, translated: 9 } as const;
const widths = new Map<number, number>([
  [types.int8, 1],
  [types.int16, 2],
  [types.int32, 4],
]);

interface Entry {
  readonly type: number;
  /** Where its data begins in the blob. */
  readonly at: number;
  readonly count: number;
}

/** Undefined when the bytes are no header. Reads nothing but the index until it is asked; a tag whose data lies outside counts as absent. */
export function parseRpmHeader(blob: Buffer): RpmHeader | undefined {
  if (blob.length < 8) return undefined;
  const tags = blob.readUInt32BE(0);
  const dataAt = 8 + tags * entrySize;
  if (tags === 0 || tags > maxTags || dataAt + blob.readUInt32BE(4) > blob.length) return undefined;
  const end = dataAt + blob.readUInt32BE(4);
  const entries = new Map<number, Entry>();
  for (let at = 8; at < dataAt; at += entrySize) {
    const tag = blob.readUInt32BE(at);
    const entry = {
      type: blob.readUInt32BE(at + 4),
      at: dataAt + blob.readUInt32BE(at + 8),
      count: blob.readUInt32BE(at + 12),
    };
    if (entry.at <= end && !entries.has(tag)) entries.set(tag, entry);
  }
  const data = blob.subarray(0, end);
  return {
    text: (tag) => readTexts(data, entries.get(tag), 1)[0],
    texts: (tag) => readTexts(data, entries.get(tag)),
    joined: (tag) => readJoined(data, entries.get(tag), [...entries.values()]),
    numbers: (tag) => readNumbers(data, entries.get(tag)),
  };
}

function readTexts(data: Buffer, entry: Entry | undefined, atMost = Number.POSITIVE_INFINITY): readonly string[] {
  if (!entry) return [];
  const { type, count } = entry;
  if (type !== types.string && type !== types.stringArray && type !== types.translated) return [];
  const texts: string[] = [];
  let at = entry.at;
  for (let left = Math.min(count, atMost, maxValues); left > 0 && at < data.length; left--) {
    const end = data.indexOf(0, at);
    // A text without its end is damage.
    if (end < 0) break;
    texts.push(data.toString('latin1', at, end));
    at = end + 1;
  }
  return texts;
}

/** Up to the data of the next tag, in which padding may follow the texts. */
function readJoined(data: Buffer, entry: Entry | undefined, entries: readonly Entry[]): string {
  if (entry?.type !== types.stringArray) return '';
  const next = entries.reduce((end, { at }) => (at > entry.at && at < end ? at : end), data.length);
  return data.toString('latin1', entry.at, next);
}

function readNumbers(data: Buffer, entry: Entry | undefined): readonly number[] {
  const width = widths.get(entry?.type ?? 0);
  if (!entry || width === undefined || entry.count > maxValues || entry.at + entry.count * width > data.length)
    return [];
  return Array.from({ length: entry.count }, (_, index) => data.readUIntBE(entry.at + index * width, width));
}
