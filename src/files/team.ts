import { messageOf } from '../base/app-error.ts';
import type { Walk, WalkTask } from '../search/walk/create-walk.ts';
import type { CompiledSearch } from './compile-search.ts';
import { type Helper, type HelperOptions, startHelper } from './helper.ts';
import { decodeHit, encodeStarts, type FromHelper } from './helper-protocol.ts';
import type { Hit } from './hits.ts';
import type { Problems } from './problems.ts';
import { type Starts, topDirectories } from './roots.ts';
import { createScope, type Scope } from './scope.ts';
import type { SearchThread } from './search-thread.ts';

/** The thread of a run and the helper that joins it when the search takes long. */
export interface Team {
  /** Walks all directories of the starts, each once. */
  readonly walk: (thread: SearchThread) => Promise<void>;
  /** To be called by the thread again and again: gives the helper work, or starts it. */
  readonly betweenWork: (walk: Walk<Scope>) => void;
  /** While the helper starts, the event loop must turn. */
  readonly isStarting: () => boolean;
  /** Files that the helper looked at. */
  readonly fileCount: () => number;
}

export interface TeamOptions {
  readonly data: Omit<HelperOptions['data'], 'starts'>;
  readonly searches: readonly CompiledSearch[];
  readonly starts: Starts;
  readonly signal: AbortSignal;
  readonly isHelpDue: () => boolean;
  readonly onHit: (hit: Hit) => void;
  readonly onTrace: (message: string, path: string) => void;
  readonly problems: Problems;
}

export function createTeam(options: TeamOptions): Team {
  const { searches, starts, problems } = options;
  const helperWalked = new Set<string>();
  let fileCount = 0;
  let starting: Promise<void> | undefined;
  let helper: Helper | undefined;
  let isStarting = false;

  const onReport = (report: FromHelper): void => {
    for (const hit of report.hits) options.onHit(decodeHit(hit, searches));
    for (const [message, path] of report.traces) options.onTrace(message, path);
    for (const path of report.walked) helperWalked.add(path);
    if (report.problems) problems.merge(report.problems);
    fileCount = report.files;
  };
  const start = async (): Promise<void> => {
    isStarting = true;
    try {
      helper = await startHelper({
        data: { ...options.data, starts: encodeStarts(starts) },
        searches,
        signal: options.signal,
        onReport,
        onFailure: (reason) =>
          problems.addNote(`a thread of the search ended, what it had to do is missing: ${reason}`),
      });
    } catch (error) {
      problems.addNote(`warning: no second thread, the search takes longer: ${messageOf(error)}`);
    }
    isStarting = false;
  };
  /** Walks these and what comes back from the helper until neither has anything left. */
  const walkAll = async (thread: SearchThread, tasks: readonly WalkTask<Scope>[]): Promise<void> => {
    let more: readonly WalkTask<Scope>[] | undefined = tasks;
    while (more !== undefined) {
      thread.walk.add(more);
      await thread.walk.run();
      if (thread.isOver()) return;
      await starting;
      more = await helper?.next();
    }
  };
  return {
    fileCount: () => fileCount,
    isStarting: () => isStarting,
    betweenWork: (walk) => {
      if (helper) helper.shareWith(walk);
      else if (starting === undefined && options.isHelpDue()) starting = start();
    },
    walk: async (thread) => {
      const taskOf = (path: string): WalkTask<Scope> => ({
        path,
        scope: createScope(starts.directories.get(path) ?? []),
      });
      const top = topDirectories(starts.directories);
      await walkAll(thread, top.map(taskOf));
      // A directory inside another that no walk came to: it lay too deep for those searches.
      for (const path of starts.directories.keys()) {
        if (top.includes(path) || thread.walked.has(path) || helperWalked.has(path) || thread.isOver()) continue;
        await walkAll(thread, [taskOf(path)]);
      }
      await starting;
      await helper?.finish();
    },
  };
}
