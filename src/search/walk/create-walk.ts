import { joinPath } from './path-text.ts';
import { entryKind, entryName, type EntryKind, type RawEntry, readDirectory } from './read-directory.ts';

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
  readonly visit: (
    directory: string,
    name: string,
    kind: Exclude<EntryKind, 'directory'>,
    scope: Scope,
  ) => Promise<void> | undefined;
  /** A directory that could not be read, or not to its end. */
  readonly failed: (path: string, error: unknown) => void;
  /** True once nothing more is wanted. */
  readonly isOver: () => boolean;
  /** Before each directory is read, and after each entry that took a promise: the moment to share work. */
  readonly betweenWork?: () => void;
}

/** A directory to walk, with the scope that holds in it. */
export interface WalkTask<Scope> {
  readonly path: string;
  readonly scope: Scope;
  /** Set where only these entries of it are meant. */
  readonly entries?: readonly Entry[] | undefined;
}

export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
}

/**
 * Walks trees of directories depth first, the entries of a directory (in its order) before its sub-directories, never following a link.
 * What waits is kept as names by directory: a million sub-directories fit.
 */
export interface Walk<Scope> {
  readonly add: (tasks: readonly WalkTask<Scope>[]) => void;
  /** Walks until nothing waits any more or the visitor says that it is over. */
  readonly run: () => Promise<void>;
  /**
   * Takes out about half of what waits, for somebody else to walk: the shallowest directories, or entries of the present one where none waits. `enter`
   * was asked for each.
   */
  readonly share: () => readonly WalkTask<Scope>[];
}

interface Level<Scope> {
  readonly directory: string;
  readonly scope: Scope;
  /** The directories below it that were not yet walked, last first. */
  left: string[];
}

const entriesBetweenLooks = 128;
const mostShared = 256;

export function createWalk<Scope>(visitor: Visitor<Scope>, pause: Pause): Walk<Scope> {
  const tasks: WalkTask<Scope>[] = [];
  const levels: Level<Scope>[] = [];
  let present: Present<Scope> | undefined;
  const enter = (level: Level<Scope>, name: string): WalkTask<Scope> | undefined => {
    const path = joinPath(level.directory, name);
    const scope = visitor.enter(path, level.scope);
    return scope === undefined ? undefined : { path, scope };
  };
  const next = (): WalkTask<Scope> | undefined => {
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const name = level.left.pop();
      if (name === undefined) levels.pop();
      else {
        const task = enter(level, name);
        if (task) return task;
      }
    }
    return tasks.pop();
  };
  const shareDirectories = (count: number): WalkTask<Scope>[] => {
    const shared = tasks.splice(0, count);
    for (const level of levels) {
      const names = level.left.splice(0, count - shared.length);
      shared.push(...names.map((name) => enter(level, name)).filter((task) => task !== undefined));
      if (shared.length >= count) break;
    }
    return shared;
  };
  return {
    add: (added) => void tasks.push(...added.toReversed()),
    run: async () => {
      while (!visitor.isOver()) {
        const task = next();
        if (task === undefined) return;
        visitor.betweenWork?.();
        present = { task, waiting: [] };
        const left = await walkDirectory(present, visitor, pause);
        present = undefined;
        if (left.length > 0) levels.push({ directory: task.path, scope: task.scope, left });
      }
    },
    share: () => {
      const waiting = tasks.length + levels.reduce((sum, { left }) => sum + left.length, 0);
      if (waiting > 1) return shareDirectories(Math.min(waiting >> 1, mostShared));
      const entries = present?.waiting.splice(0, present.waiting.length >> 1) ?? [];
      return present && entries.length > 0 ? [{ ...present.task, entries: entries.map(toEntry) }] : [];
    },
  };
}

/** The directory being read. */
interface Present<Scope> {
  readonly task: WalkTask<Scope>;
  /** Entries of it that were read but not yet visited, last first. */
  waiting: (RawEntry | Entry)[];
}

/** Visits the entries of one directory; the names of its sub-directories, last first. */
async function walkDirectory<Scope>(present: Present<Scope>, visitor: Visitor<Scope>, pause: Pause): Promise<string[]> {
  const { path, scope, entries } = present.task;
  const left: string[] = [];
  let seen = 0;
  for (const batch of entries ? [entries] : readUntilError(path, visitor.failed)) {
    present.waiting = batch.toReversed();
    for (let entry = present.waiting.pop(); entry !== undefined; entry = present.waiting.pop()) {
      const { name, kind } = toEntry(entry);
      if (kind === 'directory') left.push(name);
      else {
        const work = visitor.visit(path, name, kind, scope);
        if (work !== undefined) {
          await work;
          visitor.betweenWork?.();
        }
      }
      if (++seen % entriesBetweenLooks === 0 && pause.isDue()) await pause.rest();
      if (visitor.isOver()) return left;
    }
  }
  if (pause.isDue()) await pause.rest();
  return left.reverse();
}

function toEntry(entry: RawEntry | Entry): Entry {
  return 'kind' in entry ? entry : { name: entryName(entry), kind: entryKind(entry) };
}

function* readUntilError(path: string, failed: (path: string, error: unknown) => void): Generator<readonly RawEntry[]> {
  try {
    yield* readDirectory(path);
  } catch (error) {
    failed(path, error);
  }
}
