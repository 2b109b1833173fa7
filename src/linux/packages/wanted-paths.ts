import { readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';
import { createTextSet } from './text-set.ts';
import type { RootFolder } from './root-folder.ts';

/**
 * Which of the paths in a database are of interest, and under which key. A key is the path without the links of merged folders (/lib/x is /usr/lib/x where
 * /lib is a link), one character a byte, so that a path that was asked for by one name is found under the other.
 */
export interface WantedPaths {
  /** The key of the path that stands between two places of a text; undefined when nobody asked for it. */
  readonly keyIn: (text: string, from: number, end: number) => string | undefined;
  /** False when no wanted path has the last part that stands between two places of a text: the quick way to say no. */
  readonly hasName: (text: string, from: number, end: number) => boolean;
  /** The key of a path of a database, whether wanted or not. */
  readonly resolve: (path: string) => string;
  /** The key of a path as a caller gives it. */
  readonly toKey: (path: string) => string;
  /** The same and these paths of a database too. */
  readonly including: (paths: readonly string[]) => WantedPaths;
}

/** Folders that distributions have turned into links to others. */
const mergedFolders = [
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/usr/sbin',
  '/usr/lib64',
  '/var/run',
  '/var/lock',
];

/** With `paths` these alone are wanted, without it every path is. */
export function createWantedPaths(root: RootFolder, paths?: readonly string[]): WantedPaths {
  const links = readLinks(root);
  const resolve = (path: string): string => resolveLinks(path, links);
  const toKey = (path: string): string => resolve(toBytes(path));
  if (!paths) return createEverything(resolve, toKey);
  const create = (wanted: readonly string[]): WantedPaths => {
    const keys = new Map(wanted.flatMap((key) => spellings(key, links).map((spelling) => [spelling, key] as const)));
    const names = createTextSet([...keys.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)));
    const known = createTextSet([...keys.keys()]);
    return {
      keyIn: (text, from, end) => (known.mayHave(text, from, end) ? keys.get(text.slice(from, end)) : undefined),
      hasName: names.mayHave,
      resolve,
      toKey,
      including: (more) => create([...wanted, ...more.map(resolve)]),
    };
  };
  return create(paths.map(toKey));
}

function createEverything(resolve: WantedPaths['resolve'], toKey: WantedPaths['toKey']): WantedPaths {
  const everything: WantedPaths = {
    keyIn: (text, from, end) => resolve(text.slice(from, end)),
    hasName: () => true,
    resolve,
    toKey,
    including: () => everything,
  };
  return everything;
}

type Links = readonly (readonly [from: string, to: string])[];

function readLinks(root: RootFolder): Links {
  return mergedFolders.flatMap((folder): Links => {
    try {
      const target = posix.resolve(posix.dirname(folder), readlinkSync(join(root.path, folder)));
      return [[`${folder}/`, target === '/' ? '/' : `${target}/`]];
    } catch {
      // Not a link, or not there: the folder is its own.
      return [];
    }
  });
}

/** One step a link, in their order: /sbin may be /usr/sbin, which may be /usr/bin. */
function resolveLinks(path: string, links: Links): string {
  let resolved = path;
  for (const [from, to] of links) if (resolved.startsWith(from)) resolved = to + resolved.slice(from.length);
  return resolved;
}

/** Every way to write the path that the links allow, itself included. */
function spellings(key: string, links: Links): readonly string[] {
  const found = [key];
  for (const [from, to] of links.toReversed()) {
    found.push(...found.filter((one) => one.startsWith(to)).map((one) => from + one.slice(to.length)));
  }
  return found;
}

/** One character a byte. A lone surrogate U+DC80 to U+DCFF stands for a byte that is not UTF-8, as search/walk/path-text.ts writes paths. */
function toBytes(path: string): string {
  if (/^[\x20-\x7e]*$/.test(path)) return path;
  return path.replace(/[\udc80-\udcff]|[^\udc80-\udcff]+/gu, (part) => {
    const code = part.codePointAt(0) ?? 0;
    const isByte = part.length === 1 && code >= 0xdc80 && code <= 0xdcff;
    return isByte ? String.fromCharCode(code - 0xdc00) : Buffer.from(part).toString('latin1');
  });
}
