/** A value of a header: texts make a list of texts, a text a single one, numbers a list of 32 bits. */
export type TagValue = string | readonly string[] | readonly number[];

/** A header as rpm stores it in its databases. */
export function buildRpmHeader(tags: Readonly<Record<number, TagValue>>): Buffer {
  const index: Buffer[] = [];
  const data: Buffer[] = [];
  let at = 0;
  const push = (bytes: Buffer): void => {
    data.push(bytes);
    at += bytes.length;
  };
  for (const [tag, value] of Object.entries(tags)) {
    const isNumbers = typeof value !== 'string' && typeof value[0] === 'number';
    if (isNumbers) push(Buffer.alloc((4 - (at % 4)) % 4));
    const entry = Buffer.alloc(16);
    const type = isNumbers ? 4 : typeof value === 'string' ? 6 : 8;
    for (const [place, number] of [Number(tag), type, at, typeof value === 'string' ? 1 : value.length].entries()) {
      entry.writeUInt32BE(number, place * 4);
    }
    index.push(entry);
    for (const one of typeof value === 'string' ? [value] : value) push(encode(one));
  }
  const head = Buffer.alloc(8);
  head.writeUInt32BE(index.length, 0);
  head.writeUInt32BE(at, 4);
  return Buffer.concat([head, ...index, ...data]);
}

function encode(value: string | number): Buffer {
  if (typeof value === 'string') return Buffer.from(`${value}\0`);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
