/** One walk of the disk for all places: which files they are about. */
import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { posix } from 'node:path';
import type { Pace } from '../../src/base/pace.ts';
import { describeFailure, type Problems } from '../../src/files/problems.ts';
import { isGone } from '../../src/linux/errno.ts';
import { createWalk, type Visitor, type Walk } from '../../src/search/walk/create-walk.ts';
import { decodePath, encodePath, joinPath } from '../../src/search/walk/path-text.ts';
import { type Compile, tryAny } from './compile-once.ts';
import type { Place } from './place.ts';

/** A file, and the places that want it. A promise is waited for. */
export type OnFile = (path: string, places: readonly Place[]) => Promise<void> | undefined;

export interface WalkOptions {
  readonly pace: Pace;
  readonly problems: Problems;
  readonly compile: Compile;
}

/** MIG's: files directly in the path are at depth 1. */
const mostDepth = 10;

/** Looks for the files of all places. What cannot be read is a problem; a place that is not there has no files, which is none. */
export async function walkPlaces(places: readonly Place[], options: WalkOptions, onFile: OnFile): Promise<void> {
  const { problems, compile } = options;
  const starts = new Map<string, Start>();
  for (const [root, members] of Map.groupBy(places, (place) => place.root)) {
    const stats = readRoot(root, problems);
    const start = createStart(members, compile);
    if (stats?.isDirectory()) starts.set(root, start);
    else if (stats?.isFile()) await onFile(root, start.matching(posix.basename(root)));
  }
  const reached = new Set<string>();
  const walk = createPlaceWalk(starts, reached, { ...options, onFile });
  // A root comes after the one it lies in, whose walk reaches it unless it lies too deep.
  for (const root of [...starts.keys()].toSorted((one, other) => (one < other ? -1 : 1))) {
    const start = starts.get(root);
    if (reached.has(root) || start === undefined) continue;
    walk.add([{ path: root, scope: [{ start, left: mostDepth }] }]);
    reached.add(root);
    await walk.run();
  }
}

/** The places that begin at one directory. */
interface Start {
  readonly matching: (name: string) => readonly Place[];
  /** Whether a name may match some of them, by its bytes. */
  readonly mayMatch: (bytes: Uint8Array, from: number, to: number) => boolean;
}

/** What holds in a directory: where the walk came from, and how many levels are left, this one included. */
type Scope = readonly { readonly start: Start; readonly left: number }[];

function createPlaceWalk(
  starts: ReadonlyMap<string, Start>,
  reached: Set<string>,
  { pace, problems, onFile }: WalkOptions & { readonly onFile: OnFile },
): Walk<Scope> {
  const visitor: Visitor<Scope> = {
    isOver: () => pace.signal.aborted,
    failed: (path, error) => {
      if (!isGone(error)) problems.addFailure(describeFailure('open', path, error));
    },
    enter: (path, above) => {
      const below = above.filter(({ left }) => left > 1).map(({ start, left }) => ({ start, left: left - 1 }));
      const start = reached.has(path) ? undefined : starts.get(path);
      if (start) reached.add(path);
      const scope = start ? [...below, { start, left: mostDepth }] : below;
      return scope.length === 0 ? undefined : scope;
    },
    // Most files end here, before their name is made a text.
    skip: ({ bytes, from, to }, scope) => !scope.some(({ start }) => start.mayMatch(bytes, from, to)),
    visit: (directory, name, kind, scope) => {
      if (kind === 'other') return undefined;
      const wanting = scope.flatMap(({ start }) => start.matching(name));
      if (wanting.length === 0) return undefined;
      const path = joinPath(directory, name);
      return kind === 'file' || isLinkToFile(path) ? onFile(path, wanting) : undefined;
    },
  };
  return createWalk(visitor, pace);
}

/** One expression for all names first: most names match none of them. */
function createStart(places: readonly Place[], compile: Compile): Start {
  const matchers = [...Map.groupBy(places, ({ file }) => file)].map(([file, members]) => ({
    regex: compile(file),
    members,
  }));
  const any = tryAny(matchers.map(({ regex }) => regex));
  return {
    mayMatch: (bytes, from, to) => any?.testRange(bytes, from, to) ?? true,
    matching: (name) => {
      const bytes = encodePath(name);
      if (any?.test(bytes) === false) return [];
      return matchers.flatMap(({ regex, members }) => (regex.test(bytes) ? members : []));
    },
  };
}

function readRoot(root: string, problems: Problems): Stats | undefined {
  try {
    const stats = lstatSync(encodePath(root));
    if (!stats.isSymbolicLink()) return stats;
    const target = statSync(encodePath(root));
    if (!target.isDirectory()) return target;
    const real = decodePath(realpathSync(encodePath(root), { encoding: 'buffer' }));
    problems.add(`${root} is a link to ${real} and was not followed: name ${real} to look there`);
  } catch (error) {
    if (!isGone(error)) problems.addFailure(describeFailure('open', root, error));
  }
  return undefined;
}

function isLinkToFile(path: string): boolean {
  try {
    return statSync(encodePath(path)).isFile();
  } catch {
    return false; // a link that leads nowhere is no file
  }
}
