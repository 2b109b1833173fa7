import { lstatSync, realpathSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { decodePath, encodePath } from '../search/walk/path-text.ts';
import { describeLink, describeFailure, type Problems } from './problems.ts';
import type { CompiledSearch } from './compile-search.ts';

/** Which searches have which paths. */
export interface Starts {
  /** In order, so that a directory that contains another comes first. */
  readonly directories: ReadonlyMap<string, readonly CompiledSearch[]>;
  /** Anything else, files under the path they really have. */
  readonly files: ReadonlyMap<string, readonly CompiledSearch[]>;
}

/** Where the searches begin. */
export interface Roots {
  readonly starts: Starts;
  readonly files: ReadonlyMap<string, RootFile>;
}

export interface RootFile {
  readonly stats: Stats;
  readonly searches: readonly CompiledSearch[];
}

/** Looks at the paths of all searches. What is missing, or a link to a directory (which is not followed), is told as a problem. */
export function readRoots(searches: readonly CompiledSearch[], problems: Problems): Roots {
  const directories = new Map<string, CompiledSearch[]>();
  const files = new Map<string, { stats: Stats; searches: CompiledSearch[] }>();
  for (const [path, wanting] of pathsOf(searches)) {
    const root = readRoot(path, problems);
    if (!root) continue;
    if (root.stats.isDirectory()) directories.set(path, wanting);
    else {
      const known = files.get(root.path)?.searches ?? [];
      files.set(root.path, { stats: root.stats, searches: [...new Set([...known, ...wanting])] });
    }
  }
  return { starts: { directories, files: new Map([...files].map(([path, root]) => [path, root.searches])) }, files };
}

function pathsOf(searches: readonly CompiledSearch[]): ReadonlyMap<string, CompiledSearch[]> {
  const paths = new Map<string, CompiledSearch[]>();
  for (const search of searches) {
    for (const path of search.paths) paths.set(path, [...(paths.get(path) ?? []), search]);
  }
  return new Map([...paths].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface Root {
  readonly path: string;
  readonly stats: Stats;
}

/** The directories that lie in no other of them. */
export function topDirectories(directories: Starts['directories']): readonly string[] {
  const paths = [...directories.keys()];
  return paths.filter((path) => !paths.some((above) => above !== path && isBelow(path, above)));
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(above === '/' ? above : `${above}/`);
}

function readRoot(path: string, problems: Problems): Root | undefined {
  try {
    const stats = lstatSync(encodePath(path));
    return stats.isSymbolicLink() ? readLinkRoot(path, problems) : { path, stats };
  } catch (error) {
    problems.addFailure(describeFailure('open', path, error));
    return undefined;
  }
}

function readLinkRoot(path: string, problems: Problems): Root | undefined {
  try {
    const target = decodePath(realpathSync(encodePath(path), { encoding: 'buffer' }));
    const stats = statSync(encodePath(target));
    if (!stats.isDirectory()) return { path: target, stats };
    problems.add(`warning: ${path} is a link to ${target} and was not followed: search ${target} to look there`);
  } catch (error) {
    problems.addFailure(describeLink(path, readLink(path), error));
  }
  return undefined;
}

/** Where a link points, seen from its directory: "/srv/tree/nowhere". */
export function readLink(path: string): string {
  try {
    const target = decodePath(readlinkSync(encodePath(path), { encoding: 'buffer' }));
    return target.startsWith('/') ? target : posix.join(posix.dirname(path), target);
  } catch {
    return path; // it vanished meanwhile: its own name is all there is to tell
  }
}
