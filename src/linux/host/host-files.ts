/**
 * The files of a host, read below a root folder: '/' on an endpoint, a small tree in a test. Paths are those of the host; symbolic links are followed as the
 * host would follow them, so that an absolute link never leads out of the root folder.
 */
import { constants, opendirSync, type Stats } from 'node:fs';
import { createPathResolver, type TextCodec } from './create-path-resolver.ts';
import { createProblems, type Problems } from './problems.ts';
import { isOfKernel } from './is-of-kernel.ts';
import { openRecords, readSlice, type RecordFile } from './read-slice.ts';

export interface HostFiles {
  readonly problems: Problems;
  /** Where a host's path is for this process: with the root folder before it, encoded. Links in it are not looked at. */
  readonly placeOf: (path: string) => string | Buffer;
  /** The path with all links followed; undefined when it leads nowhere, to something unreadable (noted) or in a circle. */
  readonly resolve: (path: string) => string | undefined;
  /** Facts of what the path leads to; undefined when there is nothing. */
  readonly stat: (path: string) => Stats | undefined;
  /** Facts of the path itself, which may be a link whose folder's links are followed. */
  readonly lstat: (path: string) => Stats | undefined;
  /** What a link says, as it is written; undefined for anything else. */
  readonly readLink: (path: string) => string | undefined;
  /** The names in a folder, sorted; empty when there is none. More than 20,000 names are cut, which is noted. */
  readonly list: (folder: string) => readonly string[];
  /**
   * The text of a regular file; undefined when there is none or it cannot be read (noted), such as a FIFO, or a file of the kernel to which a link leads
   * from elsewhere: reading /proc/kmsg would empty it. More than maxBytes (1 MiB) are cut, which is noted.
   */
  readonly readText: (path: string, maxBytes?: number) => string | undefined;
  /** A regular file to read records from, wherever they stand; undefined as for readText. */
  readonly openRecords: (path: string) => RecordFile | undefined;
}

const textBytes = 1 << 20;
const maxNames = 20_000;

export function createHostFiles(options: { readonly codec: TextCodec; readonly root?: string }): HostFiles {
  const { codec } = options;
  const problems = createProblems();
  const resolver = createPathResolver({ ...options, problems });
  const { placeOf, resolve, lstat, stat, readLink, attempt } = resolver;
  const withFile = <Result>(path: string, work: (place: string | Buffer) => Result): Result | undefined => {
    const target = resolve(path);
    const stats = target === undefined ? undefined : lstat(target);
    if (target === undefined || !stats || stats.isDirectory() || target === '/dev/null') return undefined;
    const refusal = refusalOf({ path, target, stats, place: placeOf(target) });
    if (refusal !== undefined) {
      problems.add(refusal);
      return undefined;
    }
    return attempt(path, () => work(placeOf(target)));
  };
  return {
    problems,
    placeOf,
    resolve,
    stat,
    lstat,
    readLink,
    list: (folder) => {
      const target = resolve(folder);
      const names = target === undefined ? [] : (attempt(folder, () => listNames(placeOf(target))) ?? []);
      if (names.length > maxNames)
        problems.add(`${folder}: more than ${maxNames} names, the others were not looked at`);
      return names.slice(0, maxNames).map(codec.decodeLatin1).sort();
    },
    readText: (path, maxBytes = textBytes) => {
      const slice = withFile(path, (place) => readSlice(place, maxBytes));
      if (slice === undefined) return undefined;
      if (slice.size > maxBytes)
        problems.add(`${path}: ${slice.size} bytes, only the first ${maxBytes} were looked at`);
      return decodeLines(slice.bytes, codec);
    },
    openRecords: (path) => withFile(path, openRecords),
  };
}

/** Why a file is not read. Whoever asks for a path below /proc or /sys means it. */
function refusalOf(file: {
  readonly path: string;
  readonly target: string;
  readonly stats: Stats;
  readonly place: string | Buffer;
}): string | undefined {
  const { path, target, stats, place } = file;
  if (!stats.isFile()) return `${path} is no regular file: it was not read`;
  const ofKernel = /^\/(proc|sys)\//;
  if (ofKernel.test(path)) return undefined;
  // Files of /proc have the size 0, wherever it is mounted.
  if (!ofKernel.test(target) && !(stats.size === 0 && isOfKernel(place))) return undefined;
  const which = path === target ? 'is a file' : `leads to ${target},`;
  return `${path} ${which} which the kernel makes: it was not read`;
}

function decodeLines(bytes: Buffer, codec: TextCodec): string {
  return bytes.toString('latin1').split('\n').map(codec.decodeLatin1).join('\n');
}

function listNames(place: string | Buffer): string[] {
  const directory = opendirSync(place, { encoding: 'latin1' as BufferEncoding });
  try {
    const names: string[] = [];
    for (let entry = directory.readSync(); entry !== null && names.length <= maxNames; entry = directory.readSync()) {
      names.push(entry.name);
    }
    return names;
  } finally {
    directory.closeSync();
  }
}

/** The permission bits as chmod takes them: "0644", "4755". */
export function formatMode({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** True when somebody else than the owner may write: everybody, or a group that is neither root's nor the owner's own. */
export function isWritableByOthers({ mode, gid, uid }: Stats): boolean {
  return (mode & constants.S_IWOTH) !== 0 || ((mode & constants.S_IWGRP) !== 0 && gid !== 0 && gid !== uid);
}
