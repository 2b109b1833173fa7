import { readVarint } from './sqlite-varint.ts';

/** A column of a record: bytes of a text or a blob, a whole number, or undefined for anything else. */
export type Column = Buffer | number | undefined;

const integerBytes = [0, 1, 2, 3, 4, 6];
const maxColumns = 64;

/** The columns of an SQLite record (fileformat2.html, "record format"); undefined when it is damaged. */
export function parseSqliteRecord(payload: Buffer): readonly Column[] | undefined {
  const head = readVarint(payload, 0);
  if (!head || head.value > payload.length) return undefined;
  const columns: Column[] = [];
  let at = head.end;
  let dataAt = head.value;
  while (at < head.value && columns.length < maxColumns) {
    const type = readVarint(payload, at);
    if (!type) return undefined;
    at = type.end;
    const length = lengthOf(type.value);
    if (dataAt + length > payload.length) return undefined;
    columns.push(readColumn(payload, type.value, dataAt, length));
    dataAt += length;
  }
  return columns;
}

function lengthOf(type: number): number {
  if (type >= 12) return (type - (type % 2) - 12) / 2;
  if (type === 6 || type === 7) return 8;
  return integerBytes[type] ?? 0;
}

function readColumn(payload: Buffer, type: number, at: number, length: number): Column {
  if (type >= 12) return payload.subarray(at, at + length);
  if (type === 8 || type === 9) return type - 8;
  return type >= 1 && type <= 5 ? payload.readIntBE(at, length) : undefined;
}
