import type { Clock } from '../../src/base/clock.ts';
import { joinPath } from '../../src/search/walk/path-text.ts';
import type { IsExcluded } from './exclusions.ts';
import type { FolderEvent } from './folder-watcher.ts';
import type { Pending } from './pending.ts';
import type { WatchedFolders } from './watched-folders.ts';
import type { Wanted } from './watching.ts';

type EntryOfFolder = Extract<FolderEvent, { readonly kind: 'entry' }>;

/** What is done about an event: it only says where to look. */
export function createEventTaker(context: {
  readonly folders: WatchedFolders;
  readonly pending: Pending;
  readonly wanted: Wanted;
  readonly counts: { events: number; overflows: number };
  readonly isExcluded: IsExcluded;
  readonly isRoot: (folder: string) => boolean;
  readonly addFolder: (path: string) => void;
  readonly touch: (path: string) => void;
  readonly schedule: () => void;
  readonly tellOverflow: () => void;
  readonly log: (message: string) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): (event: FolderEvent) => void {
  const { folders, pending, wanted, counts, isExcluded, isRoot, addFolder, touch, schedule, log, clock } = context;

  const takeEntry = (event: EntryOfFolder): void => {
    const folder = folders.of(event.watch);
    // An event of a watch that was given up meanwhile: whoever gave it up looks at the folder.
    if (!folder || (folder.names && !folder.names.has(event.name))) return;
    const path = joinPath(folder.path, event.name);
    if (isExcluded(path)) return;
    if (event.isFolder && event.what === 'movedOut') folders.drop(path);
    if (event.isFolder && (event.what === 'movedIn' || event.what === 'created')) addFolder(path);
    touch(path);
    pending.handle(path, event, clock.monotonicMs());
  };
  const takeSelf = (watch: number): void => {
    const folder = folders.of(watch);
    if (!folder) return;
    wanted.rootsCheck ||= isRoot(folder.path);
    if (folder.names === undefined) touch(folder.path);
  };
  const takeEnd = ({ watch, isUnmounted }: { readonly watch: number; readonly isUnmounted: boolean }): void => {
    const ended = folders.ended(watch);
    if (!ended) return;
    if (isUnmounted) log(`${ended.path} was unmounted`);
    wanted.rootsCheck = true;
    touch(ended.path);
  };
  const takeOverflow = (): void => {
    counts.overflows++;
    wanted.comparison = true;
    context.tellOverflow();
    schedule();
  };

  return (event) => {
    if (context.signal.aborted) return;
    counts.events++;
    if (event.kind === 'entry') takeEntry(event);
    else if (event.kind === 'self') takeSelf(event.watch);
    else if (event.kind === 'ended') takeEnd(event);
    else takeOverflow();
  };
}
