import { joinPath } from './path-text.ts';
import { type Entry, readDirectory } from './read-directory.ts';

/** Lets the event loop turn between pieces of work, so that a stop message can be read. */
export interface Pause {
  readonly isDue: () => boolean;
  readonly rest: () => Promise<void>;
}

/** What a walk asks of the one who sent it. A scope is what holds in a directory: which searches look there, how deep they are. */
export interface Visitor<Scope> {
  /** The scope in this directory, from that of the directory above it; undefined = do not go there. */
  readonly enter: (path: string, above: Scope) => Scope | undefined;
  /** Any entry that is not a directory; a link is not followed. A promise is awaited. */
  readonly visit: (directory: string, entry: Entry, scope: Scope) => Promise<void> | undefined;
  /** A directory that could not be read, or not to its end. */
  readonly failed: (path: string, error: unknown) => void;
  /** True once nothing more is wanted. */
  readonly isOver: () => boolean;
}

interface Level<Scope> {
  readonly directory: string;
  readonly scope: Scope;
  /** The directories below it that were not yet walked, last first. */
  readonly left: string[];
}

const entriesBetweenLooks = 128;

/**
 * Walks a tree of directories depth first, the entries of a directory (in its order) before its sub-directories, never following a link.
 * What waits is kept as names by directory: a million sub-directories fit.
 */
export async function walkTree<Scope>(
  root: string,
  scope: Scope,
  visitor: Visitor<Scope>,
  pause: Pause,
): Promise<void> {
  const levels: Level<Scope>[] = [];
  await walkDirectory(root, scope, { levels, visitor, pause });
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    if (visitor.isOver()) return;
    const name = level.left.pop();
    if (name === undefined) {
      levels.pop();
      continue;
    }
    const path = joinPath(level.directory, name);
    const below = visitor.enter(path, level.scope);
    if (below !== undefined) await walkDirectory(path, below, { levels, visitor, pause });
  }
}

interface Walk<Scope> {
  readonly levels: Level<Scope>[];
  readonly visitor: Visitor<Scope>;
  readonly pause: Pause;
}

async function walkDirectory<Scope>(path: string, scope: Scope, walk: Walk<Scope>): Promise<void> {
  const { levels, visitor, pause } = walk;
  const left: string[] = [];
  let seen = 0;
  for (const batch of readUntilError(path, visitor.failed)) {
    for (const entry of batch) {
      if (entry.kind === 'directory') left.push(entry.name);
      else {
        const work = visitor.visit(path, entry, scope);
        if (work !== undefined) await work;
      }
      if (++seen % entriesBetweenLooks === 0 && pause.isDue()) await pause.rest();
      if (visitor.isOver()) return;
    }
  }
  if (pause.isDue()) await pause.rest();
  if (left.length > 0) levels.push({ directory: path, scope, left: left.reverse() });
}

function* readUntilError(path: string, failed: (path: string, error: unknown) => void): Generator<readonly Entry[]> {
  try {
    yield* readDirectory(path);
  } catch (error) {
    failed(path, error);
  }
}
