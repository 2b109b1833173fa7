import { constants, statSync } from 'node:fs';
import { posix } from 'node:path';
import type { FileNumbers } from '../native/file-calls.ts';
import type { StopSign } from '../search/read/content-reader.ts';
import { createWalk, type Pause, type Visitor, type Walk } from '../search/walk/create-walk.ts';
import type { RawEntryBytes } from '../search/walk/entry-cursor.ts';
import { encodePath, joinPath } from '../search/walk/path-text.ts';
import { createCandidate } from './candidate.ts';
import type { CompiledSearch } from './compile-search.ts';
import { createContentEvaluator } from './evaluate-content.ts';
import { evaluateMetadata } from './evaluate.ts';
import type { Hits } from './hits.ts';
import { describeFailure, describeLink, type Problems } from './problems.ts';
import { readLink, type RootFile, type Starts } from './roots.ts';
import type { Scope } from './scope.ts';

/** What a thread works with. All of it belongs to the thread, but for the counters behind `hits`. */
export interface ThreadOptions {
  readonly searches: readonly CompiledSearch[];
  readonly starts: Starts;
  readonly hits: Hits;
  readonly problems: Problems;
  readonly pause: Pause & StopSign;
  readonly trace: (message: string, path: string) => void;
  /** The moment to share work. */
  readonly betweenWork: (walk: Walk<Scope>) => void;
}

/** The search as one thread does it: a walk, and the files that it or a path leads to. */
export interface SearchThread {
  readonly walk: Walk<Scope>;
  readonly evaluateRoot: (path: string, root: RootFile) => Promise<void>;
  /** Directories that are a path of some search and that the walk came to from above. */
  readonly walked: ReadonlySet<string>;
  readonly fileCount: () => number;
  readonly isOver: () => boolean;
}

/** A file before anything is known about it but its path. */
interface Found {
  readonly path: string;
  readonly isRegular: boolean;
  /** Where they were asked for already. */
  readonly stats?: FileNumbers | undefined;
}

export function createSearchThread(options: ThreadOptions): SearchThread {
  const { starts, hits, problems, pause, trace } = options;
  const evaluateContent = createContentEvaluator(options.searches, hits, pause, () => options.betweenWork(walk));
  const walked = new Set<string>();
  const isOver = (): boolean => pause.signal.aborted || hits.areAllFull();
  let fileCount = 0;

  const evaluate = (
    { path, isRegular, stats }: Found,
    searches: readonly CompiledSearch[],
  ): Promise<void> | undefined => {
    const candidate = createCandidate({ path, name: posix.basename(path), isRegular, stats, problems });
    const reading = evaluateMetadata(candidate, searches, hits);
    if (reading.length === 0) return undefined;
    trace('reading', path);
    return evaluateContent(candidate, reading);
  };

  /** A link that nobody wants counts if it leads to a file, and is visited if it leads nowhere: that is told, as MIG does. */
  const passOverLink = (target: FileNumbers | number): boolean => {
    if (typeof target === 'number') return false;
    if ((target.mode & constants.S_IFMT) === constants.S_IFREG) fileCount++;
    return true;
  };

  /** What `skip` learnt about the file that is visited next. */
  let known: FileNumbers | undefined;
  const visitor: Visitor<Scope> = {
    isOver,
    betweenWork: () => options.betweenWork(walk),
    failed: (path, error) => problems.addFailure(describeFailure('open', path, error)),
    enter: (path, above) => {
      const starting = starts.directories.get(path) ?? [];
      if (starting.length > 0) walked.add(path);
      const scope = above.below(starting);
      if (scope === undefined || scope.searches.every(hits.isFull)) return undefined;
      trace('entering', path);
      return scope;
    },
    // Most files of most searches end here: nothing but the bytes of the name, and what stat tells, was looked at.
    skip: (entry, { searches }) => {
      known = undefined;
      if (starts.files.size > 0) return false;
      for (const search of searches) {
        if (!search.matchAll) return false;
        if (!passesNames(search, entry)) continue;
        if (search.facts.length === 0) return false;
        const answer: FileNumbers | number = known ?? entry.stat();
        // What went wrong is told where the file is visited.
        if (typeof answer === 'number') return false;
        known = answer;
        if (search.facts.every((check) => check.passes(answer))) return false;
      }
      if (entry.isLink) return passOverLink(known ?? entry.stat());
      fileCount++;
      return true;
    },
    visit: (directory, name, kind, scope) => {
      if (kind === 'other') return undefined;
      if (kind === 'file' && starts.files.size === 0 && !couldMatchByName(scope, name)) {
        fileCount++;
        return undefined;
      }
      const path = joinPath(directory, name);
      const found = kind === 'link' ? followLink(path, problems) : { path, isRegular: true, stats: known };
      known = undefined;
      if (found === undefined) return undefined;
      const before = starts.files.get(path);
      if (before === undefined) fileCount++;
      return evaluate(found, before ? scope.searches.filter((search) => !before.includes(search)) : scope.searches);
    },
  };
  const walk = createWalk(visitor, pause);
  return {
    walk,
    walked,
    isOver,
    fileCount: () => fileCount,
    evaluateRoot: async (path, { stats, searches }) => {
      fileCount++;
      await evaluate({ path, isRegular: stats.isFile(), stats }, searches);
    },
  };
}

function passesNames({ names }: CompiledSearch, { bytes, from, to }: RawEntryBytes): boolean {
  for (const check of names) if (!check.passesBytes(bytes, from, to)) return false;
  return true;
}

/** False where the name alone rules a file out for every search. */
function couldMatchByName({ searches }: Scope, name: string): boolean {
  const place = encodePath(name);
  for (const search of searches) {
    if (!search.matchAll || search.names.every((check) => check.passes(place))) return true;
  }
  return false;
}

/** A link to a regular file; one to anything else is passed by, one that leads nowhere is told. */
function followLink(path: string, problems: Problems): Found | undefined {
  try {
    const stats = statSync(encodePath(path));
    return stats.isFile() ? { path, isRegular: true, stats } : undefined;
  } catch (error) {
    problems.addFailure(describeLink(path, readLink(path), error));
    return undefined;
  }
}
