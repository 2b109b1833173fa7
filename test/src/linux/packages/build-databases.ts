import { DatabaseSync } from 'node:sqlite';

/** Makes rpm's SQLite database of these headers. */
export function buildSqlite(
  path: string,
  headers: readonly Uint8Array[],
  { pageSize = 4096, deleted = [] }: { readonly pageSize?: number; readonly deleted?: readonly number[] } = {},
): void {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA page_size = ${pageSize}`);
  addHeaders(database, headers);
  for (const number of deleted) database.prepare('DELETE FROM Packages WHERE hnum = ?').run(number);
  database.close();
}

export function addHeaders(database: DatabaseSync, headers: readonly Uint8Array[]): void {
  database.exec("CREATE TABLE IF NOT EXISTS 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)");
  const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
  database.exec('BEGIN');
  for (const header of headers) insert.run(header);
  database.exec('COMMIT');
}

/** Makes rpm's ndb database of these headers, as rpm's rpmpkg.c lays it out. */
export function buildNdb(headers: readonly Buffer[]): Buffer {
  const page = Buffer.alloc(4096);
  page.write('RpmP', 'latin1');
  page.writeUInt32LE(1, 12);
  page.writeUInt32LE(headers.length + 1, 16);
  for (let slot = 2; slot < 256; slot++) page.write('Slot', slot * 16, 'latin1');
  const blobs: Buffer[] = [];
  let block = 256;
  for (const [at, header] of headers.entries()) {
    const blocks = Math.ceil((header.length + 28) / 16);
    const slot = (at + 2) * 16;
    page.writeUInt32LE(at + 1, slot + 4);
    page.writeUInt32LE(block, slot + 8);
    page.writeUInt32LE(blocks, slot + 12);
    const blob = Buffer.alloc(blocks * 16);
    blob.write('BlbS', 'latin1');
    blob.writeUInt32LE(at + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    blob.writeUInt32LE(header.length, blob.length - 8);
    blob.write('BlbE', blob.length - 4, 'latin1');
    blobs.push(blob);
    block += blocks;
  }
  return Buffer.concat([page, ...blobs]);
}
