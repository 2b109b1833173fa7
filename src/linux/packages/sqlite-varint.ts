/** A number of SQLite's: 7 bits a byte, the highest first, the ninth byte whole. Undefined behind the end, or when it is not safe as a number. */
export function readVarint(bytes: Buffer, from: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = from; at < from + 8; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, end: at + 1 } : undefined;
  }
  // Nine bytes hold more than 56 bits: no size and no type of ours.
  return undefined;
}
