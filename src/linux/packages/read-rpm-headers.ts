import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { readBytesOf, type ByteSource } from './byte-source.ts';
import { parseBerkeleyHash } from './parse-berkeley-hash.ts';
import { parseNdb } from './parse-ndb.ts';
import { parseRpmHeader, type RpmHeader } from './parse-rpm-header.ts';
import { hasUnfinishedChanges, parseRpmdbSqlite, withFinishedCopy, type BlobOptions } from './read-rpmdb-sqlite.ts';
import { openQuietly, problemAt, type RootFolder } from './root-folder.ts';

/** Where distributions keep rpm's database; often one is a link to the other. */
const folders = ['/usr/lib/sysimage/rpm', '/var/lib/rpm', '/usr/share/rpm'];
/** A package with a million files has less. */
const maxBlobBytes = 128 * 1024 * 1024;

const maxDatabaseBytes = 4 * 1024 * 1024 * 1024;

type Parse = (source: ByteSource, options: BlobOptions) => { readonly damaged: number };

/** rpm's kinds of databases, the newest first. A folder has one; where an old one was left behind, the newest counts. */
const formats: readonly (readonly [file: string, parse: Parse])[] = [
  ['rpmdb.sqlite', parseRpmdbSqlite],
  ['Packages.db', parseNdb],
  ['Packages', parseBerkeleyHash],
];

/** Reads the header of every installed package. What cannot be read is added to the problems. */
export function readRpmHeaders(root: RootFolder, problems: string[], onHeader: (header: RpmHeader) => void): void {
  for (const { path, parse } of findDatabases(root, problems)) {
    try {
      const damaged =
        parse === parseRpmdbSqlite && hasUnfinishedChanges(path)
          ? withFinishedCopy(path, (copy) => readDatabase(copy, parse, onHeader))
          : readDatabase(path, parse, onHeader);
      if (damaged > 0) problems.push(`${path}: headers not understood and left out: ${damaged}`);
    } catch (error) {
      problems.push(problemAt(path, error));
    }
  }
}

/** The number of headers that are damaged. */
function readDatabase(path: string, parse: Parse, onHeader: (header: RpmHeader) => void): number {
  const fd = openQuietly(path);
  if (fd === undefined) throw new Error(`${path}: vanished while it was being read`);
  try {
    const source = readBytesOf(fd);
    if (source.size > maxDatabaseBytes)
      throw new Error(`expected at most ${maxDatabaseBytes} bytes, got ${source.size}`);
    let damaged = 0;
    let bytes = 0;
    const onBlob = (blob: Buffer): void => {
      bytes += blob.length;
      if (bytes > source.size) throw new Error(`${path}: is damaged: its headers are larger than the file`);
      const header = parseRpmHeader(blob);
      if (header) onHeader(header);
      else damaged++;
    };
    const skipped = parse(source, { maxBlobBytes, onBlob }).damaged;
    return damaged + skipped;
  } finally {
    closeSync(fd);
  }
}

function findDatabases(
  root: RootFolder,
  problems: string[],
): readonly { readonly path: string; readonly parse: Parse }[] {
  const found = new Map<string, Parse>();
  for (const folder of folders) {
    try {
      const place = root.find(folder);
      if (place === undefined) continue;
      const format = formats.find(([file]) => root.find(join(folder, file)) !== undefined);
      if (format) found.set(join(place, format[0]), format[1]);
    } catch (error) {
      problems.push(problemAt(folder, error));
    }
  }
  return [...found].map(([path, parse]) => ({ path, parse }));
}
