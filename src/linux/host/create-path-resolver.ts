import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { isGone } from '../errno.ts';
import type { Problems } from './problems.ts';

/** How names and contents become text and back, bytes that are not UTF-8 included. */
export interface TextCodec {
  /** The text of bytes that are spelled one character each. */
  readonly decodeLatin1: (latin1: string) => string;
  /** What to give to the file system for this text. */
  readonly encode: (text: string) => string | Buffer;
}

/** Paths of a host below its root folder. */
export interface PathResolver {
  /** Where a host's path is for this process: with the root folder before it, encoded. Links in it are not looked at. */
  readonly placeOf: (path: string) => string | Buffer;
  /** The path with all links followed; undefined when it leads nowhere, to something unreadable (noted) or in a circle. */
  readonly resolve: (path: string) => string | undefined;
  readonly stat: (path: string) => Stats | undefined;
  readonly lstat: (path: string) => Stats | undefined;
  readonly readLink: (path: string) => string | undefined;
  /** What the work gives; undefined for what is not there; anything else that hinders is noted. */
  readonly attempt: <Result>(path: string, work: () => Result) => Result | undefined;
}

const maxLinks = 40;
const maxPathCharacters = 4096;
const maxLooked = 50_000;

export function createPathResolver(options: {
  readonly codec: TextCodec;
  readonly root?: string;
  readonly problems: Problems;
}): PathResolver {
  const { codec, problems } = options;
  const root = options.root === undefined || options.root === '/' ? '' : options.root;
  const placeOf = (path: string): string | Buffer => codec.encode(root + path);
  const attempt: PathResolver['attempt'] = (path, work) => {
    try {
      return work();
    } catch (error) {
      if (!isGone(error)) problems.addUnreadable(path, error);
      return undefined;
    }
  };
  // What may not be looked at lies in a folder that may not be searched: that folder is told, not each of its files.
  const lstatPlain = (path: string): Stats | undefined => attempt(splitPath(path)[0], () => lstatSync(placeOf(path)));
  const linkText = (path: string): string | undefined =>
    attempt(path, () => codec.decodeLatin1(readlinkSync(placeOf(path), 'latin1')));
  const resolve = createResolve((path) => {
    const stats = lstatPlain(path);
    return stats?.isSymbolicLink() ? linkText(path) : stats && '';
  }, problems.denied);
  /** The path with the links of its folder followed, not its own. */
  const besideLinks = (path: string): string | undefined => {
    const [folder, name] = splitPath(path);
    const inFolder = isPath(path) ? resolve(folder) : undefined;
    return inFolder === undefined ? undefined : join(inFolder, name);
  };
  const lstat = (path: string | undefined): Stats | undefined => (path === undefined ? undefined : lstatPlain(path));
  return {
    placeOf,
    attempt,
    resolve,
    stat: (path) => lstat(resolve(path)),
    lstat: (path) => lstat(besideLinks(path)),
    readLink: (path) => {
      const place = besideLinks(path);
      return place !== undefined && lstatPlain(place)?.isSymbolicLink() ? linkText(place) : undefined;
    },
  };
}

/**
 * `look` says of a path whose folder has no links what it says as a link, '' if it is none, undefined if there is nothing. It is asked once a path, but
 * again where it was denied, so that `denied` counts each time.
 */
function createResolve(look: (path: string) => string | undefined, denied: () => number): PathResolver['resolve'] {
  const looked = new Map<string, string | undefined>();
  const lookOnce = (path: string): string | undefined => {
    if (looked.has(path)) return looked.get(path);
    // Thousands of homes have a million paths.
    if (looked.size >= maxLooked) looked.clear();
    const deniedBefore = denied();
    const answer = look(path);
    if (denied() === deniedBefore) looked.set(path, answer);
    return answer;
  };
  return (path) => {
    if (!isPath(path)) return undefined;
    const pending = partsOf(path);
    let here = '/';
    for (let links = 0; pending.length > 0;) {
      const part = pending.pop() ?? '';
      const next = part === '..' ? splitPath(here)[0] : join(here, part);
      const link = part === '..' ? '' : lookOnce(next);
      if (link === undefined) return undefined;
      if (link === '') here = next;
      else {
        if (++links > maxLinks || !isPath(link)) return undefined;
        if (link.startsWith('/')) here = '/';
        pending.push(...partsOf(link));
      }
    }
    return here;
  };
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
