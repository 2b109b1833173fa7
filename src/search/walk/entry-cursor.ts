import type { FileNumbers } from '../../native/file-calls.ts';
import { entryKind, entryName, type EntryKind, type RawEntry, readDirectory } from './read-directory.ts';

export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** Where a step led: to an entry; nowhere yet, which is the moment to look around; to the end. */
export type Step = 'entry' | 'moment' | 'end';

/** Says of a file or a link, by the bytes of its name, that it need not be visited. */
export type Skip = (entry: RawEntryBytes) => boolean;

/** The entries of one directory, one after the other in its order. */
export interface EntryCursor {
  /**
   * Moves on, passing over the files and links that `skip` is true for, where names are at hand as bytes. At the end it is closed. Throws the system's error, and
   * then it is closed as well.
   */
  readonly step: (skip: Skip | undefined) => Step;
  /** Of the present entry. */
  readonly kind: () => EntryKind;
  /** Of the present entry, as text; see path-text.ts. */
  readonly name: () => string;
  /** Takes out about half of those that were read but not yet come to, the last ones. */
  readonly takeHalf: () => readonly Entry[];
  readonly close: () => void;
}

/** An entry as the system gives it: its name within a larger piece of memory. The same object again and again, so that a million entries need no million. */
export interface RawEntryBytes {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly isLink: boolean;
  /** Asks about the entry, links followed; minus the errno where that failed. */
  readonly stat: () => FileNumbers | number;
}

/** Opens a directory, its path being text; a link in its place is refused (ENOTDIR). Throws the system's error. */
export type OpenDirectory = (path: string) => EntryCursor;

/** Entries that are known already. */
export function createListCursor(entries: readonly Entry[]): EntryCursor {
  return createBatchCursor([entries]);
}

/** The way of node:fs. */
export function openDirectory(path: string): EntryCursor {
  return createBatchCursor(readDirectory(path));
}

/** Entries between two moments to look around. */
const momentEntries = 128;

function createBatchCursor(source: Iterable<readonly (RawEntry | Entry)[]>): EntryCursor {
  const batches = source[Symbol.iterator]();
  // Last first: what is taken out is not looked at again.
  let waiting: (RawEntry | Entry)[] = [];
  let present: Entry = { name: '', kind: 'other' };
  let sinceMoment = 0;
  return {
    step: () => {
      if (++sinceMoment > momentEntries) {
        sinceMoment = 0;
        return 'moment';
      }
      while (waiting.length === 0) {
        const batch = batches.next();
        if (batch.done) return 'end';
        waiting = batch.value.toReversed();
      }
      const entry = waiting.pop();
      if (entry !== undefined) present = toEntry(entry);
      return 'entry';
    },
    kind: () => present.kind,
    name: () => present.name,
    takeHalf: () => waiting.splice(0, waiting.length >> 1).map(toEntry),
    close: () => void batches.return?.(),
  };
}

function toEntry(entry: RawEntry | Entry): Entry {
  return 'kind' in entry ? entry : { name: entryName(entry), kind: entryKind(entry) };
}
