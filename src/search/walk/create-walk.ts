import { openFileCalls } from '../../native/file-calls.ts';
import {
  createListCursor,
  type Entry,
  type EntryCursor,
  openDirectory,
  type OpenDirectory,
  type RawEntryBytes,
  type Skip,
  type Step,
} from './entry-cursor.ts';
import { createOpenNative } from './native-directory.ts';
import { joinPath } from './path-text.ts';
import type { EntryKind } from './read-directory.ts';

/** Lets the event loop turn between pieces of work, so that a stop message can be read. */
export interface Pause {
  readonly isDue: () => boolean;
  readonly rest: () => Promise<void>;
}

/** What a walk asks of the one who sent it. A scope is what holds in a directory: which searches look there, how deep they are. */
export interface Visitor<Scope> {
  /** The scope in this directory, from that of the directory above it; undefined = do not go there. */
  readonly enter: (path: string, above: Scope) => Scope | undefined;
  /** Asked first about a file or a link whose name is at hand as bytes: true where that settles that it need not be visited. */
  readonly skip?: (entry: RawEntryBytes, scope: Scope) => boolean;
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

const mostShared = 256;

/** `isNative: false` takes the way of node:fs, which is the same but slower, even where the C library could be called. */
export function createWalk<Scope>(
  visitor: Visitor<Scope>,
  pause: Pause,
  options: { readonly isNative?: boolean } = {},
): Walk<Scope> {
  let open: OpenDirectory | undefined;
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
  const openTask = ({ path, entries }: WalkTask<Scope>): EntryCursor | undefined => {
    try {
      if (entries) return createListCursor(entries);
      open ??= chooseWay(options.isNative ?? true);
      return open(path);
    } catch (error) {
      visitor.failed(path, error);
      return undefined;
    }
  };
  const moveOn = ({ task, cursor, skip }: Present<Scope>): Step => {
    try {
      return cursor.step(skip);
    } catch (error) {
      visitor.failed(task.path, error);
      return 'end';
    }
  };
  /** Visits entries until one takes a promise, which is answered; undefined at the end. */
  const visitNext = (here: Present<Scope>): Promise<void> | undefined => {
    const { path, scope } = here.task;
    const { cursor, left } = here;
    for (let step = moveOn(here); step !== 'end'; step = moveOn(here)) {
      if (visitor.isOver()) return undefined;
      if (step === 'moment') {
        if (pause.isDue()) return pause.rest();
        continue;
      }
      const kind = cursor.kind();
      const work =
        kind === 'directory' ? void left.push(cursor.name()) : visitor.visit(path, cursor.name(), kind, scope);
      if (work !== undefined) return work.then(visitor.betweenWork);
      visitor.betweenWork?.();
    }
    return undefined;
  };
  return {
    add: (added) => void tasks.push(...added.toReversed()),
    run: async () => {
      while (!visitor.isOver()) {
        const task = next();
        if (task === undefined) return;
        visitor.betweenWork?.();
        const cursor = openTask(task);
        if (cursor === undefined) continue;
        const { scope } = task;
        present = { task, cursor, left: [], skip: visitor.skip && ((entry) => visitor.skip?.(entry, scope) ?? false) };
        try {
          for (let work = visitNext(present); work !== undefined; work = visitNext(present)) await work;
        } finally {
          cursor.close();
        }
        const { left } = present;
        present = undefined;
        if (left.length > 0) levels.push({ directory: task.path, scope: task.scope, left: left.reverse() });
        if (pause.isDue()) await pause.rest();
      }
    },
    share: () => {
      const waiting = tasks.length + levels.reduce((sum, { left }) => sum + left.length, 0);
      if (waiting > 1) return shareDirectories(Math.min(waiting >> 1, mostShared));
      const entries = present?.cursor.takeHalf() ?? [];
      return present && entries.length > 0 ? [{ ...present.task, entries }] : [];
    },
  };
}

function chooseWay(isNative: boolean): OpenDirectory {
  const calls = isNative ? openFileCalls() : undefined;
  return calls ? createOpenNative(calls) : openDirectory;
}

/** The directory being read. */
interface Present<Scope> {
  readonly task: WalkTask<Scope>;
  readonly cursor: EntryCursor;
  /** The names of its sub-directories. */
  readonly left: string[];
  readonly skip: Skip | undefined;
}
