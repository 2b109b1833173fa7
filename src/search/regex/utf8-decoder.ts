/**
 * UTF-8 sequences as a small automaton whose result is a character class. It follows Go's utf8.DecodeRune: overlong forms, surrogates and
 * truncated sequences are invalid, and every byte of an invalid sequence then counts as one U+FFFD on its own.
 *
 * A node stands for the bytes read so far; it has one entry for each of the 64 continuation bytes. An entry is a class (0 and up: the character
 * is complete), `invalid`, or a further node n as `nodeEntry(n)`. Nodes that behave alike are one node.
 */
import type { CharacterClasses } from './character-classes.ts';

/** The entry of a byte that cannot stand here. */
export const invalid = -1;

const nodeEntry = (node: number): number => -2 - node;

/** The node an entry below `invalid` leads to. */
export const nodeOfEntry = (entry: number): number => -2 - entry;

/** The automaton; both tables are indexed by byte minus 0x80, `nodes` after 64 times the node. */
export interface Utf8Decoder {
  /** Entries of a byte from 0x80 to 0xff where a character begins. */
  readonly leads: Int32Array;
  readonly nodes: Int32Array;
  /** The class of U+FFFD, which also takes each invalid byte. */
  readonly replacementClass: number;
}

interface Builder {
  readonly classes: CharacterClasses;
  readonly known: Map<string, number>;
  readonly rows: number[][];
  /** The class that needs no decoding: sequences that can only give it are cut short. */
  readonly deadClass: number | undefined;
}

/**
 * Builds the automaton for the classes of a pattern. When no set of the pattern holds U+FFFD and nothing depends on where characters end
 * (`bytesMayBlur`), a byte that can only lead to the class of U+FFFD is as good as invalid: then ASCII patterns need no decoding at all.
 */
export function createUtf8Decoder(classes: CharacterClasses, bytesMayBlur: boolean): Utf8Decoder {
  const replacementClass = classes.classOf(0xfffd);
  const deadClass = bytesMayBlur ? replacementClass : undefined;
  const builder: Builder = { classes, known: new Map(), rows: [], deadClass };
  const leads = new Int32Array(128).fill(invalid);
  for (let byte = 0xc2; byte <= 0xf4; byte++) leads[byte - 0x80] = leadEntry(builder, byte);
  return { leads, nodes: Int32Array.from(builder.rows.flat()), replacementClass };
}

function leadEntry(builder: Builder, byte: number): number {
  if (byte < 0xe0) return sequenceEntry(builder, (byte & 0x1f) << 6, 1);
  if (byte < 0xf0) return sequenceEntry(builder, (byte & 0x0f) << 12, 2);
  return sequenceEntry(builder, (byte & 0x07) << 18, 3);
}

/** The entry for a prefix whose characters start at `base` and that lacks `missing` continuation bytes. */
function sequenceEntry(builder: Builder, base: number, missing: number): number {
  if (missing === 0) return builder.classes.classOf(base);
  const span = 1 << (6 * missing);
  const uniform = isWhole(base, missing) ? builder.classes.commonClass(base, base + span - 1) : undefined;
  if (uniform !== undefined) return uniform === builder.deadClass ? invalid : uniformEntry(builder, uniform, missing);
  const row: number[] = [];
  for (let at = base; at < base + span; at += span >> 6) {
    row.push(isEncodable(at, missing) ? sequenceEntry(builder, at, missing - 1) : invalid);
  }
  const isDead = row.every((entry) => entry === invalid || entry === builder.deadClass);
  return builder.deadClass !== undefined && isDead ? invalid : rowEntry(builder, row);
}

function uniformEntry(builder: Builder, id: number, missing: number): number {
  if (missing === 0) return id;
  const key = `${missing} of ${id}`;
  const known = builder.known.get(key);
  if (known !== undefined) return known;
  const row = Array.from({ length: 64 }, () => uniformEntry(builder, id, missing - 1));
  const entry = rowEntry(builder, row);
  builder.known.set(key, entry);
  return entry;
}

function rowEntry(builder: Builder, row: number[]): number {
  const key = row.join(',');
  const known = builder.known.get(key);
  if (known !== undefined) return known;
  const entry = nodeEntry(builder.rows.length);
  builder.rows.push(row);
  builder.known.set(key, entry);
  return entry;
}

// Three-byte forms below 0x800 and four-byte forms below 0x10000 are overlong; 0xd800 to 0xdfff are surrogates; 0x10ffff is the end.
function isEncodable(at: number, missing: number): boolean {
  if (missing === 2) return at >= 0x800 && (at < 0xd800 || at > 0xdfff);
  return missing !== 3 || (at >= 0x10000 && at <= 0x10ffff);
}

function isWhole(base: number, missing: number): boolean {
  if (missing === 2) return base !== 0 && base !== 0xd000;
  return missing !== 3 || (base >= 0x40000 && base < 0x100000);
}
