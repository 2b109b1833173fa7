import type { Change } from './change.ts';
import type { Config } from './config.ts';
import { describeLimit, describeUnwatched } from './describe-watching.ts';
import type { Problems } from './problems.ts';
import type { WatchedFolders } from './watched-folders.ts';

/** Tells what is not watched: once when it begins, and again when it has ended and begun anew. */
export function createTroubles(context: {
  readonly folders: WatchedFolders;
  readonly problems: Problems;
  readonly config: Config;
  readonly hasWatcher: boolean;
  readonly tell: (change: Change) => void;
  readonly log: (message: string) => void;
}): () => void {
  const { folders, problems, config, hasWatcher, tell, log } = context;
  let isUnwatchedTold = false;
  let isLimitTold = false;
  return () => {
    const unwatched = folders.unwatched();
    // Without any watcher it was said at the start.
    if (unwatched.length > 0 && !isUnwatchedTold && hasWatcher) {
      tell(describeUnwatched(unwatched, folders.size(), config.pollSeconds));
    }
    if (unwatched.length === 0 && isUnwatchedTold) log('all folders are watched again');
    isUnwatchedTold = unwatched.length > 0;
    const limitAt = problems.limitAt();
    if (limitAt !== undefined && !isLimitTold) tell(describeLimit(limitAt, config.maxObjects));
    isLimitTold = limitAt !== undefined;
  };
}
