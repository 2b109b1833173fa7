import { SshFormatError } from './ssh-format-error.ts';

/** Reads the data types of SSH, RFC 4251 section 5, one after another. Every function throws SshFormatError where the bytes end too early. */
export interface WireReader {
  readonly uint8: () => number;
  readonly uint32: () => number;
  readonly uint64: () => bigint;
  /** The bytes of a string, or of an mpint, as a view. */
  readonly bytes: () => Buffer;
  /** A string as text, one character a byte. */
  readonly latin1: () => string;
  /** Fixed-size bytes without a length in front. */
  readonly take: (count: number) => Buffer;
  readonly isAtEnd: () => boolean;
}

export function createWireReader(buffer: Buffer): WireReader {
  let at = 0;
  const take = (count: number): Buffer => {
    if (count > buffer.length - at) throw new SshFormatError('the data ends in the middle of a field');
    at += count;
    return buffer.subarray(at - count, at);
  };
  const uint32 = (): number => take(4).readUInt32BE();
  const bytes = (): Buffer => take(uint32());
  return {
    uint8: () => take(1).readUInt8(),
    uint32,
    uint64: () => take(8).readBigUInt64BE(),
    bytes,
    latin1: () => bytes().toString('latin1'),
    take,
    isAtEnd: () => at === buffer.length,
  };
}

/** The fields as SSH strings, each with its length in front; texts are ASCII. */
export function formatWireStrings(fields: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = Buffer.from(field);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** An unsigned big-endian number as the content of an mpint: no leading zeros but one in front of a high bit. */
export function toMpint(number: Buffer): Buffer {
  let from = 0;
  while (from < number.length && number[from] === 0) from++;
  const bare = number.subarray(from);
  return (bare[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bare]) : bare;
}

/** How many bits an unsigned big-endian number has; 0 for zero. */
export function bitLength(number: Buffer): number {
  const from = number.findIndex((byte) => byte !== 0);
  return from < 0 ? 0 : (number.length - from) * 8 - (Math.clz32(number[from] ?? 0) - 24);
}
