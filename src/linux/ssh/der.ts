import { SshFormatError } from './ssh-format-error.ts';

/** One value of DER (X.690): a tag and its content. */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
}

/** The tags that keys are made of. */
export const derTag = { integer: 2, bitString: 3, octetString: 4, oid: 6, sequence: 0x30, set: 0x31 } as const;

/** Key files hold a dozen values in a sequence; nothing deeper or longer is read. */
const maxValues = 64;

/** The values that follow one another in these bytes. Only short tags and definite lengths. Throws SshFormatError. */
export function parseDer(bytes: Buffer): readonly DerValue[] {
  const values: DerValue[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (values.length === maxValues) throw new SshFormatError(`expected at most ${maxValues} values of DER`);
    const tag = bytes[at] ?? 0;
    const { length, start } = parseLength(bytes, at + 1);
    if ((tag & 0x1f) === 0x1f || length > bytes.length - start) throw new SshFormatError('the DER is damaged');
    values.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}

/** The values in a sequence that is all there is. Throws SshFormatError. */
export function parseDerSequence(bytes: Buffer): readonly DerValue[] {
  const [sequence, ...others] = parseDer(bytes);
  if (sequence?.tag !== derTag.sequence || others.length > 0) throw new SshFormatError('expected one sequence of DER');
  return parseDer(sequence.content);
}

/** The content of the value at this place, which has this tag. Throws SshFormatError. */
export function derContent(values: readonly DerValue[], at: number, tag: number): Buffer {
  const value = values[at];
  if (value?.tag !== tag) throw new SshFormatError('a value of the DER is missing');
  return value.content;
}

/** "1.2.840.113549.1.1.1" from the content of an object identifier. */
export function formatOid(content: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content.subarray(0, 64)) {
    arc = arc * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

function parseLength(bytes: Buffer, at: number): { readonly length: number; readonly start: number } {
  const first = bytes[at];
  if (first === undefined) throw new SshFormatError('the DER is damaged');
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + 1 + count > bytes.length) throw new SshFormatError('the DER is damaged');
  return { length: bytes.readUIntBE(at + 1, count), start: at + 1 + count };
}
