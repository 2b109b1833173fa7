import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Diversion } from './parse-diversions.ts';
import { problemAt, readWhole, type RootFolder } from './root-folder.ts';
import type { WantedPaths } from './wanted-paths.ts';

/** A package's claim to have installed a path. */
export interface Claim {
  /** The package as dpkg names its files: "libc6:amd64", "bash". */
  readonly list: string;
  /** Where its checksums are. */
  readonly sumsFile: string;
  /** As the package writes the path. */
  readonly path: string;
}

/** The claims to the wanted paths by key. */
export interface Claims {
  /** The package that has a path, diversions respected. */
  readonly find: (key: string) => Claim | undefined;
}

const maxListBytes = 64 * 1024 * 1024;
const maxLists = 100_000;
/** A checksum and two blanks stand before the path. */
const sumWidth = 34;
const maxPaths = 4_000_000;

/** Reads which package has which path: the lines of info/*.list, and in distroless images the checksums in status.d, which are all there is. */
export function readClaims(
  root: RootFolder,
  wanted: WantedPaths,
  diversions: readonly Diversion[],
  problems: string[],
): Claims {
  const contested = new Map(diversions.map(({ from }) => [wanted.resolve(from), new Array<Claim>()]));
  const looked = wanted.including(diversions.map(({ from }) => from));
  const claims = new Map<string, Claim>();
  const add: Add = (text, from, end, list) => {
    const key = looked.keyIn(text, from, end);
    if (key === undefined || claims.size > maxPaths) return;
    const claim = { ...list, path: text.slice(from, end) };
    if (!claims.has(key)) claims.set(key, claim);
    contested.get(key)?.push(claim);
  };
  readLists(root, add, problems);
  if (claims.size > maxPaths) problems.push(`dpkg: more than ${maxPaths} paths, the rest is not looked at`);
  const byFrom = new Map(diversions.map((one) => [wanted.resolve(one.from), one]));
  const byTo = new Map(diversions.map((one) => [wanted.resolve(one.to), one]));
  return {
    find: (key) => {
      const away = byFrom.get(key);
      // Only the package that diverts has its own file there.
      if (away) return contested.get(key)?.find((claim) => packageOf(claim) === away.package);
      const here = byTo.get(key);
      const others = here ? contested.get(wanted.resolve(here.from)) : undefined;
      return others?.find((claim) => packageOf(claim) !== here?.package) ?? claims.get(key);
    },
  };
}

function packageOf({ list }: Claim): string {
  return list.split(':', 1)[0] ?? '';
}

type Add = (text: string, from: number, end: number, list: Omit<Claim, 'path'>) => void;

function readLists(root: RootFolder, add: Add, problems: string[]): void {
  const unread = createUnread();
  for (const file of filesIn(root, '/var/lib/dpkg/info', '.list', problems)) {
    const list = { list: basename(file, '.list'), sumsFile: file.replace(/list$/, 'md5sums') };
    const text = unread.read(file);
    for (let from = 0; from < text.length;) {
      const end = endOfLine(text, from);
      add(text, from, end, list);
      from = end + 1;
    }
  }
  for (const file of filesIn(root, '/var/lib/dpkg/status.d', '.md5sums', problems)) {
    const list = { list: basename(file, '.md5sums'), sumsFile: file };
    for (const line of unread.read(file).split('\n')) {
      const path = `/${line.slice(sumWidth)}`;
      add(path, 0, path.length, list);
    }
  }
  problems.push(...unread.problems());
}

/** Reads lists; those that cannot be read are one problem, however many they are. */
function createUnread(): { readonly read: (file: string) => string; readonly problems: () => readonly string[] } {
  let first = '';
  let count = 0;
  return {
    read: (file) => {
      try {
        return readWhole(file, { maxBytes: maxListBytes })?.toString('latin1') ?? '';
      } catch (error) {
        if (count++ === 0) first = problemAt(file, error);
        return '';
      }
    },
    problems: () =>
      count > 1 ? [`${first}; lists of files that could not be read: ${count}`] : count === 1 ? [first] : [],
  };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function filesIn(root: RootFolder, folder: string, suffix: string, problems: string[]): readonly string[] {
  try {
    const place = root.find(folder);
    if (place === undefined) return [];
    const names = readdirSync(place).filter((name) => name.endsWith(suffix));
    if (names.length > maxLists) problems.push(`${place}: ${names.length} lists, the first ${maxLists} are read`);
    return names.slice(0, maxLists).map((name) => join(place, name));
  } catch (error) {
    problems.push(problemAt(join(root.path, folder), error));
    return [];
  }
}
