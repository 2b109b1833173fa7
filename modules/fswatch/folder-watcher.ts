/** Notices of what happens in folders, by whichever way this host has. */
import { watch, type FSWatcher } from 'node:fs';
import { errnoOf } from '../../src/linux/errno.ts';
import { eventBits, parseInotifyEvents, type InotifyEvent } from '../../src/linux/inotify/parse-events.ts';
import { loadInotify } from '../../src/native/inotify.ts';
import { decodePath, encodePath } from '../../src/search/walk/path-text.ts';
import { getSystemErrorName } from 'node:util';

/** What happened to an entry. `changed`: something did, and the system does not say what. */
export type EntryEvent = 'created' | 'deleted' | 'movedIn' | 'movedOut' | 'written' | 'attributes' | 'changed';

export type FolderEvent =
  /** Events were lost: everything may have changed. */
  | { readonly kind: 'overflow' }
  /** The folder itself was changed, moved or deleted. */
  | { readonly kind: 'self'; readonly watch: number }
  /** The system ended this watch; its number never comes again. */
  | { readonly kind: 'ended'; readonly watch: number; readonly isUnmounted: boolean }
  | {
      readonly kind: 'entry';
      readonly watch: number;
      readonly name: string;
      readonly what: EntryEvent;
      readonly isFolder: boolean;
      /** The same in both halves of one rename; 0 otherwise. */
      readonly cookie: number;
    };

export interface FolderWatcher {
  readonly way: 'inotify' | 'node:fs';
  /** The number of the watch, or the name of the error: ENOSPC where the system allows no more. A folder that is watched already keeps its number. */
  readonly add: (folder: string) => number | string;
  readonly remove: (watch: number) => void;
  readonly close: () => void;
}

export interface FolderListener {
  readonly onEvent: (event: FolderEvent) => void;
  /** No more events will come. */
  readonly onError: (error: unknown) => void;
}

/** IN_ONLYDIR, IN_DONT_FOLLOW, IN_EXCL_UNLINK: what is still written to through an open descriptor after it was unlinked has no name any more. */
const howToWatch = 0x100_0000 | 0x200_0000 | 0x400_0000;
const { modify, attributes, closeWrite, movedFrom, movedTo, create, deleteSelf, moveSelf } = eventBits;
const wanted =
  modify | attributes | closeWrite | movedFrom | movedTo | create | eventBits.delete | deleteSelf | moveSelf;

/** inotify; undefined where this Node cannot call the C library. Throws a system error where the host allows no further instance. */
export function openInotifyWatcher({ onEvent, onError }: FolderListener): FolderWatcher | undefined {
  const open = loadInotify();
  if (!open) return undefined;
  let rest: Buffer = Buffer.alloc(0);
  const inotify = open({
    onError,
    onBytes: (bytes) => {
      const parsed = parseInotifyEvents(rest.length === 0 ? bytes : Buffer.concat([rest, bytes]));
      rest = parsed.rest;
      for (const event of parsed.events) for (const one of readEvent(event)) onEvent(one);
      if (parsed.isBroken) onEvent({ kind: 'overflow' });
    },
  });
  return {
    way: 'inotify',
    add: (folder) => {
      const watch = inotify.add(encodePath(folder), wanted | howToWatch);
      return watch < 0 ? getSystemErrorName(watch) : watch;
    },
    remove: inotify.remove,
    close: inotify.close,
  };
}

/** The order says which bit counts where the kernel sets several. */
const entryEvents: readonly (readonly [number, EntryEvent])[] = [
  [movedFrom, 'movedOut'],
  [movedTo, 'movedIn'],
  [create, 'created'],
  [eventBits.delete, 'deleted'],
  [modify | closeWrite, 'written'],
  [attributes, 'attributes'],
];

/** What an event of the kernel says. */
export function readEvent({ watch, mask, cookie, name }: InotifyEvent): readonly FolderEvent[] {
  if (mask & eventBits.overflow) return [{ kind: 'overflow' }];
  // An unmount is followed by IN_IGNORED, which ends the watch.
  if (mask & eventBits.unmount) return [{ kind: 'ended', watch, isUnmounted: true }];
  if (mask & eventBits.ignored) return [{ kind: 'ended', watch, isUnmounted: false }];
  if (name.length === 0) return [{ kind: 'self', watch }];
  const what = entryEvents.find(([bits]) => mask & bits)?.[1];
  if (what === undefined) return [];
  return [{ kind: 'entry', watch, name: decodePath(name), what, isFolder: (mask & eventBits.isFolder) !== 0, cookie }];
}

/** What Node offers everywhere: it tells that an entry changed, not how, and does not tell when it lost something. */
export function openPlainWatcher({ onEvent }: FolderListener): FolderWatcher {
  const watches = new Map<number, FSWatcher>();
  let next = 1;
  const end = (number: number): void => {
    watches.get(number)?.close();
    if (watches.delete(number)) onEvent({ kind: 'ended', watch: number, isUnmounted: false });
  };
  return {
    way: 'node:fs',
    add: (folder) => {
      const number = next++;
      try {
        const watcher = watch(encodePath(folder), { encoding: 'buffer' }, (_, entry) => {
          if (entry === null) return onEvent({ kind: 'overflow' });
          const name = decodePath(Buffer.from(entry));
          onEvent({ kind: 'entry', watch: number, name, what: 'changed', isFolder: false, cookie: 0 });
        });
        watcher.on('error', () => end(number));
        watches.set(number, watcher);
        return number;
      } catch (error) {
        return errnoOf(error) ?? 'EIO';
      }
    },
    remove: (number) => {
      watches.get(number)?.close();
      watches.delete(number);
    },
    close: () => {
      for (const watcher of watches.values()) watcher.close();
      watches.clear();
    },
  };
}
