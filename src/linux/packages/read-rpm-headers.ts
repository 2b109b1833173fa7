import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { readBytesOf } from './byte-source.ts';
import { parseBerkeleyHash } from './parse-berkeley-hash.ts';
import { parseNdb } from './parse-ndb.ts';
import { parseRpmHeader, type RpmHeader } from './parse-rpm-header.ts';
import { readRpmdbSqlite, type BlobOptions } from './read-rpmdb-sqlite.ts';
import { openQuietly, problemAt, type RootFolder } from './root-folder.ts';

/** Where distributions keep rpm's database; often one is a link to the other. */
const folders = ['/usr/lib/sysimage/rpm', '/var/lib/rpm', '/usr/share/rpm'];
/** A package with a million files has less. */
const maxBlobBytes = 128 * 1024 * 1024;

type Read = (path: string, options: BlobOptions) => { readonly damaged: number };

/** rpm's kinds of databases, the newest first. A folder has one; where an old one was left behind, the newest counts. */
const formats: readonly (readonly [file: string, read: Read])[] = [
  ['rpmdb.sqlite', readRpmdbSqlite],
  ['Packages.db', (path, options) => parseFile(path, (source) => parseNdb(source, options))],
  ['Packages', (path, options) => parseFile(path, (source) => parseBerkeleyHash(source, options))],
];

/** Reads the header of every installed package. What cannot be read is added to the problems. */
export function readRpmHeaders(root: RootFolder, problems: string[], onHeader: (header: RpmHeader) => void): void {
  for (const { path, read } of findDatabases(root, problems)) {
    let damaged = 0;
    const onBlob = (blob: Buffer): void => {
      const header = parseRpmHeader(blob);
      if (header) onHeader(header);
      else damaged++;
    };
    try {
      const skipped = read(path, { maxBlobBytes, onBlob }).damaged;
      damaged += skipped;
    } catch (error) {
      problems.push(problemAt(path, error));
    }
    if (damaged > 0) problems.push(`${path}: headers not understood and left out: ${damaged}`);
  }
}

function findDatabases(
  root: RootFolder,
  problems: string[],
): readonly { readonly path: string; readonly read: Read }[] {
  const found = new Map<string, Read>();
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
  return [...found].map(([path, read]) => ({ path, read }));
}

function parseFile<T>(path: string, parse: (source: ReturnType<typeof readBytesOf>) => T): T {
  const fd = openQuietly(path);
  if (fd === undefined) throw new Error(`${path}: vanished while it was being read`);
  try {
    return parse(readBytesOf(fd));
  } finally {
    closeSync(fd);
  }
}
