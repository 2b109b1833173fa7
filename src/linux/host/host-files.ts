/**
 * The files of a host, read below a root folder: '/' on an endpoint, a small tree in a test. Paths are those of the host; symbolic links are followed as the
 * host would follow them, so that an absolute link never leads out of the root folder.
 */
import { constants, lstatSync, opendirSync, readlinkSync, type Stats } from 'node:fs';
import { isGone } from '../errno.ts';
import { createProblems, type Problems } from './problems.ts';
import { openRecords, readSlice } from './read-slice.ts';

/** How names and contents become text and back, bytes that are not UTF-8 included. */
export interface TextCodec {
  /** The text of bytes that are spelled one character each. */
  readonly decodeLatin1: (latin1: string) => string;
  /** What to give to the file system for this text. */
  readonly encode: (text: string) => string | Buffer;
}

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
  /** The text of a regular file; undefined when there is none or it cannot be read (noted). More than maxBytes (1 MiB) are cut, which is noted. */
  readonly readText: (path: string, maxBytes?: number) => string | undefined;
  /** A regular file to read records from, wherever they stand; undefined as for readText. */
  readonly openRecords: (path: string) => RecordFile | undefined;
  /** Bytes of a regular file, from its beginning or the last ones; undefined as for readText. */
  readonly readBytes: (
    path: string,
    slice: { readonly maxBytes: number; readonly from?: 'start' | 'end' },
  ) => FileSlice | undefined;
}

export interface FileSlice {
  readonly bytes: Buffer;
  /** How large the whole file is. */
  readonly size: number;
}

export interface RecordFile extends Disposable {
  readonly size: number;
  /** The bytes at a place; fewer than asked for at the end of the file. */
  readonly read: (at: number, length: number) => Buffer;
}

const textBytes = 1 << 20;
const maxNames = 20_000;
const maxLinks = 40;
const maxPathCharacters = 4096;

export function createHostFiles(options: { readonly codec: TextCodec; readonly root?: string }): HostFiles {
  const { codec } = options;
  const root = options.root === undefined || options.root === '/' ? '' : options.root;
  const problems = createProblems();
  const placeOf = (path: string): string | Buffer => codec.encode(root + path);

  /** Undefined for what is not there; anything else that hinders is noted. */
  const attempt = <Result>(path: string, work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      if (!isGone(error)) problems.addUnreadable(path, error);
      return undefined;
    }
  };
  const lstatPlain = (path: string): Stats | undefined => attempt(path, () => lstatSync(placeOf(path)));
  const linkText = (path: string): string | undefined =>
    attempt(path, () => codec.decodeLatin1(readlinkSync(placeOf(path), 'latin1')));

  /** By a path whose folder has no links: what it says if it is a link, '' if it is anything else, undefined if there is nothing. */
  const looked = new Map<string, string | undefined>();
  const look = (path: string): string | undefined => {
    if (looked.has(path)) return looked.get(path);
    const stats = lstatPlain(path);
    const answer = stats?.isSymbolicLink() ? linkText(path) : stats && '';
    looked.set(path, answer);
    return answer;
  };
  const resolve = (path: string): string | undefined => {
    if (!isPath(path)) return undefined;
    const pending = partsOf(path);
    let here = '/';
    for (let links = 0; pending.length > 0;) {
      const part = pending.pop() ?? '';
      if (part === '..') here = splitPath(here)[0];
      else {
        const next = join(here, part);
        const link = look(next);
        if (link === undefined) return undefined;
        if (link === '') here = next;
        else {
          if (++links > maxLinks || !isPath(link)) return undefined;
          if (link.startsWith('/')) here = '/';
          pending.push(...partsOf(link));
        }
      }
    }
    return here;
  };
  const besideLinks = (path: string): string | undefined => {
    const [folder, name] = splitPath(path);
    const inFolder = isPath(path) ? resolve(folder) : undefined;
    return inFolder === undefined ? undefined : join(inFolder, name);
  };
  const stat = (path: string): Stats | undefined => {
    const target = resolve(path);
    return target === undefined ? undefined : lstatPlain(target);
  };

  const withFile = <Result>(path: string, work: (place: string | Buffer) => Result): Result | undefined => {
    const target = resolve(path);
    if (target === undefined || !lstatPlain(target)?.isFile()) return undefined;
    return attempt(path, () => work(placeOf(target)));
  };
  const readBytes: HostFiles['readBytes'] = (path, { maxBytes, from = 'start' }) =>
    withFile(path, (place) => readSlice(place, { maxBytes, from }));

  return {
    problems,
    placeOf,
    resolve,
    stat,
    lstat: (path) => {
      const place = besideLinks(path);
      return place === undefined ? undefined : lstatPlain(place);
    },
    readLink: (path) => {
      const place = besideLinks(path);
      return place !== undefined && lstatPlain(place)?.isSymbolicLink() ? linkText(place) : undefined;
    },
    list: (folder) => {
      const target = resolve(folder);
      if (target === undefined) return [];
      const names = attempt(folder, () => listNames(placeOf(target))) ?? [];
      if (names.length > maxNames)
        problems.add(`${folder}: more than ${maxNames} names, the others were not looked at`);
      return names.slice(0, maxNames).map(codec.decodeLatin1).sort();
    },
    readText: (path, maxBytes = textBytes) => {
      const slice = readBytes(path, { maxBytes });
      if (slice === undefined) return undefined;
      if (slice.size > maxBytes)
        problems.add(`${path}: ${slice.size} bytes, only the first ${maxBytes} were looked at`);
      return decodeLines(slice.bytes, codec);
    },
    readBytes,
    openRecords: (path) => withFile(path, openRecords),
  };
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

function isPath(text: string): boolean {
  return text.length <= maxPathCharacters && !text.includes('\0');
}

/** The parts of a path that lead somewhere, the last one first. */
function partsOf(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .reverse();
}

function splitPath(path: string): readonly [folder: string, name: string] {
  const at = path.lastIndexOf('/');
  return [at <= 0 ? '/' : path.slice(0, at), path.slice(at + 1)];
}

function join(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/** The permission bits as chmod takes them: "0644", "4755". */
export function formatMode({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** True when somebody else than the owner may write: everybody, or a group that is neither root's nor the owner's own. */
export function isWritableByOthers({ mode, gid, uid }: Stats): boolean {
  return (mode & constants.S_IWOTH) !== 0 || ((mode & constants.S_IWGRP) !== 0 && gid !== 0 && gid !== uid);
}
